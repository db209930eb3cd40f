import ArgumentParser
import SpideConfiguration
import SpideData
import SpideEngine
import SpideTUI

/// How good weights are.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure accuracy, loss and firing rates of a checkpoint on the test set.",
    discussion: """
      A folder stands for its latest checkpoint. The preset is that of the checkpoint unless one is given.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Weights, or a folder that has them.", valueName: "path"))
  var checkpoint: String

  @Flag(help: "As JSON.") var json = false

  func run() throws {
    let file = try WeightsFile.open(checkpoint)
    let preset = try common.loadPreset(recordedIn: file)
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
    guard json else {
      print("checkpoint    \(file.path)")
      print("preset        \(preset.name)")
      print("samples       \(result.samples)")
      print("accuracy      \(NumberText.percent(result.accuracy, decimals: 2))")
      print("loss          \(NumberText.fixed(result.loss, decimals: 4))")
      let rates = result.forwardRate.map { NumberText.fixed($0, decimals: 3) }
      print("forward rate  \(rates.joined(separator: " "))")
      print("time          \(NumberText.fixed(seconds, decimals: 2)) s")
      return
    }
    print(
      JSON.object([
        ("accuracy", .double(result.accuracy)), ("loss", .double(result.loss)),
        ("samples", .int(result.samples)), ("forward_rate", .doubles(result.forwardRate)),
        ("seconds", .double(seconds)),
      ]).description)
  }
}
