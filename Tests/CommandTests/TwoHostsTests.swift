import Foundation
import Testing

/// The real program over two hosts, network namespaces that `Hosts/two-hosts` makes and joins: they train what one process
/// would, to the bit, also after the link between them was cut or a rank was killed.
@Suite(
  .serialized,
  .disabled(if: TwoHosts.obstacle != nil, "no two hosts here: \(TwoHosts.obstacle ?? "")"))
struct TwoHostsTests {
  /// Some seconds of work.
  private static func train(_ folder: String, _ more: String...) -> [String] {
    ResumeTests.train(folder, epochs: 15) + ["--seed", "3", "--threads", "1", "--save-every", "7"]
      + ResumeTests.small + more
  }

  /// What one process prints, and its files.
  private static let alone = Result {
    let scratch = try TemporaryFolder()
    let folder = scratch.path("one")
    return try withExtendedLifetime(scratch) {
      (try ResumeTests.succeed(train(folder)).output, try ResumeTests.files(folder))
    }
  }

  private func expectAllFiles(_ folder: String) throws {
    let (expected, found) = (try Self.alone.get().1, try ResumeTests.files(folder))
    #expect(expected.count == 4 && found.keys == expected.keys)
    for (name, bytes) in found { #expect(bytes == expected[name], "\(name)") }
  }

  /// The second host has no disk in common with the first one.
  @Test func sameFilesAsOneProcess() throws {
    let scratch = try TemporaryFolder()
    let folder = try scratch.folder("two")
    let both = try TwoHosts.run(Self.train(folder), ["--only-a", folder])
    #expect(both.exitCode == 0, "\(both.errors)")
    let alone = try Self.alone.get().0
    #expect(both.output.count(where: \.isNewline) == alone.count(where: \.isNewline))
    try expectAllFiles(folder)
  }

  /// What happens amid a training: all ranks end on both hosts, soon and with a message, and `--resume` does the rest.
  @Test(arguments: [
    (["--cut"], ["rank 1 on b", "lost communication"]), (["--kill", "a"], ["rank 0"]),
    (["--kill", "b"], ["rank 1"]),
  ])
  func whatIsCutOffGoesOn(_ event: [String], _ messages: [String]) throws {
    let scratch = try TemporaryFolder()
    let folder = try scratch.folder("two")
    let stopped = try TwoHosts.run(
      Self.train(folder), ["--only-a", folder, "--limit", "60"] + event + [folder])
    // 99: something is left on a host, 124: it has not ended.
    #expect(![0, 99, 124].contains(stopped.exitCode), "\(stopped.errors)")
    #expect(messages.contains { stopped.errors.contains($0) }, "\(stopped.errors)")

    let resumed = try TwoHosts.run(Self.train(folder, "--resume"), ["--only-a", folder])
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("resuming from \(folder)/batch-"), "\(resumed.errors)")
    try expectAllFiles(folder)
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
