import ArgumentParser
import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// Options with one meaning in every command.
struct CommonOptions: ParsableArguments {
  @Option(
    name: .customLong("preset"),
    help: ArgumentHelp(
      "A preset by name, or a file (default: the checkpoint's, or else digits).",
      valueName: "name|file"))
  var givenPreset: String?

  @Option(help: ArgumentHelp("Where data sets lie.", valueName: "dir"))
  var data: String?

  @Option(
    name: .customLong("seed"), parsing: .unconditional,
    help: ArgumentHelp("Decides everything random (default: 1).", valueName: "seed"),
    transform: WholeNumber.within(0...UInt64.max))
  var givenSeed: UInt64?

  @Option(
    parsing: .unconditional,
    help: "Threads that train (default: all processors). The results do not depend on it.",
    transform: WholeNumber.within(1...256))
  var threads: Int?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Override a key of the preset, as in steps.backward=50.", valueName: "key=value"))
  var overrides: [String] = []

  func validate() throws {
    for override in overrides where !override.contains("=") {
      throw ValidationError("--set \(override); expected KEY=VALUE")
    }
  }

  /// The same options for another start of the program.
  var arguments: [String] {
    let options: [(String, String?)] = [
      ("--preset", givenPreset), ("--data", data), ("--seed", givenSeed.map(String.init)),
      ("--threads", threads.map(String.init)),
    ]
    return options.flatMap { name, value in value.map { [name, $0] } ?? [] }
      + overrides.flatMap { ["--set", $0] }
  }

  var threadCount: Int { threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }

  var seed: UInt64 { givenSeed ?? 1 }

  /// The preset that is named; or else that of the weights, where their file says it; or else the default.
  func loadPreset(recordedIn file: SafetensorsFile? = nil) throws -> Preset {
    if givenPreset == nil, let file,
      let recorded = try Preset(recordedIn: file, overrides: overrides)
    {
      return recorded
    }
    return try PresetLibrary().find(givenPreset ?? "digits", overrides: overrides)
  }

  /// The same with the constants that the weights were last trained with, but for those of `--set`. Where they are not the
  /// preset's, that is said.
  func loadPreset(trainedIn file: SafetensorsFile?) throws -> Preset {
    let preset = try loadPreset(recordedIn: file)
    guard let file else { return preset }
    let trained = try preset.trained(in: file, given: overrides)
    let difference = Words.difference(preset.dynamics, trained.dynamics)
    if !difference.isEmpty {
      StandardError.line(
        "\(file.path): with \(difference), as it was trained; --set gives other constants")
    }
    return trained
  }

  /// The preset's samples.
  func loadData(_ preset: Preset) throws -> DataSplit {
    try preset.loadData(from: data)
  }

  /// Weights from a file, or fresh ones.
  func loadWeights(_ file: SafetensorsFile?, _ preset: Preset) throws -> Parameters {
    if let file { return try WeightsFile.weights(in: file, plan: preset.network) }
    return Parameters(
      initial: preset.training.initialWeights, plan: preset.network, seed: seed)
  }
}
