/// One batch to train on.
struct TrainingJob: Sendable {
  let network: BlockNetwork
  let samples: any SampleSource
  /// Indices into `samples`, in batch order.
  let indices: [Int]
  /// Seeds the augmentation and the dropout of each sample, together with its index.
  let seed: UInt64
  /// Which samples' gradients are summed together.
  let shards: ShardPlan

  /// What a run came to, but for its gradients.
  struct Ran: Sendable {
    var tally: Tally
    /// Of each sample.
    var losses: [Double]
    var phases: PhaseTimes
  }

  /// Takes the samples at some positions of the batch through both stages.
  func run(_ positions: Range<Int>, in run: BlockRun) -> Ran {
    let clock = ContinuousClock()
    let began = clock.now
    begin(positions, in: run)
    let labels = indices[positions].map(samples.label)
    run.runForward()
    let between = clock.now
    run.runBackward(labels: labels, batch: indices.count)
    var ran = Ran(
      tally: Tally(run, labels: labels, hasRunBackward: true), losses: run.losses(labels),
      phases: PhaseTimes())
    ran.phases.forward = (between - began) / .seconds(1)
    ran.phases.backward = (clock.now - between) / .seconds(1)
    return ran
  }

  /// Has a run take in the samples at some positions, before its first step.
  func begin(_ positions: Range<Int>, in run: BlockRun) {
    run.begin()
    for index in indices[positions] {
      let seeds = TrainingJob.seeds(of: index, seed)
      run.add(
        index, of: samples, augmentation: seeds.augmentation,
        masks: network.usesDropout ? seeds.masks : nil)
    }
  }

  /// What decides how a sample is cut and what is dropped out of it, by the seed of its batch.
  static func seeds(of index: Int, _ seed: UInt64) -> (augmentation: UInt64, masks: UInt64) {
    let seed = SeededGenerator.stream(seed, UInt64(index))
    return (seed, SeededGenerator.stream(seed, 1))
  }
}
