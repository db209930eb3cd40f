import ArgumentParser
import Foundation
import SpideConfiguration
import SpideData
import SpideEngine

/// Options with one meaning in every command.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A preset by name, or a file.", valueName: "name|file"))
  var preset = "digits"

  @Option(help: ArgumentHelp("Where data sets lie.", valueName: "dir"))
  var data: String?

  @Option(help: "Decides everything random.")
  var seed: UInt64 = 1

  @Option(help: "Threads that train (default: all processors). The results do not depend on it.")
  var threads: Int?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Override a key of the preset, as in steps.backward=50.", valueName: "key=value"))
  var overrides: [String] = []

  func validate() throws {
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads \(threads); expected 1 to 256")
    }
    for override in overrides where !override.contains("=") {
      throw ValidationError("--set \(override); expected KEY=VALUE")
    }
  }

  var threadCount: Int { threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }

  func loadPreset() throws -> Preset {
    try PresetLibrary().find(preset, overrides: overrides)
  }

  /// The preset's samples.
  func loadData(_ preset: Preset) throws -> DataSplit {
    guard let source = preset.data.source else {
      throw UsageError(
        "preset \(preset.name) has no data (source: none); it is for spide-tui trace --input")
    }
    return try DataSplit.load(
      source: source, forwardSteps: preset.dynamics.forwardSteps,
      normalization: preset.data.normalization,
      augmentation: preset.data.augmentation, directory: data,
      environment: ProcessInfo.processInfo.environment)
  }

  /// Weights from a file, or fresh ones.
  func loadWeights(_ checkpoint: String?, _ preset: Preset) throws -> Parameters {
    if let checkpoint { return try WeightsFile.load(checkpoint, plan: preset.network) }
    return Parameters(
      initial: preset.training.initialWeights, plan: preset.network, seed: seed)
  }
}
