import ArgumentParser
import CSpikeKernels
import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideTUI

/// What the program is, what it runs on, and what it reads.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show the version, the processor features in use, the terminal, and every path read.")

  @Option(help: ArgumentHelp("Where data sets lie.", valueName: "dir")) var data: String?
  @Flag(help: "As JSON.") var json = false

  func run() {
    let environment = ProcessInfo.processInfo.environment
    let terminal = TerminalAbilities.current()
    let sources: [DataSource] = DataSource.allCases.filter { $0 != .digits }
    let folders = sources.flatMap {
      DataFolders(source: $0, directory: data, environment: environment).paths
    }
    var seen: Set<String> = []
    let paths =
      [PresetLibrary().userDirectory, ScreenLibrary().userDirectory].compactMap { $0 }
      + folders.filter { seen.insert($0).inserted }
      + [FrameCache(environment: environment).folder].compactMap { $0 }
    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
    let processor = String(cString: spike_processor_features())
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let type = terminal.type.isEmpty ? "not set" : terminal.type
    let obstacle = terminal.obstacle.map(\.description)
    if json {
      print(
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
        ]).description)
      return
    }
    print("version     \(SpideCommand.version)")
    print("processor   \(processor)")
    print("threads     \(threads)")
    print(
      "terminal    \(type), \(terminal.colors.rawValue) colors, "
        + (terminal.isUnicode ? "UTF-8" : "no UTF-8: ASCII cells"))
    if let obstacle { print("            the explorer cannot open here: \(obstacle)") }
    print("reads")
    for path in paths { print("  \(path)\(exists(path) ? "" : "  (not there)")") }
  }
}
