import ArgumentParser
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// Many trainings, or measurements of gradients, of one preset with different values.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run every combination of some values of a preset's keys: a CSV row for each.",
    discussion: """
      A row has the values, in columns that are called as their keys, the seed, and what was measured. With --measure \
      training that is the best_test_accuracy of all epochs, test_accuracy, test_loss and train_loss of the last one, \
      seconds and energy_uJ of the whole training (synaptic operations alone), and mean_forward_rate and \
      mean_backward_rate of its last epoch; all but seconds are what train finds with the same preset, seed and --set. \
      With --measure gradient nothing is trained: cosine and relative_error are means over those parameters that have \
      one, energy_uJ is that of one sample, all three stages, as inspect finds them. What does not exist, as after a \
      training that diverged, is an empty cell.

      A value may have commas within brackets, braces and quotation marks: \
      --over 'training.learning-rate.decay-at=[],[8],[8,12]'. Of several --over the last one varies fastest, and seeds faster \
      still.

      As many combinations run at once as there are --threads, each on one; seconds are longer for that. Rows come as \
      they are finished. Ctrl-C and SIGTERM keep those and exit with 130. The same command then runs what is missing, \
      from its start; so it does after a crash, and with more values or seeds. The file is nothing but CSV: \
      which preset, settings and measure its rows are of is in FILE.csv.json beside it, and the file of another \
      sweep is refused.

      Several programs may work on one file at once: they share the combinations out. --list prints a command for \
      each combination and seed, to hand to GNU parallel or to the tasks of a Slurm array; --threads 1 goes with \
      those. Where a network drive has no locks, give each program a file of its own.
      """)

  @OptionGroup var common: CommonOptions

  @Option(
    help: ArgumentHelp("A key of the preset and its values.", valueName: "key=v1,v2,…"))
  var over: [String] = []

  @Option(
    parsing: .unconditional,
    help: "How many seeds each combination is run with, from --seed on (default: 1).",
    transform: WholeNumber.within(1...Sweep.mostJobs))
  var seeds: Int?

  @Option(
    parsing: .unconditional, help: "Passes over the training set (default: the preset's).",
    transform: WholeNumber.within(1...100_000))
  var epochs: Int?

  @Option(help: ArgumentHelp("Where the rows go.", valueName: "file.csv"))
  var out: String

  @Option(
    help: ArgumentHelp("What is measured (default: training).", valueName: "training|gradient"),
    transform: { text in
      guard let measure = SweepMeasure(rawValue: text) else {
        throw ValidationError("expected training or gradient")
      }
      return measure
    })
  var measure = SweepMeasure.training

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of a gradient: samples of the test set, the last one included (default: 0..63).",
      valueName: "a..b"),
    transform: InspectCommand.range)
  var samples: SampleRange?

  @Option(
    help: ArgumentHelp(
      "Of a gradient: weights, or a folder that has them (default: fresh ones from the seed).",
      valueName: "path"))
  var checkpoint: String?

  @Flag(help: "Print a command for each combination and seed, and run nothing.") var list = false

  func validate() throws {
    guard out.hasSuffix(".csv") else {
      throw ValidationError("--out \(out); expected a file that ends in .csv")
    }
    for argument in over where !argument.contains("=") {
      throw ValidationError("--over \(argument); expected KEY=V1,V2,…")
    }
    if over.isEmpty, seeds == nil {
      throw ValidationError("give --over KEY=V1,V2,…, or --seeds NUMBER, or both")
    }
    switch measure {
    case .training:
      if checkpoint != nil { throw ValidationError("--checkpoint goes with --measure gradient") }
      if samples != nil { throw ValidationError("--samples goes with --measure gradient") }
    case .gradient:
      if epochs != nil { throw ValidationError("--epochs goes with --measure training") }
      if checkpoint != nil, let seeds, seeds > 1 {
        throw ValidationError("--seeds has nothing to change with the weights of --checkpoint")
      }
    }
    if let seeds, common.seed > UInt64.max - UInt64(seeds - 1) {
      throw ValidationError("--seed \(common.seed) is too large for --seeds \(seeds)")
    }
  }

  func run() throws {
    let sweep = try sweep()
    if list { return try StandardOutput.text(commands(for: sweep).map { $0 + "\n" }.joined()) }
    let run = try SweepRun(sweep, data: common.data, threads: common.threadCount)
    let file = try SweepFile(out, of: sweep)
    let progress = SweepProgressLine(measure)
    Interruption.watch()
    defer { progress.end() }
    let missing = try run.run(into: file, progress: progress) { !Interruption.hasCome }
    progress.end()
    if missing > 0 {
      guard Interruption.hasCome else {
        throw DataError(
          .cannotCreate, path: out,
          problem: "\(Words.counted(missing, "row")) that were there are gone",
          expected: "a file that nothing but sweep writes")
      }
      let all = Words.counted(sweep.jobs.count, "row")
      StandardError.line(
        "spide-tui: interrupted with \(Words.count(sweep.jobs.count - missing)) of \(all) in \(out); "
          + "the same command does the rest")
      throw ExitCode(130)
    }
    if let failure = progress.failure, !failure.isClosedPipe { throw failure }
  }

  private func sweep() throws -> Sweep {
    var common = common
    if let epochs { common.overrides.append("training.epochs=\(epochs)") }
    let file = try checkpoint.map { path throws(DataError) in try WeightsFile.open(path) }
    let task: SweepTask =
      switch measure {
      case .training: .training
      case .gradient: .gradient(samples: samples?.indices ?? 0..<64, weights: file)
      }
    return try Sweep(
      try common.loadPreset(recordedIn: file), given: common.overrides,
      over: over.map { argument throws(ConfigurationError) in try SweepAxis(argument) },
      seeds: common.seed...common.seed + UInt64((seeds ?? 1) - 1), task: task)
  }

  /// A command for each row, for a shell.
  private func commands(for sweep: Sweep) -> [String] {
    let program = CommandLine.arguments.first ?? "spide-tui"
    return sweep.jobs.map { job in
      var common = common
      common.givenSeed = job.place.seed
      var words = [program, "sweep"] + common.arguments
      for assignment in job.assignments { words += ["--over", assignment] }
      if over.isEmpty { words += ["--seeds", "1"] }
      if let epochs { words += ["--epochs", String(epochs)] }
      if measure == .gradient { words += ["--measure", measure.rawValue] }
      if let range = samples?.indices {
        words += ["--samples", "\(range.lowerBound)..\(range.upperBound - 1)"]
      }
      if let checkpoint { words += ["--checkpoint", checkpoint] }
      return (words + ["--out", out]).map(\.shellQuoted).joined(separator: " ")
    }
  }
}
