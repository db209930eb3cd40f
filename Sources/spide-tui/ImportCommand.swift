import ArgumentParser
import SpideConfiguration
import SpideData
import SpideExperiment

/// Weights from the authors' program.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Read weights of the authors' PyTorch program.",
    discussion: """
      Save them with safetensors.torch.save_model(model, FILE). Their state dict has most tensors three times: one of \
      the names is enough, and copies must be equal. The result goes wherever --checkpoint is understood.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("The authors' state dict.", valueName: "file.safetensors"))
  var authors: String

  @Option(help: ArgumentHelp("Where the weights go.", valueName: "w.safetensors"))
  var out: String

  func run() throws {
    let preset = try common.loadPreset()
    try PresetTask.weights.requireMemory(preset)
    let stateDict = try AuthorsStateDict(preset.network, network: preset.name)
    try WeightsFile.save(
      try stateDict.load(authors),
      metadata: preset.recorded.metadata.merging(["version": SpideCommand.version]) { $1 },
      to: out)
  }
}
