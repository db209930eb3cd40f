import Glibc
import SpideExperiment
import SpideTUI
import Synchronization

/// What `sweep` says while it runs: a bar on standard error where that is a terminal which can redraw a line, and a line for
/// each finished combination on standard output where that is a terminal. Elsewhere it says nothing: the rows are in the file.
///
/// A line that cannot be written is no reason to stop.
final class SweepProgressLine: SweepProgress {
  private let measure: SweepMeasure
  private let state = Mutex(State())

  private struct State {
    var bar = ProgressBar()
    /// Combinations and seeds: in all, finished, and how much of them with what is running.
    var all = 0
    var done = 0
    var shares = 0.0
    /// What this program has done since it began.
    var ownShares = 0.0
    var began = ContinuousClock.now
    var failure: OutputFailure?
  }

  init(_ measure: SweepMeasure) { self.measure = measure }

  /// Why standard output has missed lines; nil as long as it has them all.
  var failure: OutputFailure? { state.withLock { $0.failure } }

  func begin(done: Int, of all: Int) {
    state.withLock { state in
      (state.all, state.done, state.shares) = (all, done, Double(done))
      state.began = .now
    }
  }

  func advance(by share: Double) {
    state.withLock { state in
      state.shares += share
      state.ownShares += share
      SweepProgressLine.draw(&state)
    }
  }

  func take(_ row: SweepRow, of job: SweepJob) {
    state.withLock { state in
      state.done += 1
      if isatty(STDOUT_FILENO) == 1 { line("\(job.words)  \(words(row))", &state) }
      SweepProgressLine.draw(&state)
    }
  }

  func takeElsewhere() {
    state.withLock { state in
      state.done += 1
      state.shares += 1
      SweepProgressLine.draw(&state)
    }
  }

  func note(_ problem: String, of job: SweepJob) {
    state.withLock { state in
      state.bar.end()
      StandardError.line("spide-tui: \(job.words): \(problem); its row has no figures")
    }
  }

  /// Takes the bar away.
  func end() { state.withLock { $0.bar.end() } }

  private static func draw(_ state: inout State) {
    guard state.bar.isDue() else { return }
    let seconds = (ContinuousClock.now - state.began) / .seconds(1)
    let left = (Double(state.all) - state.shares) * seconds / state.ownShares
    let share = state.shares / Double(max(1, state.all))
    state.bar.draw(
      "\(state.done)/\(state.all) ", share: share,
      " \(Int(share * 100))%  \(Words.time(seconds))  \(Words.time(left)) left")
  }

  /// What was found, in words.
  private func words(_ row: SweepRow) -> String {
    let table = SweepTable(keys: [], measure: measure)
    func figure(_ column: String, _ text: (Double) -> String) -> String {
      table.figure(column, of: row).map(text) ?? "–"
    }
    func percent(_ value: Double) -> String { NumberText.percent(value, decimals: 2) }
    switch measure {
    case .training:
      return "test accuracy \(figure("test_accuracy", percent)), best "
        + "\(figure("best_test_accuracy", percent)), in \(figure("seconds", Words.time))"
    case .gradient:
      return "cosine \(figure("cosine", NumberText.short)), error "
        + "\(figure("relative_error", NumberText.short)), "
        + "\(figure("energy_uJ", NumberText.short)) µJ a sample"
    }
  }

  private func line(_ text: String, _ state: inout State) {
    state.bar.end()
    do {
      try StandardOutput.line(state.bar.isUnicode ? text : Glyphs.ascii.plain(text))
    } catch {
      state.failure = state.failure ?? error
    }
  }
}
