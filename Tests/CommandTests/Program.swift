import Foundation

/// The real program, run to its end without a terminal.
struct Program {
  let exitCode: Int32
  let output: String
  let errors: String

  /// Runs `spide-tui` with some arguments; `interruptAfter` sends SIGINT once standard output has that many lines.
  static func run(
    _ arguments: [String], environment: [String: String] = [:],
    interruptAfterLines lines: Int? = nil
  ) throws -> Program {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try PseudoTerminal.built("spide-tui"))
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"]
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
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
        kill(process.processIdentifier, SIGINT)
      }
    }
    process.waitUntilExit()
    return Program(
      exitCode: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self),
      errors: try String(contentsOfFile: errorFile, encoding: .utf8))
  }
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
