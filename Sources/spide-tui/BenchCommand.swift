import ArgumentParser
import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// How fast this machine trains.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast this machine trains a preset.",
    discussion: """
      Times whole training steps (forward, readout, backward, gradients, update) after a warm-up and gives their \
      median. Before anything is said, the gradients of one sample are held against a plain dense program's. Where the preset's data is not \
      found, made-up input of its shape is used. Firing rates decide how long a step takes: --checkpoint measures a \
      trained network, with the constants that it was last trained with.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Weights to begin with.", valueName: "file"))
  var checkpoint: String?

  @Option(
    parsing: .unconditional, help: "Samples in a batch (default: the preset's).",
    transform: WholeNumber.within(1...Int.max))
  var batch: Int?

  @Option(
    parsing: .unconditional, help: "Batches that are timed (default: 5).",
    transform: WholeNumber.within(1...Int.max))
  var `repeat` = 5

  @Flag(
    help:
      "Time one step of each link with weights instead, at firing rates from 0.5 to 60 %, beside a dense product."
  )
  var rates = false

  @Flag(
    help:
      "Open the explorer on a pseudo-terminal instead, and time how long after a key the first cells change."
  )
  var explorer = false

  @Flag(help: "Print one JSON object on standard output; nothing else there.")
  var json = false

  func validate() throws {
    if explorer, rates { throw ValidationError("give either --rates or --explorer") }
  }

  func run() throws {
    if explorer { return try showLatency() }
    let file = try checkpoint.map { path throws(DataError) in try WeightsFile.open(path) }
    let preset = try common.loadPreset(trainedIn: file)
    let threads = common.threadCount
    let task = rates ? PresetTask.evaluating(threads: 1) : .timing(batch: batch, threads: threads)
    try task.requireMemory(preset)
    let weights = try common.loadWeights(file, preset)
    if rates { return try showRates(preset, weights) }
    let data = try samples(of: preset)
    var training = preset.training
    training.batch = min(batch ?? training.batch, data.train.count)
    let trainer = Trainer(
      plan: preset.network, dynamics: preset.dynamics, training: training, trainSet: data.train,
      testSet: nil, seed: common.seed, threads: common.threadCount, parameters: weights)
    let result = Benchmark(
      trainer, repeats: `repeat`, evaluating: FirstSamples(8 * training.batch, of: data.test))
    // Neurons whose potentials are no numbers are silent, and fast.
    if let divergence = trainer.divergence { throw DataError(divergence, of: preset) }
    // The twin keeps every step and would be most of the memory: it comes after, but before anything is said.
    let memory = PeakMemory.bytes
    let check = BenchmarkCheck(
      plan: preset.network, parameters: weights, dynamics: preset.dynamics, samples: data.train)
    if let fault = check.fault {
      throw ProgramFault(line: "what is computed is not what the dense program computes: \(fault)")
    }
    let steps = StepTimes(
      plan: preset.network, parameters: weights, dynamics: preset.dynamics, samples: data.train)
    if json {
      try StandardOutput.text(object(preset, data, check, result, steps, memory).description + "\n")
    } else {
      try StandardOutput.text(text(preset, data, check, result, steps, memory) + "\n")
    }
  }

  private struct Samples {
    var train: any SampleSource
    var test: any SampleSource
    var origin: String
  }

  /// The preset's data where it is found, else made-up samples of its shape.
  private func samples(of preset: Preset) throws -> Samples {
    if let source = preset.data.source {
      do {
        let data = try common.loadData(preset)
        return Samples(train: data.train, test: data.test, origin: source.name)
      } catch let error as DataError where error.kind == .missingInput {}
    }
    let made = SyntheticSamples(preset.network, count: 1024, frames: preset.frames)
    return Samples(train: made, test: made, origin: "synthetic")
  }

  private func object(
    _ preset: Preset, _ data: Samples, _ check: BenchmarkCheck, _ result: Benchmark,
    _ steps: StepTimes, _ memory: Int
  ) -> JSON {
    .object([
      ("preset", .string(preset.name)), ("data", .string(data.origin)),
      ("batch", .int(result.batch)), ("threads", .int(common.threadCount)),
      ("milliseconds_per_sample", .double(result.millisecondsPerSample)),
      ("forward_milliseconds", .double(result.forwardMilliseconds)),
      ("backward_milliseconds", .double(result.backwardMilliseconds)),
      ("gradient_milliseconds", .double(result.gradientMilliseconds)),
      ("forward_rate", .array(result.forwardRate.map(JSON.double))),
      ("backward_rate", .array(result.backwardRate.map(JSON.double))),
      ("synaptic_operations_per_second", .double(result.synapticOperationsPerSecond)),
      ("evaluation_samples_per_second", .double(result.evaluationSamplesPerSecond)),
      ("step_milliseconds", .double(steps.median)),
      ("longest_step_milliseconds", .double(steps.longest)),
      ("peak_memory_bytes", .int(memory)),
      ("twin_distance", .double(check.distance)),
      ("twin_steps", .array([.int(check.forwardSteps), .int(check.backwardSteps)])),
    ])
  }

  private func showLatency() throws {
    let latency = try ExplorerLatency(
      common.arguments + (checkpoint.map { ["--checkpoint", $0] } ?? []), rounds: `repeat`)
    let parts = [
      ("idle", latency.idle), ("computing", latency.computing), ("training", latency.training),
    ]
    if json {
      let objects = parts.map { name, keys in
        (
          name,
          JSON.object([
            ("keys", .int(keys.times.count)),
            ("median_milliseconds", .double(keys.percentile(50))),
            ("p99_milliseconds", .double(keys.percentile(99))),
            ("longest_milliseconds", .double(keys.percentile(100))),
          ])
        )
      }
      try StandardOutput.text(JSON.object(objects).description + "\n")
      return
    }
    func number(_ value: Double) -> String { NumberText.fixed(value, decimals: 1) }
    for (name, keys) in parts {
      try StandardOutput.line(
        "\(name): \(keys.times.count) keys, cells change after \(number(keys.percentile(50))) ms, "
          + "99 of 100 within \(number(keys.percentile(99))), all within "
          + "\(number(keys.percentile(100)))")
    }
  }

  private func showRates(_ preset: Preset, _ weights: Parameters) throws {
    let costs = LinkCost.costs(
      plan: preset.network, parameters: weights, dynamics: preset.dynamics,
      rates: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6], repeats: `repeat`)
    func stage(_ cost: LinkCost) -> String { "\(cost.stage)" }
    if json {
      let links: [JSON] = costs.map { cost in
        .object([
          ("link", .string(cost.link)), ("stage", .string(stage(cost))),
          ("rate", .double(cost.rate)), ("spikes_microseconds", .double(cost.spikes)),
          ("dense_microseconds", .double(cost.dense)),
        ])
      }
      let result = JSON.object([("preset", .string(preset.name)), ("links", .array(links))])
      try StandardOutput.text(result.description + "\n")
      return
    }
    func column(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func number(_ value: Double) -> String { NumberText.fixed(value, decimals: 1) }
    try StandardOutput.line("µs of one thread for a step of a sample   rate   spikes    dense")
    for cost in costs {
      let name = "\(cost.link) \(stage(cost))"
      try StandardOutput.line(
        name + column(number(100 * cost.rate) + " %", 48 - name.count)
          + column(number(cost.spikes), 9) + column(number(cost.dense), 9))
    }
  }

  private func text(
    _ preset: Preset, _ data: Samples, _ check: BenchmarkCheck, _ result: Benchmark,
    _ steps: StepTimes, _ memory: Int
  ) -> String {
    func number(_ value: Double, _ decimals: Int) -> String {
      NumberText.fixed(value, decimals: decimals)
    }
    func rates(_ values: [Double]) -> String {
      values.map { number($0, 3) }.joined(separator: " ")
    }
    return """
      preset      \(preset.name), data \(data.origin), batch \(result.batch), \(common.threadCount) threads
      check       gradients within \(number(100 * check.distance, 4)) % of the dense program's \
      (\(check.forwardSteps) forward and \(check.backwardSteps) backward steps)
      a sample    \(number(result.millisecondsPerSample, 3)) ms: forward \(number(result.forwardMilliseconds, 3)), \
      backward \(number(result.backwardMilliseconds, 3)), gradients \(number(result.gradientMilliseconds, 3))
      rates       forward \(rates(result.forwardRate)), backward \(rates(result.backwardRate))
      operations  \(number(result.synapticOperationsPerSecond / 1e9, 2)) billion additions a second
      testing     \(Int(result.evaluationSamplesPerSecond)) samples a second
      stepping    \(number(steps.median, 3)) ms a step of one sample, \(number(steps.longest, 3)) at most
      memory      \(memory / 1_000_000) MB at most
      """
  }
}
