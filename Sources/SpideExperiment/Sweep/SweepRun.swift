import Glibc
import SpideConfiguration
import SpideData
import SpideEngine

/// A sweep with its data: runs what its file does not have yet, many at once.
public struct SweepRun: Sendable {
  private let sweep: Sweep
  private let data: [PresetData: DataSplit]
  private let threads: Int
  private let memory: MachineMemory

  /// Checks memory and loads data, so that both are there for every combination.
  ///
  /// - Parameters:
  ///   - sweep: what is to be run.
  ///   - directory: what `--data` says.
  ///   - threads: threads in all. Figures do not depend on it.
  ///   - environment: the process's, for the folders of data sets; nil for this one's.
  ///   - memory: what the machine has.
  /// - Throws: ``SpideData/DataError`` or ``ExperimentError``.
  public init(
    _ sweep: Sweep, data directory: String?, threads: Int, environment: [String: String]? = nil,
    memory: MachineMemory = .here
  ) throws {
    self.sweep = sweep
    self.threads = max(1, threads)
    self.memory = memory
    var data: [PresetData: DataSplit] = [:]
    for job in sweep.jobs {
      try sweep.task.presetTask(threads: 1).requireMemory(job.preset, memory)
    }
    for preset in sweep.jobs.map(\.preset) where data[preset.data] == nil {
      let split =
        if let environment {
          try preset.loadData(from: directory, environment: environment)
        } else {
          try preset.loadData(from: directory)
        }
      if case .gradient(let samples, _) = sweep.task, samples.upperBound > split.test.count {
        throw ExperimentError.noSample(samples.upperBound - 1, last: split.test.count - 1)
      }
      data[preset.data] = split
    }
    self.data = data
  }

  /// Runs what the file does not have, and waits for what other programs are running.
  ///
  /// - Parameters:
  ///   - file: where the rows go.
  ///   - progress: is told how it goes on.
  ///   - isWanted: asked from any thread; what is being run is given up once it is not wanted any more.
  /// - Returns: how many rows are missing in the end: none, unless it was not wanted any more.
  /// - Throws: the first error; what was finished before is in the file.
  public func run(
    into file: SweepFile, progress: any SweepProgress,
    while isWanted: @escaping @Sendable () -> Bool = { true }
  ) throws -> Int {
    let there = try file.places()
    let missing = sweep.jobs.filter { !there.contains($0.place) }
    progress.begin(done: sweep.jobs.count - missing.count, of: sweep.jobs.count)
    var needs: [Int: Int] = [:]
    let width = SweepWidth(jobs: missing.count, threads: threads) { atOnce, threads in
      let need = needs[threads] ?? largestNeed(of: missing, threads: threads)
      needs[threads] = need
      return need <= memory.bytes / atOnce
    }
    let queue = SweepQueue(missing, file)
    let failure = Guarded<(any Error)?>(nil)
    let goesOn = { @Sendable in isWanted() && failure.withLock { $0 == nil } }
    ThreadExecutor(threads: width.threads.count).forEach(width.threads.count) { _, number in
      do {
        while let turn = try queue.next(progress, while: goesOn) {
          let run = SweepJobRun(
            job: turn.job, task: sweep.task, data: data, threads: width.threads[number],
            progress: progress)
          guard let row = try run.row(while: goesOn) else { break }
          try withExtendedLifetime(turn.claim) {
            if try file.append(row) {
              progress.take(row, of: turn.job)
            } else {
              progress.takeElsewhere()
            }
          }
        }
      } catch { failure.withLock { $0 = $0 ?? error } }
    }
    if let failure = failure.withLock(\.self) { throw failure }
    let found = try file.places()
    return missing.count { !found.contains($0.place) }
  }

  private func largestNeed(of jobs: [SweepJob], threads: Int) -> Int {
    let task = sweep.task.presetTask(threads: threads)
    return jobs.map { task.need($0.preset).bytes }.max() ?? 0
  }
}

/// Hands out what a sweep has to run.
private final class SweepQueue: Sendable {
  private let file: SweepFile
  private let waiting: Guarded<ArraySlice<SweepJob>>

  init(_ jobs: [SweepJob], _ file: SweepFile) {
    self.file = file
    waiting = Guarded(jobs[...])
  }

  /// One combination, which no other program gets while the claim lasts.
  struct Turn: Sendable {
    let job: SweepJob
    let claim: SweepFile.Claim
  }

  /// What is to be run next; waits while others are running the rest. Nil at the end, and once it is not wanted any more.
  func next(_ progress: any SweepProgress, while isWanted: () -> Bool) throws -> Turn? {
    while isWanted() {
      let (turn, isEmpty) = try waiting.withLock { waiting in
        (try take(from: &waiting, progress), waiting.isEmpty)
      }
      if turn != nil || isEmpty { return turn }
      usleep(100_000)
    }
    return nil
  }

  private func take(
    from waiting: inout ArraySlice<SweepJob>, _ progress: any SweepProgress
  ) throws -> Turn? {
    var index = waiting.startIndex
    while index < waiting.endIndex {
      let job = waiting[index]
      // Who had the claim before may have finished it.
      if let claim = file.claim(job.place) {
        waiting.swapAt(waiting.startIndex, index)
        waiting.removeFirst()
        if try !file.has(job.place) { return Turn(job: job, claim: claim) }
        progress.takeElsewhere()
      }
      index += 1
    }
    return nil
  }
}
