import ArgumentParser
import SpideConfiguration
import SpideData
import SpideExperiment

/// Weights for the authors' program.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write weights for the authors' PyTorch program.",
    discussion: """
      The file has the names and shapes of the authors' state dict, every tensor under all of its names. It updates \
      the model's own, which has the metadata that their feedback asks for:

        state = model.state_dict()
        state.update(safetensors.torch.load_file(FILE))
        model.load_state_dict(state)

      with model.module for model where it is wrapped in DataParallel. Their networks begin with a convolution, link by \
      convolutions, pools of 2 and dense links, and feed back by a convolution, a transposed one or a dense link with a \
      max-norm; others give exit 65.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Where the authors' state dict goes.", valueName: "file.safetensors"))
  var authors: String

  @Option(help: ArgumentHelp("Weights (default: fresh ones from the seed).", valueName: "file"))
  var checkpoint: String?

  func run() throws {
    let file = try checkpoint.map { path throws(DataError) in try WeightsFile.open(path) }
    let preset = try common.loadPreset(recordedIn: file)
    try PresetTask.weights.requireMemory(preset)
    let stateDict = try AuthorsStateDict(preset.network, network: preset.name)
    try stateDict.save(
      try common.loadWeights(file, preset),
      metadata: ["format": "pt", "preset": preset.name, "version": SpideCommand.version],
      to: authors)
  }
}
