/// How fast this machine trains a network, with a check that what it computes is right.
public struct Benchmark: Sendable {
  /// Samples in a batch.
  public let batch: Int
  /// Whole training steps per sample, in milliseconds: the median over the batches.
  public private(set) var millisecondsPerSample = 0.0
  /// The forward stage's part of it: what threads run side by side counts as one thread's time over their number.
  public private(set) var forwardMilliseconds = 0.0
  /// The backward stage's part.
  public private(set) var backwardMilliseconds = 0.0
  /// The gradients' part.
  public private(set) var gradientMilliseconds = 0.0
  /// Per layer, over the last batch: share of (sample, step, unit) triples with a forward spike.
  public private(set) var forwardRate: [Double] = []
  /// Per layer: the same for backward spikes of either sign.
  public private(set) var backwardRate: [Double] = []
  /// Additions of a weight to a potential, each second.
  public private(set) var synapticOperationsPerSecond = 0.0
  /// The forward stage and the readout alone, as a test does them.
  public private(set) var evaluationSamplesPerSecond = 0.0

  /// Trains `repeats` batches after a warm-up of one.
  public init(_ trainer: Trainer, repeats: Int, evaluating samples: any SampleSource) {
    batch = trainer.training.batch
    let clock = ContinuousClock()
    var times: [Double] = []
    var phases = PhaseTimes()
    var operations = 0
    var trained = 0
    var isWarm = false
    while times.count < repeats {
      let began = clock.now
      guard case .batch(let record) = trainer.next() else { continue }
      guard isWarm else {
        isWarm = true
        continue
      }
      times.append((clock.now - began) / .seconds(1) / Double(record.samples))
      phases += trainer.lastPhases
      operations += record.synapticOperations
      trained += record.samples
      forwardRate = record.forwardRate
      backwardRate = record.backwardRate
    }
    let total = Double(trained)
    let share = 1000 / total / Double(trainer.threads)
    forwardMilliseconds = phases.forward * share
    backwardMilliseconds = phases.backward * share
    gradientMilliseconds = phases.gradients * share
    millisecondsPerSample = 1000 * times.median
    synapticOperationsPerSecond = Double(operations) / total / times.median
    let began = clock.now
    let evaluation = trainer.evaluate(samples)
    evaluationSamplesPerSecond = Double(evaluation.samples) / ((clock.now - began) / .seconds(1))
  }
}
