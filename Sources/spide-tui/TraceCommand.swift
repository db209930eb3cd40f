import ArgumentParser
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// One sample in full.
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Write every spike, potential, rate and gradient of one sample to a file.",
    discussion: """
      The sample comes from a safetensors file (tensor "input", used as it is) or, by number, from the preset's \
      test set. Without a label there is a forward part alone; a sample of the test set brings its own. Constants are \
      those that the weights were last trained with.
      """)

  @OptionGroup var common: CommonOptions

  @OptionGroup var chosen: SampleOptions

  @Option(help: ArgumentHelp("Where the trace goes.", valueName: "t.safetensors"))
  var out: String

  func validate() throws {
    if (chosen.input == nil) == (chosen.sample == nil) {
      throw ValidationError("give either --input FILE or --sample NUMBER")
    }
  }

  func run() throws {
    let (file, preset) = try chosen.open(common)
    let label = chosen.label
    // A sample of the test set brings its label.
    try PresetTask.tracing(hasLabel: label != nil || chosen.sample != nil).requireMemory(preset)
    let parameters = try common.loadWeights(file, preset)
    let signal: InputSignal
    var target = label
    if let input = try chosen.inputSignal(preset) {
      signal = input
    } else {
      let data = try common.loadData(preset)
      let test = data.test
      guard let sample = chosen.sample, (0..<test.count).contains(sample) else {
        throw UsageError(
          "--sample \(chosen.sample ?? -1) is out of range; expected 0 to \(test.count - 1)")
      }
      signal = test.signal(sample)
      if let failure = data.failure { throw failure }
      target = label ?? test.label(sample)
    }
    let network = PackedNetwork(
      plan: preset.network, parameters: parameters, dynamics: preset.dynamics)
    let session = Session(network: network, input: signal, label: target)
    try TraceFile.write(
      session: session, metadata: ["preset": preset.text, "version": SpideCommand.version], to: out)
  }
}
