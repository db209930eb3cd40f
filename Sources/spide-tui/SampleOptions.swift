import ArgumentParser
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// Which sample, with which weights: the options of commands that look at single samples.
struct SampleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Weights, or a folder that has them (default: fresh ones from the seed).", valueName: "path"))
  var checkpoint: String?

  @Option(help: ArgumentHelp("A file with the tensor \"input\".", valueName: "x.safetensors"))
  var input: String?

  @Option(
    parsing: .unconditional, help: "A sample of the preset's test set, from 0.",
    transform: WholeNumber.within(0...Int.max))
  var sample: Int?

  @Option(
    parsing: .unconditional, help: "The class of the input, from 0.",
    transform: WholeNumber.within(0...Int.max))
  var label: Int?

  /// The weights' file, where one is given, and the preset with its constants.
  func open(
    _ common: CommonOptions
  ) throws -> (file: SafetensorsFile?, preset: Preset) {
    let file = try checkpoint.map { path throws(DataError) in try WeightsFile.open(path) }
    let preset = try common.loadPreset(trainedIn: file)
    if let label, !(0..<preset.network.classes).contains(label) {
      throw UsageError(
        "--label \(label) is out of range; expected 0 to \(preset.network.classes - 1)")
    }
    return (file, preset)
  }

  /// What the file of ``input`` has; nil where none is given.
  func inputSignal(_ preset: Preset) throws -> InputSignal? {
    try input.map {
      try InputFile.load(
        $0, plan: preset.network, forwardSteps: preset.dynamics.forwardSteps)
    }
  }
}
