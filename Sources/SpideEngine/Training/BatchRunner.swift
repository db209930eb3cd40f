/// Runs the samples of a batch, or of a whole set, on an ``Executor``; with other ``Ranks`` those that are this one's, and the
/// results of all are the same.
///
/// Used by one thread at a time.
final class BatchRunner {
  let executor: any Executor
  let ranks: any Ranks
  private let workers: [Worker]
  /// As many as a wave has runs.
  private let waveRuns: [WaveRun]
  /// Kept from batch to batch.
  private var gradients: GradientSum?

  /// The memory that a worker's micro-batches run in, kept from batch to batch.
  ///
  /// Unchecked, because a worker has one task at a time.
  private final class Worker: @unchecked Sendable {
    var memory: BlockMemory?
  }

  /// One run of a wave, and the signals that it leaves for the gradients, kept from wave to wave.
  ///
  /// Unchecked, because a run is one task, and when gradients are summed, nobody writes.
  private final class WaveRun: @unchecked Sendable {
    private var signals: BlockSignals?
    private(set) var run: BlockRun?

    /// A run in a worker's memory, whose signals lie here.
    func begin(_ network: BlockNetwork, in memory: BlockMemory) -> BlockRun {
      run = nil
      let signals = BlockSignals.kept(&signals, of: network.blocks, capacity: memory.capacity)
      let run = BlockRun(
        network: network, memory: BlockMemory(sharing: memory, network: network, signals: signals))
      self.run = run
      return run
    }

    /// Lets go of the run, so that its memory is free once the worker wants another.
    func end() { run = nil }
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

  init(_ executor: any Executor, ranks: any Ranks = OneRank()) {
    self.executor = executor
    self.ranks = ranks
    workers = (0..<executor.workers).map { _ in Worker() }
    waveRuns = (0..<RunPlan.widest(threads: executor.workers)).map { _ in WaveRun() }
  }

  /// Takes a batch through both stages and sums its gradients.
  func train(_ job: TrainingJob) -> Result {
    let batch = job.indices.count
    let network = job.network
    let part = RankShards(job.shards, batch: batch, ranks: ranks.count, rank: ranks.number)
    let plan = RunPlan(
      positions: part.positions, threads: executor.workers, capacity: network.blocks.order.capacity)
    let gradients = gradients(network, part)
    var tally = Tally(plan: network.plan)
    var phases = PhaseTimes()
    var losses: [Double] = []
    for wave in plan.waves {
      for ran in forEachRun(wave, longest: plan.longest, of: job, { job.run($0, in: $1) }) {
        tally += ran.tally
        losses += ran.losses
        phases += ran.phases
      }
      let segments = RunPlan.segments(wave, job.shards, batch: batch)
      phases.gradients += sum(segments, into: gradients)
      for run in waveRuns { run.end() }
    }
    if !ranks.isAlone {
      let clock = ContinuousClock()
      let time = clock.measure {
        gradients.exchange(GradientExchange(part), with: ranks)
        (tally, losses) = gathered(tally, losses, of: part)
      }
      phases.exchange = time / .seconds(1)
    }
    return Result(
      gradients: gradients.parameters(network: network), tally: tally,
      loss: job.shards.sum(losses), phases: phases)
  }

  /// What was counted over the whole batch, and the losses of all of its samples, in order.
  private func gathered(_ tally: Tally, _ losses: [Double], of part: RankShards) -> (
    Tally, [Double]
  ) {
    let own = tally.numbers
    let sizes = part.sizes
    let words = ranks.gather(
      losses.map(\.bitPattern) + own.map { UInt64(bitPattern: Int64($0)) },
      counts: sizes.map { $0 + own.count })
    var (total, all): (Tally, [Double]) = (tally, [])
    var start = 0
    for (rank, size) in sizes.enumerated() {
      let end = start + size
      all += words[start..<end].map(Double.init(bitPattern:))
      if rank != part.rank {
        total.add(words[end..<end + own.count].map { Int(Int64(bitPattern: $0)) })
      }
      start = end + own.count
    }
    return (total, all)
  }

