import Foundation

/// The Python whose libraries judge our files: `SPIDE_PYTHON`, or `python3` of the path.
enum Python {
  private static let program = ProcessInfo.processInfo.environment["SPIDE_PYTHON"] ?? "python3"

  /// Runs a script to its end and gives its exit status and what it printed.
  static func run(_ script: String, _ arguments: String...) throws -> (Int32, String) {
    try run(script, arguments)
  }

  static func run(_ script: String, _ arguments: [String]) throws -> (Int32, String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program, "-c", script] + arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  private static func has(_ modules: String) -> Bool {
    let result = try? run("import \(modules)")
    return result?.0 == 0
  }

  static let hasSafetensors = has("numpy, safetensors.numpy")
  static let hasTorch = has("torch, safetensors.torch")
  static let hasTensorBoard = has("tensorboard.backend.event_processing.event_accumulator")
}
