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
    run.begin()
    for index in indices[positions] {
      let sampleSeed = SeededGenerator.stream(seed, UInt64(index))
      run.add(
        index, of: samples, augmentation: sampleSeed,
        masks: network.usesDropout ? SeededGenerator.stream(sampleSeed, 1) : nil)
    }
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
}