  /// Takes a batch through the forward stage or both and has its samples read, without summing gradients.
  ///
  /// - Parameters:
  ///   - isWanted: asked before every run.
  ///   - read: makes of a run what is wanted of each of its samples, which lie at these positions of the batch.
  /// - Returns: what was read, in batch order; nil once it is not wanted any more.
  func read<Value: Sendable>(
    _ job: TrainingJob, backward: Bool,
    while isWanted: @escaping @Sendable () -> Bool = { true },
    _ read: @escaping @Sendable (BlockRun, Range<Int>) -> [Value]
  ) -> [Value]? {
    let batch = job.indices.count
    let plan = RunPlan(
      batch: batch, threads: executor.workers, capacity: job.network.blocks.order.capacity)
    var values: [Value] = []
    for wave in plan.waves {
      let found = forEachRun(wave, longest: plan.longest, of: job) { positions, run -> [Value]? in
        guard isWanted() else { return nil }
        job.begin(positions, in: run)
        run.runForward()
        if backward {
          run.runBackward(labels: job.indices[positions].map(job.samples.label), batch: batch)
        }
        return read(run, positions)
      }
      for run in waveRuns { run.end() }
      for part in found {
        guard let part else { return nil }
        values += part
      }
    }
    return values
  }

  /// Does something with each run of a wave, on the workers.
  ///
  /// - Returns: what came of each, in order.
  private func forEachRun<Value: Sendable>(
    _ wave: [Range<Int>], longest: Int, of job: TrainingJob,
    _ body: @escaping @Sendable (Range<Int>, BlockRun) -> Value
  ) -> [Value] {
    let results = Guarded([Value?](repeating: nil, count: wave.count))
    executor.forEach(wave.count) { [workers, waveRuns] worker, number in
      let memory = BlockMemory.kept(
        &workers[worker].memory, network: job.network, samples: longest,
        frames: job.samples.frames)
      let value = body(wave[number], waveRuns[number].begin(job.network, in: memory))
      results.withLock { $0[number] = value }
    }
    return results.withLock { $0.compactMap(\.self) }
  }

  /// Adds the gradients of a wave, and gives the seconds that all workers took for it.
  private func sum(_ segments: [RunPlan.Segment], into gradients: GradientSum) -> Double {
    let tasks = gradients.tasks(segments)
    let seconds = Guarded(0.0)
    executor.forEach(tasks.count) { [waveRuns] _, number in
      let clock = ContinuousClock()
      let time = clock.measure {
        gradients.add(tasks[number]) { waveRuns[$0].run }
      }
      seconds.withLock { $0 += time / .seconds(1) }
    }
    return seconds.withLock(\.self)
  }

  /// Room for the gradients of a part of a batch, in which there is nothing yet.
  private func gradients(_ network: BlockNetwork, _ part: RankShards) -> GradientSum {
    if let gradients, gradients.begin(network, of: part) { return gradients }
    gradients = nil
    let fresh = GradientSum(network: network, of: part, workers: executor.workers)
    gradients = fresh
    return fresh
  }

  /// The forward stage over a whole set, or over a part of it once that is not wanted any more, which a process that is alone
  /// may ask. It runs in the memory that training has left.
  func evaluate(
    network: BlockNetwork, samples: any SampleSource,
    while isWanted: @escaping @Sendable () -> Bool = { true }
  ) -> Evaluation {
    func share(_ rank: Int) -> Range<Int> {
      rank * samples.count / ranks.count..<(rank + 1) * samples.count / ranks.count
    }
    let plan = RunPlan(
      positions: share(ranks.number), threads: executor.workers,
      capacity: network.blocks.order.capacity)
    let runs = plan.waves.flatMap(\.self)
    let results = Guarded([TestedRun?](repeating: nil, count: runs.count))
    executor.forEach(runs.count) { [workers, waveRuns] worker, number in
      guard isWanted() else { return }
      let memory = BlockMemory.kept(
        &workers[worker].memory, network: network, samples: plan.longest, frames: samples.frames)
      // Nothing is left for gradients, so that a worker has one run at a time.
      let run = waveRuns[worker].begin(network, in: memory)
      run.begin()
      for index in runs[number] { run.add(index, of: samples, augmentation: nil, masks: nil) }
      run.runForward()
      let tested = TestedRun(run, labels: runs[number].map(samples.label))
      results.withLock { $0[number] = tested }
    }
    for run in waveRuns { run.end() }
    let tested = results.withLock { $0.compactMap(\.self) }
    if ranks.isAlone { return Evaluation(tested, plan: network.plan) }
    let own = TestedRun(tested, plan: network.plan).words
    let counts = (0..<ranks.count).map {
      TestedRun.words(samples: share($0).count, plan: network.plan)
    }
    var rest = ranks.gather(own, counts: counts)[...]
    return Evaluation(
      (0..<ranks.count).map {
        TestedRun(words: &rest, samples: share($0).count, plan: network.plan)
      }, plan: network.plan)
  }
}
