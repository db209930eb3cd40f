/// Runs the samples of a batch, or of a whole set, on an ``Executor``.
///
/// Used by one thread at a time.
final class BatchRunner {
  let executor: any Executor
  private let memories: [Memory]
  /// Kept from batch to batch.
  private var gradients: GradientSum?

  /// The memory that blocks run in, kept from batch to batch.
  ///
  /// Unchecked, because it belongs to the one run or the one worker that has its number, and when gradients are summed, nobody writes.
  private final class Memory: @unchecked Sendable {
    var memory: BlockMemory?
    var run: BlockRun?
  }

  /// What comes of a batch.
  struct Result: Sendable {
    var gradients: Parameters
    var tally: Tally
    /// Sum of the samples' cross-entropies.
    var loss: Double
    /// Over all workers.
    var phases: PhaseTimes
  }

  init(_ executor: any Executor) {
    self.executor = executor
    memories = (0..<RunPlan.widest(threads: executor.workers)).map { _ in Memory() }
  }

  /// Takes a batch through both stages and sums its gradients.
  func train(_ job: TrainingJob) -> Result {
    let batch = job.indices.count
    let network = job.network
    let plan = RunPlan(
      batch: batch, threads: executor.workers, capacity: network.blocks.order.capacity)
    let gradients = gradients(network, job.shards, batch: batch)
    var tally = Tally(plan: network.plan)
    var phases = PhaseTimes()
    var losses: [Double] = []
    for wave in plan.waves {
      for ran in run(wave, longest: plan.longest, of: job) {
        tally += ran.tally
        losses += ran.losses
        phases += ran.phases
      }
      let segments = RunPlan.segments(wave, job.shards, batch: batch)
      phases.gradients += sum(segments, into: gradients)
    }
    return Result(
      gradients: gradients.parameters(network: network), tally: tally,
      loss: job.shards.sum(losses), phases: phases)
  }

  /// The stages of a wave, one run in each memory.
  private func run(_ wave: [Range<Int>], longest: Int, of job: TrainingJob) -> [TrainingJob.Ran] {
    let results = Guarded([TrainingJob.Ran?](repeating: nil, count: wave.count))
    executor.forEach(wave.count) { [memories] _, number in
      let own = memories[number]
      let run = BlockRun.run(
        job.network, samples: longest, frames: job.samples.frames, &own.memory)
      own.run = run
      let ran = job.run(wave[number], in: run)
      results.withLock { $0[number] = ran }
    }
    return results.withLock { $0.compactMap(\.self) }
  }

  /// Adds the gradients of a wave, and gives the seconds that all workers took for it.
  private func sum(_ segments: [RunPlan.Segment], into gradients: GradientSum) -> Double {
    let tasks = gradients.tasks(segments)
    let seconds = Guarded(0.0)
    executor.forEach(tasks.count) { [memories] _, number in
      let clock = ContinuousClock()
      let time = clock.measure {
        gradients.add(tasks[number]) { memories[$0].run }
      }
      seconds.withLock { $0 += time / .seconds(1) }
    }
    return seconds.withLock(\.self)
  }

  /// Room for the gradients of a batch, in which there is nothing yet.
  private func gradients(_ network: BlockNetwork, _ shards: ShardPlan, batch: Int) -> GradientSum {
    if let gradients, gradients.begin(network, shards, batch: batch) { return gradients }
    gradients = nil
    let fresh = GradientSum(
      network: network, shards: shards, batch: batch, workers: executor.workers)
    gradients = fresh
    return fresh
  }

  /// The forward stage over a whole set, or over a part of it once that is not wanted any more.
  func evaluate(
    network: BlockNetwork, samples: any SampleSource,
    while isWanted: @escaping @Sendable () -> Bool = { true }
  ) -> Evaluation {
    let plan = RunPlan(
      batch: samples.count, threads: executor.workers, capacity: network.blocks.order.capacity)
    let runs = plan.waves.flatMap(\.self)
    let results = Guarded([TestedRun?](repeating: nil, count: runs.count))
    executor.forEach(runs.count) { [memories] worker, number in
      guard isWanted() else { return }
      let run = BlockRun.run(
        network, samples: plan.longest, frames: samples.frames, &memories[worker].memory)
      run.begin()
      for index in runs[number] { run.add(index, of: samples, augmentation: nil, masks: nil) }
      run.runForward()
      let tested = TestedRun(run, labels: runs[number].map(samples.label))
      results.withLock { $0[number] = tested }
    }
    return Evaluation(results.withLock { $0.compactMap(\.self) }, plan: network.plan)
  }
}
