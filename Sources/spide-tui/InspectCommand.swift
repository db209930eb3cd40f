import ArgumentParser
import Glibc
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// How near the gradient of some samples is to the exact one, and what it costs.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Measure rates and gradients of samples against the exact ones, and what they cost.",
    discussion: """
      Samples come, by number, from the preset's test set, or one from a safetensors file (tensor "input", used as it \
      is). Several give means over samples, and the errors of their summed gradient. What does not exist, because no \
      equilibrium does, is null, or a dash.
      """)

  @OptionGroup var common: CommonOptions

  @OptionGroup var chosen: SampleOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Samples of the test set, the last one included.", valueName: "a..b"),
    transform: InspectCommand.range)
  var samples: SampleRange?

  @Option(
    parsing: .unconditional,
    help:
      "Samples of the batch that each stands for, which divides its gradient (default: the preset's).",
    transform: WholeNumber.within(1...1_000_000))
  var batch: Int?

  @Flag(help: "As JSON.") var json = false

  func validate() throws {
    guard [chosen.sample != nil, samples != nil, chosen.input != nil].count(where: { $0 }) == 1
    else {
      throw ValidationError("give one of --sample NUMBER, --samples A..B and --input FILE")
    }
    guard (chosen.input != nil) == (chosen.label != nil) else {
      throw ValidationError(
        chosen.input == nil
          ? "--label goes with --input; samples of the test set bring their own"
          : "--input needs --label NUMBER")
    }
  }

  func run() throws {
    let (file, preset) = try chosen.open(common)
    let count = samples?.indices.count ?? 1
    try PresetTask.inspecting(samples: count, threads: common.threadCount).requireMemory(preset)
    let parameters = try common.loadWeights(file, preset)
    Interruption.watch()
    let network = PackedNetwork(
      plan: preset.network, parameters: parameters, dynamics: preset.dynamics)
    let found = try inspect(preset, network)
    if Interruption.hasCome {
      StandardError.line("spide-tui: interrupted")
      throw ExitCode(130)
    }
    guard let (found, isVarying) = found else {
      throw ProgramFault(line: "the samples were not inspected, and nobody stopped it")
    }
    guard found.loss.isFinite else {
      throw DataError(
        .badData, path: file?.path ?? preset.name, problem: "the loss is no number",
        expected: "weights and thresholds that keep potentials and scores finite")
    }
    let inspection = Inspection(
      found, preset: preset, parameters: parameters, isVarying: isVarying)
    guard json else {
      for line in inspection.text(subject: "\(subject), batch of \(batch(preset))") {
        try StandardOutput.line(line)
      }
      return
    }
    try StandardOutput.text(inspection.json.description + "\n")
  }

  /// What was found, and whether the input varies; nil once it was interrupted.
  private func inspect(
    _ preset: Preset, _ network: PackedNetwork
  ) throws -> (GradientInspection, isVarying: Bool)? {
    let isWanted = { @Sendable in !Interruption.hasCome }
    if let signal = try chosen.inputSignal(preset), let label = chosen.label {
      let isVarying = if case .varying = signal { true } else { false }
      return GradientInspection(
        network: network, input: signal, label: label, batch: batch(preset), while: isWanted
      ).map { ($0, isVarying) }
    }
    let data = try common.loadData(preset)
    let range = samples ?? SampleRange(chosen.sample ?? 0)
    guard range.indices.upperBound <= data.test.count else {
      let given =
        samples == nil
        ? "--sample \(range.indices.lowerBound)"
        : "--samples to \(range.indices.upperBound - 1)"
      throw UsageError("\(given) is out of range; expected 0 to \(data.test.count - 1)")
    }
    let count = range.indices.count
    let shows = count > 1 && isatty(STDERR_FILENO) == 1
    let found = GradientInspection(
      network: network, samples: data.test, indices: range.indices, batch: batch(preset),
      threads: common.threadCount, while: isWanted
    ) { done in
      if shows { StandardError.redraw("\(done) of \(count) samples") }
    }
    if shows { StandardError.redraw("") }
    if let failure = data.failure { throw failure }
    return found.map { ($0, data.test.frames > 1) }
  }

  private func batch(_ preset: Preset) -> Int { batch ?? preset.training.batch }

  /// The samples in words.
  private var subject: String {
    if let sample = chosen.sample { return "test sample \(sample)" }
    if let range = samples?.indices {
      return "test samples \(range.lowerBound) to \(range.upperBound - 1)"
    }
    return chosen.input ?? ""
  }

  @Sendable static func range(_ text: String) throws -> SampleRange {
    guard let range = SampleRange(text) else {
      throw ValidationError("expected A..B with A no larger than B, as in 0..63")
    }
    return range
  }
}
