import ArgumentParser
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// How good weights are.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure accuracy, loss and firing rates of a checkpoint on the test set.",
    discussion: """
      A folder stands for its latest checkpoint. The preset is that of the checkpoint unless one is given, and so are \
      constants that were changed in the course of its training.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Weights, or a folder that has them.", valueName: "path"))
  var checkpoint: String

  @Flag(help: "As JSON.") var json = false

  func run() throws {
    let file = try WeightsFile.open(checkpoint)
    let preset = try common.loadPreset(trainedIn: file)
    try PresetTask.evaluating(threads: common.threadCount).requireMemory(preset)
    let parameters = try common.loadWeights(file, preset)
    let data = try common.loadData(preset)
    let clock = ContinuousClock()
    let began = clock.now
    let result = Evaluation(
      of: data.test, plan: preset.network, parameters: parameters, dynamics: preset.dynamics,
      threads: common.threadCount)
    let seconds = (clock.now - began) / .seconds(1)
    if let failure = data.failure { throw failure }
    guard result.loss.isFinite else {
      throw DataError(
        .badData, path: file.path, problem: "the loss is no number",
        expected: "weights and thresholds that keep potentials and scores finite")
    }
    let ledger = Ledger(result.tally, plan: preset.network, isVarying: data.test.frames > 1)
    let constants = EnergyConstants()
    guard json else {
      try StandardOutput.line("checkpoint    \(file.path)")
      try StandardOutput.line("preset        \(preset.name)")
      try StandardOutput.line("samples       \(result.samples)")
      try StandardOutput.line("accuracy      \(NumberText.percent(result.accuracy, decimals: 2))")
      if let accuracy = result.top5Accuracy {
        let text = NumberText.percent(accuracy, decimals: 2)
        try StandardOutput.line("among first 5 \(text)")
      }
      try StandardOutput.line("loss          \(NumberText.fixed(result.loss, decimals: 4))")
      let rates = result.forwardRate.map { NumberText.fixed($0, decimals: 3) }
      try StandardOutput.line("forward rate  \(rates.joined(separator: " "))")
      for line in cost(ledger.mean, constants) { try StandardOutput.line(line) }
      try StandardOutput.line("time          \(NumberText.fixed(seconds, decimals: 2)) s")
      return
    }
    try StandardOutput.text(
      JSON.object(
        [("accuracy", .double(result.accuracy))]
          + (result.top5Accuracy.map { [("top5_accuracy", .double($0))] } ?? [])
          + [
            ("loss", .double(result.loss)),
            ("samples", .int(result.samples)), ("forward_rate", .doubles(result.forwardRate)),
            ("ledger", ledger.json(constants)),
            (
              "neurobench",
              NeuroBenchFigures(parameters: parameters, tally: result.tally, ledger: ledger).json
            ),
            ("seconds", .double(seconds)),
          ]
      ).description + "\n")
  }

  /// What a sample takes, in words.
  private func cost(_ ledger: Ledger, _ constants: EnergyConstants) -> [String] {
    let energy = ledger.energy(constants)
    let cost = ledger.total(.forward)
    func amounts(_ operations: SynapticOperations) -> String {
      "\(NumberText.amount(operations.accumulates)) accumulates, "
        + "\(NumberText.amount(operations.multiplyAccumulates)) multiply-accumulates"
    }
    func microjoules(_ value: Double) -> String { NumberText.short(value) + " µJ" }
    return [
      "operations    \(amounts(cost.done)) a sample; dense \(amounts(cost.dense))",
      "energy        \(microjoules(energy.forward)) a sample; dense \(microjoules(energy.dense)), "
        + "ordinary network \(microjoules(energy.ordinaryNetwork))",
    ]
  }
}
