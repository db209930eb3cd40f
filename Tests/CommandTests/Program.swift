import Foundation

/// The real program, run to its end without a terminal.
struct Program {
  let exitCode: Int32
  let output: String
  let errors: String

  /// Runs `spide-tui` with some arguments; `interruptAfterLines` sends a signal once standard output has that many
  /// lines. `shell` is what a shell does with them: `"$0" "$@"` stands for the call.
  static func run(
    _ arguments: [String], environment: [String: String] = [:],
    interruptAfterLines lines: Int? = nil, with signal: Int32 = SIGINT, largestFile: Int? = nil,
    addressSpace: Int? = nil, shell: String? = nil
  ) throws -> Program {
    let limits =
      (largestFile.map { ["set -o posix", "ulimit -f \($0)"] } ?? [])
      + (addressSpace.map { ["ulimit -v \($0)"] } ?? [])
    let limited = limits.isEmpty ? nil : limits.joined(separator: "; ") + #"; exec "$0" "$@""#
    let process = try process(arguments, environment: environment, shell: shell ?? limited)
    let output = Pipe()
    let folder = try TemporaryFolder()
    let errorFile = folder.path("stderr")
    try "".write(toFile: errorFile, atomically: false, encoding: .utf8)
    process.standardOutput = output
    process.standardError = FileHandle(forWritingAtPath: errorFile)
    try process.run()
    var bytes = Data()
    var isInterrupted = false
    while true {
      let part = output.fileHandleForReading.availableData
      if part.isEmpty { break }
      bytes += part
      if let lines, !isInterrupted, bytes.count(where: { $0 == 10 }) >= lines {
        isInterrupted = true
        kill(process.processIdentifier, signal)
      }
    }
    process.waitUntilExit()
    return Program(
      exitCode: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self),
      errors: try String(contentsOfFile: errorFile, encoding: .utf8))
  }
}

extension Program {
  /// What the tests' own environment tells a program that is built with a sanitizer.
  static let sanitizerOptions = ProcessInfo.processInfo.environment.filter { name, _ in
    ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains(name)
  }

  /// The program before its start, by itself or as `shell` starts it.
  static func process(
    _ arguments: [String], environment: [String: String] = [:], shell: String? = nil
  ) throws -> Process {
    let process = Process()
    let program = try PseudoTerminal.built("spide-tui")
    if let shell {
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", shell, program] + arguments
    } else {
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
    }
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": TemporaryHome.path, "LANG": "C.UTF-8"]
      .merging(sanitizerOptions) { $1 }.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    return process
  }
}

/// The home of the programs that tests start: what they leave there goes when the tests end. Its presets of digits are those
/// of `Tests/Configuration`, which stay as they are.
enum TemporaryHome {
  static let path: String = {
    atexit { try? FileManager.default.removeItem(atPath: TemporaryHome.path) }
    let path = NSTemporaryDirectory() + "spide-tui-home-\(getpid())"
    let manager = FileManager.default
    let configuration = path + "/.config"
    try? manager.createDirectory(atPath: configuration, withIntermediateDirectories: true)
    let own = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Configuration/spide-tui").path
    try? manager.copyItem(atPath: own, toPath: configuration + "/spide-tui")
    return path
  }()
}

/// A folder of its own, removed with the value that names it.
final class TemporaryFolder {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("spide-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  func write(_ text: String, _ name: String) throws -> String {
    try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    return path(name)
  }
}
