import ArgumentParser
import Glibc
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// Training without a screen.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a preset: a progress bar on a terminal, lines elsewhere.",
    discussion: """
      The same seed gives the same weights, whatever the number of threads and however often the run was \
      interrupted and resumed.

      A --checkpoint that ends in .safetensors is one file, written at the end. Anything else is a folder: a \
      checkpoint after each epoch and every --save-every batches, of which the latest three stay, and \
      best.safetensors, the one with the best test accuracy.

      --resume goes on from the latest checkpoint there, with its preset and seed where none are given, and with the \
      constants that were in use; where there is none yet, the run begins. Settings must be the same, but \
      training.epochs may change. Records and --json list the \
      epochs of the whole run; seconds count all its parts.

      A new run is added to what the file of --metrics has. A run that is resumed goes on there as if it had never been \
      interrupted: what was recorded beyond the checkpoint is recorded anew, and epochs that are missing are added; a \
      file that ends with another run is refused. --tensorboard needs a folder for each run, such as logs/a beside \
      logs/b for tensorboard --logdir logs; one that has another run's curves is refused.

      mpirun -n N spide-tui train … shares every batch and the test among N processes, on one machine or many, to the \
      same weights; it needs a program built with MPI. The first of them alone reads and writes checkpoints and \
      records. Each has the threads of --threads.

      Ctrl-C and SIGTERM finish the batch, write a checkpoint and exit with 130; a second one exits at once.
      """)

  @OptionGroup var common: CommonOptions

  @Option(
    help: ArgumentHelp(
      "Keep what is learnt, in a folder or in one file.", valueName: "dir|out.safetensors"))
  var checkpoint: String?

  @Option(
    name: .customLong("save-every"), parsing: .unconditional,
    help: "Also write a checkpoint every so many batches (where --checkpoint is a folder).",
    transform: WholeNumber.within(1...Int.max))
  var saveEvery: Int?

  @Flag(help: "Go on from the checkpoint, or begin where there is none.")
  var resume = false

  @Option(help: ArgumentHelp("Append a record per epoch.", valueName: "file.jsonl|file.csv"))
  var metrics: String?

  @Option(
    help: ArgumentHelp(
      "Write an event file for TensorBoard there, a folder of the run's own.", valueName: "dir"))
  var tensorboard: String?

  @Option(
    name: .customLong("log-every"), parsing: .unconditional,
    help: "Also record every so many batches.", transform: WholeNumber.within(1...Int.max))
  var logEvery: Int?

  @Option(
    parsing: .unconditional,
    help:
      "Most shards of a batch, whose gradients are summed one by one (default: 8): as many processes can share it. The results depend on it.",
    transform: WholeNumber.within(1...ShardPlan.largest))
  var shards: Int?

  @Flag(help: "End with one JSON object on standard output; nothing else there.")
  var json = false

  func validate() throws {
    if let checkpoint, checkpoint.isEmpty {
      throw ValidationError("--checkpoint is empty; expected a folder, or a file in .safetensors")
    }
    if saveEvery != nil, checkpoint.map(CheckpointTarget.isFile) ?? true {
      throw ValidationError("--save-every needs a folder as --checkpoint")
    }
    if resume, checkpoint == nil { throw ValidationError("--resume needs --checkpoint") }
  }

  func run() throws {
    let launched = try Launched()
    try launched.run { try train(launched) }
  }

  private func train(_ launched: Launched) throws {
    let team = launched.team
    let saved = try savedCheckpoint(team)
    let (preset, data, start) = try team.together {
      let preset = try common.loadPreset(recordedIn: saved)
      try PresetTask.sharedTraining(
        threads: common.threadCount, shards: shardPlan, ranks: team.ranks.count
      ).requireMemory(preset)
      let data = try common.loadData(preset)
      return (preset, data, try saved.map { try resumption($0, preset, data) })
    }
    let shards = start?.state.shards ?? shardPlan
    if !team.isAlone {
      let facts = try team.together {
        try RankFacts(preset: preset, data: data, seed: common.seed, shards: shards, start: start)
      }
      try facts.compare(in: team)
      launched.settle()
    }
    // What cannot be written is said before hours of training, not after.
    let output = try team.together { () throws -> Output? in
      guard team.isFirst else { return nil }
      let target = try checkpoint.map { path throws(DataError) in
        try CheckpointTarget(path, isResumed: resume)
      }
      let progress = TrainingProgressLine(
        epochs: preset.training.epochs, samplesDone: start.map(samples) ?? 0, isQuiet: json)
      let records = RunRecords(
        preset: preset, seed: start?.state.seed ?? common.seed, samples: data.train.count,
        isResumed: resume, start: start, path: saved?.path)
      let sinks = try records.sinks(metrics: metrics, tensorBoard: tensorboard)
      if resume { tell(saved?.path, start) }
      tellIdle(team, shards, preset)
      return Output(target: target, progress: progress, sinks: sinks)
    }
    // Launchers hand on SIGUSR1, where SIGINT and SIGTERM have them end everything.
    Interruption.watch(team.isAlone ? [] : [SIGUSR1])
    var options = TrainingRun.Options(
      target: output?.target, saveEvery: output == nil ? nil : saveEvery,
      logEvery: logEvery, sinks: output.map { [$0.progress] + $0.sinks } ?? [],
      version: SpideCommand.version)
    options.shards = shards
    options.team = team
    var run = TrainingRun(
      Experiment(preset: preset, data: data, seed: common.seed), from: start,
      threads: common.threadCount, options: options)
    try run.run { !Interruption.hasCome }
    try team.together { try output.map { try report(run, $0.progress, launched) } }
    if try team.agree(stop: Interruption.hasCome) {
      if let output {
        let hint = output.target.map { "; --resume goes on from \($0.path)" } ?? ""
        StandardError.line(
          "spide-tui: interrupted after \(Words.counted(run.trainer.batchesDone, "batch"))\(hint)")
      }
      throw ExitCode(130)
    }
    // A reader that has gone has what it wanted; lines that found no room are missed.
    try team.together {
      if let failure = output?.progress.failure, !failure.isClosedPipe { throw failure }
    }
  }

  /// Where a run is told and kept.
  private struct Output {
    let target: CheckpointTarget?
    let progress: TrainingProgressLine
    let sinks: [any RecordSink]
  }

  /// How a new run sums its gradients.
  private var shardPlan: ShardPlan {
    shards.map { ShardPlan(most: $0, order: ShardPlan.standard.order) } ?? .standard
  }

  /// Says where some of the ranks have nothing to do.
  private func tellIdle(_ team: Team, _ shards: ShardPlan, _ preset: Preset) {
    let (ranks, batch) = (team.ranks.count, preset.training.batch)
    let count = shards.count(of: batch)
    guard ranks > count else { return }
    let isEnough = ShardPlan(most: ranks, order: shards.order).count(of: batch) >= ranks
    let hint = isEnough ? "--shards \(ranks) for a new run" : "a larger training.batch, or fewer"
    StandardError.line(
      "spide-tui: \(ranks) ranks share \(Words.counted(count, "shard")) of a batch of \(batch): "
        + "\(ranks - count) of them have nothing to do; expected \(hint)")
  }

  /// What there is to resume.
  private func savedCheckpoint(_ team: Team) throws -> SafetensorsFile? {
    guard resume, let checkpoint else { return nil }
    return try CheckpointTarget.saved(at: checkpoint, for: team)
  }

  /// The training that a file holds, which must be one that the options continue.
  private func resumption(
    _ file: SafetensorsFile, _ preset: Preset, _ data: DataSplit
  ) throws -> Checkpoint {
    let start = try Checkpoint(file, continuedBy: preset, samples: data.train.count)
    if let seed = common.givenSeed, seed != start.state.seed {
      throw DataError(
        .badData, path: file.path, problem: "it was trained with seed \(start.state.seed)",
        expected: "the same --seed, or none")
    }
    if let shards, shards != start.state.shards.most {
      throw DataError(
        .badData, path: file.path,
        problem: "it was trained with \(Words.counted(start.state.shards.most, "shard"))",
        expected: "the same --shards, or none")
    }
    return start
  }

  /// Samples that were trained on before the run was resumed.
  private func samples(_ start: Checkpoint) -> Int {
    start.state.epochsDone * start.trainSamples + start.state.samplesDone
  }

  private func report(
    _ run: TrainingRun, _ progress: TrainingProgressLine, _ launched: Launched
  ) throws {
    let best = run.records.compactMap(\.testAccuracy).max()
    let seconds = run.trainer.times.elapsed / .seconds(1)
    guard json else {
      progress.summary(run.records, best: best, seconds: seconds, checkpoint: checkpoint)
      return
    }
    // What rank 0 has spent on the others, and sent them.
    let shared: [(String, JSON)] = [
      ("ranks", .int(launched.team.ranks.count)),
      ("exchange_seconds", .double(progress.exchangeSeconds)),
      ("sent_bytes", .int(launched.sentBytes)),
    ]
    try StandardOutput.text(
      JSON.object(
        [
          ("preset", .string(run.experiment.preset.name)), ("seed", .unsigned(run.trainer.seed)),
          ("threads", .int(common.threadCount)),
          ("epochs", .array(run.records.map(\.json))),
          ("test_accuracy", .optional(run.records.last?.testAccuracy)),
          ("best_test_accuracy", .optional(best)), ("seconds", .double(seconds)),
        ] + (launched.team.isAlone ? [] : shared)
      ).description + "\n")
  }

  /// Says where the run goes on.
  private func tell(_ path: String?, _ start: Checkpoint?) {
    guard let path, let start else {
      return StandardError.line("nothing to resume in \(checkpoint ?? ""): starting a new run")
    }
    StandardError.line(
      "resuming from \(path): \(start.position)")
  }
}
