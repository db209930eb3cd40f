import ArgumentParser
import CSpikeKernels
import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI

/// What the program is, what it runs on, and what it reads.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show the version, the processor features in use, the terminal, and every path read.")

  @Option(help: ArgumentHelp("Where data sets lie.", valueName: "dir")) var data: String?
  @Flag(help: "As JSON.") var json = false

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let terminal = TerminalAbilities.current()
    let folders = DataSet.all.filter { !$0.isEmbedded }.flatMap {
      DataFolders(of: $0, directory: data, environment: environment).paths
    }
    var seen: Set<String> = []
    let paths =
      [PresetLibrary.userDirectory(), ScreenLibrary.userDirectory()].compactMap { $0 }
      + folders.filter { seen.insert($0).inserted }
      + [FrameCache(environment: environment).folder].compactMap { $0 }
    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
    let processor = String(cString: spike_processor_features())
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let type = terminal.type.isEmpty ? "not set" : terminal.type
    let obstacle = terminal.obstacle.map(\.description)
    if json {
      try StandardOutput.text(
        JSON.object([
          ("version", .string(SpideCommand.version)), ("processor", .string(processor)),
          ("threads", .int(threads)),
          (
            "terminal",
            .object([
              ("type", .string(type)), ("colors", .int(terminal.colors.rawValue)),
              ("unicode", .bool(terminal.isUnicode)),
              ("obstacle", obstacle.map(JSON.string) ?? .null),
            ])
          ),
          (
            "paths",
            .array(
              paths.map { .object([("path", .string($0)), ("exists", .bool(exists($0)))]) })
          ),
        ]).description + "\n")
      return
    }
    try StandardOutput.line("version     \(SpideCommand.version)")
    try StandardOutput.line("processor   \(processor)")
    try StandardOutput.line("threads     \(threads)")
    try StandardOutput.line(
      "terminal    \(type), \(terminal.colors.rawValue) colors, "
        + (terminal.isUnicode ? "UTF-8" : "no UTF-8: ASCII cells"))
    if let obstacle {
      try StandardOutput.line("            the explorer cannot open here: \(obstacle)")
    }
    try StandardOutput.line("reads")
    for path in paths { try StandardOutput.line("  \(path)\(exists(path) ? "" : "  (not there)")") }
  }
}
