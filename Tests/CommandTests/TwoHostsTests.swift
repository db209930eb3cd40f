import Foundation
import Testing

/// The real program over two hosts, network namespaces that `Hosts/two-hosts` makes and joins: they train what one process
/// would, to the bit, also after the link between them was cut or a rank was killed.
@Suite(
  .serialized,
  .disabled(if: TwoHosts.obstacle != nil, "no two hosts here: \(TwoHosts.obstacle ?? "")"))
struct TwoHostsTests {
  /// So long that the hosts are cut off from each other amid it.
  private static let settings =
    ["--seed", "3", "--threads", "1", "--save-every", "7"] + ResumeTests.small

  private func train(_ folder: String, _ more: String...) -> [String] {
    ResumeTests.train(folder, epochs: 40) + Self.settings + more
  }

  private func expectSame(_ folder: String, as straight: String) throws {
    let (expected, found) = (try ResumeTests.files(straight), try ResumeTests.files(folder))
    #expect(expected.count == 4 && found.keys == expected.keys)
    for (name, bytes) in found { #expect(bytes == expected[name], "\(name)") }
  }

  /// The second host has no disk in common with the first one.
  @Test func sameFilesAsOneProcess() throws {
    let scratch = try TemporaryFolder()
    let (one, two) = (scratch.path("one"), try scratch.folder("two"))
    let alone = try ResumeTests.succeed(train(one))
    let both = try TwoHosts.run(train(two), ["--only-a", two])
    #expect(both.exitCode == 0, "\(both.errors)")
    #expect(both.output.count(where: \.isNewline) == alone.output.count(where: \.isNewline))
    try expectSame(two, as: one)
  }

  /// What happens amid a training: all ranks end on both hosts, soon and with a message, and `--resume` does the rest.
  @Test(arguments: [
    (["--cut"], ["rank 1 on b", "lost communication"]), (["--kill", "a"], ["rank 0"]),
    (["--kill", "b"], ["rank 1"]),
  ])
  func whatIsCutOffGoesOn(_ event: [String], _ messages: [String]) throws {
    let scratch = try TemporaryFolder()
    let (one, two) = (scratch.path("one"), try scratch.folder("two"))
    _ = try ResumeTests.succeed(train(one))
    let stopped = try TwoHosts.run(train(two), ["--only-a", two, "--limit", "60"] + event + [two])
    // 99: something is left on a host, 124: it has not ended.
    #expect(![0, 99, 124].contains(stopped.exitCode), "\(stopped.errors)")
    #expect(messages.contains { stopped.errors.contains($0) }, "\(stopped.errors)")

    let resumed = try TwoHosts.run(train(two, "--resume"), ["--only-a", two])
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("resuming from \(two)/batch-"), "\(resumed.errors)")
    try expectSame(two, as: one)
  }
}

/// The script that makes the hosts.
enum TwoHosts {
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Hosts/two-hosts").path

  private static let path = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"]

  /// What keeps them from being made, in words.
  static let obstacle: String? = {
    #if MPI
      do {
        let check = try Program.run([], environment: path, shell: "exec '\(script)' --check")
        let text = (check.output + check.errors).trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
      } catch {
        return "\(error)"
      }
    #else
      return "the program is built without MPI"
    #endif
  }()

  /// Runs the program as a rank on each, with options of the script.
  static func run(_ arguments: [String], _ options: [String]) throws -> Program {
    let words = options.map { "'\($0)'" }.joined(separator: " ")
    return try Program.run(
      arguments, environment: path, shell: #"exec '\#(script)' \#(words) "$0" "$@""#)
  }
}

extension TemporaryFolder {
  /// A folder in it.
  fileprivate func folder(_ name: String) throws -> String {
    try FileManager.default.createDirectory(
      atPath: path(name), withIntermediateDirectories: false)
    return path(name)
  }
}
