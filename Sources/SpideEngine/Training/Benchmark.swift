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
    for number in 0...repeats {
      if trainer.epochIsComplete { _ = trainer.finishEpoch() }
      let began = clock.now
      let record = trainer.trainBatch()
      guard number > 0 else { continue }
      times.append((clock.now - began) / .seconds(1) / Double(record.samples))
      phases.add(trainer.lastPhases)
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
    times.sort()
    let middle = times.count / 2
    let median = times.count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2
    millisecondsPerSample = 1000 * median
    synapticOperationsPerSecond = Double(operations) / total / median
    let began = clock.now
    let evaluation = trainer.evaluate(samples)
    evaluationSamplesPerSecond = Double(evaluation.samples) / ((clock.now - began) / .seconds(1))
  }
}

/// The first samples of a set, so that a test of them does not take long.
public struct FirstSamples: SampleSource {
  private let whole: any SampleSource
  /// Samples.
  public let count: Int

  /// At most `count` samples of `set`.
  public init(_ count: Int, of set: any SampleSource) {
    whole = set
    self.count = min(count, set.count)
  }

  /// Shape of one frame.
  public var shape: LayerShape { whole.shape }
  /// Names of the classes.
  public var classNames: [String] { whole.classNames }
  /// Frames of a sample.
  public var frames: Int { whole.frames }
  /// The label of a sample.
  public func label(_ index: Int) -> Int { whole.label(index) }
  /// Writes a sample.
  public func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
    whole.read(index, augmentation: augmentation, into: &buffer)
  }
}

/// Made-up samples, normal noise about 0, where a preset's data is not at hand.
public struct SyntheticSamples: SampleSource {
  /// Samples.
  public let count: Int
  /// Shape of one frame.
  public let shape: LayerShape
  /// Numbers as names.
  public let classNames: [String]
  /// Frames of a sample.
  public let frames: Int

  /// Samples of a plan's input shape.
  public init(_ plan: NetworkPlan, count: Int, frames: Int = 1) {
    self.count = count
    self.frames = frames
    shape = plan.inputShape
    classNames = (0..<plan.classes).map(String.init)
  }

  /// Every class in turn.
  public func label(_ index: Int) -> Int { index % classNames.count }

  /// Writes sample `index`, the same at every reading.
  public func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
    var generator = SeededGenerator(seed: UInt64(index))
    for place in buffer.indices { buffer[place] = generator.normal() }
  }
}
