import ArgumentParser
import Foundation
import SpideConfiguration
import SpideData
import SpideEngine

/// Training without a screen.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a preset: a progress bar on a terminal, lines elsewhere.",
    discussion: """
      Ctrl-C finishes the batch, writes the checkpoint and exits with 130. The same seed gives the same weights, \
      whatever the number of threads.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Write the weights at the end.", valueName: "out.safetensors"))
  var checkpoint: String?

  @Option(help: ArgumentHelp("Append a record per epoch.", valueName: "file.jsonl|file.csv"))
  var metrics: String?

  @Option(help: ArgumentHelp("Write a new event file for TensorBoard there.", valueName: "dir"))
  var tensorboard: String?

  @Option(name: .customLong("log-every"), help: "Also record every so many batches.")
  var logEvery: Int?

  @Flag(help: "End with one JSON object on standard output; nothing else there.")
  var json = false

  func validate() throws {
    if let logEvery, logEvery < 1 {
      throw ValidationError("--log-every \(logEvery); expected 1 or more")
    }
    if let checkpoint, !checkpoint.hasSuffix(".safetensors") {
      throw ValidationError("--checkpoint \(checkpoint); expected a file that ends in .safetensors")
    }
  }

  func run() throws {
    let preset = try common.loadPreset()
    let data = try common.loadData(preset)
    let trainer = Trainer(
      plan: preset.network, dynamics: preset.dynamics, training: preset.training,
      trainSet: data.train, testSet: data.test, seed: common.seed, threads: common.threadCount)
    // What cannot be written is said before hours of training, not after.
    if let checkpoint { try AtomicFile.check(checkpoint) }
    let metricsFile = try metrics.map { try MetricsFile($0, layers: preset.network.layers.count) }
    let board = try tensorboard.map { try TensorBoardFile(folder: $0) }
    let epochs = preset.training.epochs
    let progress = TrainingProgressLine(epochs: epochs, isQuiet: json)
    Interruption.watch()

    var records: [EpochRecord] = []
    training: for _ in 0..<epochs {
      while !trainer.epochIsComplete {
        if Interruption.hasCome { break training }
        let record = trainer.trainBatch()
        try check(data, progress)
        guard record.loss.isFinite else {
          progress.clear()
          throw DataError(
            .badData, path: preset.name,
            problem: "the loss is no number after \(record.batch) batches",
            expected: "a smaller learning rate, or a loss scale that keeps the gradients finite")
        }
        if let logEvery, record.batch % logEvery == 0 {
          try metricsFile?.append(record)
          try board?.append(record)
          progress.log(record)
        }
        progress.show(trainer, record)
      }
      let (record, _) = trainer.finishEpoch()
      try check(data, progress)
      records.append(record)
      try metricsFile?.append(record)
      try board?.append(record, step: trainer.batchesDone)
      progress.log(record)
    }
    progress.clear()

    if let checkpoint {
      try writeWeights(trainer.parameters, preset, trainer.epochsDone, to: checkpoint)
    }
    let best = records.compactMap(\.testAccuracy).max()
    if json {
      print(
        JSON.object([
          ("preset", .string(preset.name)), ("seed", .int(Int(clamping: common.seed))),
          ("threads", .int(common.threadCount)), ("epochs", .array(records.map(\.json))),
          ("test_accuracy", .optional(records.last?.testAccuracy)),
          ("best_test_accuracy", .optional(best)),
          ("seconds", .double(records.last?.seconds ?? 0)),
        ]).description)
    } else {
      progress.summary(records, best: best, checkpoint: checkpoint)
    }
    if Interruption.hasCome {
      FileHandle.standardError.write(
        Data("spide-tui: interrupted after \(trainer.batchesDone) batches\n".utf8))
      throw ExitCode(130)
    }
  }

  /// What was learnt from a sample that could not be read is not kept.
  private func check(_ data: DataSplit, _ progress: TrainingProgressLine) throws {
    guard let failure = data.failure else { return }
    progress.clear()
    throw failure
  }

  private func writeWeights(
    _ parameters: Parameters, _ preset: Preset, _ epoch: Int, to path: String
  ) throws {
    try WeightsFile.save(
      parameters,
      metadata: [
        "preset": preset.text, "overrides": preset.overrides.joined(separator: "\n"),
        "seed": String(common.seed), "epoch": String(epoch), "version": SpideCommand.version,
      ], to: path)
  }
}
