import ArgumentParser
import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideTUI

@main
struct SpideCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "spide-tui")
  @Option var preset = "digits"
  @Option var cells: String?
  @Flag var noColor = false

  func run() throws {
    let preset = try PresetLibrary().find(preset)
    let data = try DataSplit.load(
      source: preset.data.source ?? .digits, normalization: preset.data.normalization,
      environment: ProcessInfo.processInfo.environment)
    let code = try Explorer.run(
      Explorer.Options(
        setup: Model.Setup(preset: preset, data: data, seed: 1),
        screens: ScreenLibrary().arranged(), threads: 2, glyphs: cells.flatMap(Glyphs.init),
        usesColor: !noColor))
    throw ExitCode(code)
  }
}
