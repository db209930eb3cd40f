import SpideEngine
import SpideExperiment
import SpideTUI

/// What `train` says while it runs: a bar on standard error where that is a terminal which can redraw a line, and a line
/// per epoch on standard output.
///
/// A line that cannot be written is no reason to stop training.
final class TrainingProgressLine: RecordSink {
  private let epochs: Int
  /// Samples of the run that were done before it was resumed.
  private let samplesBefore: Int
  private let isQuiet: Bool
  private var bar = ProgressBar()
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant
  /// Sliding means; nil before the first batch.
  private var loss: Double?
  private var accuracy: Double?
  /// Why standard output has missed lines; nil as long as it has them all.
  private(set) var failure: OutputFailure?

  /// Seconds in which rank 0 has exchanged gradients and counts with others, waiting for them included.
  private(set) var exchangeSeconds = 0.0

  init(epochs: Int, samplesDone: Int, isQuiet: Bool) {
    self.epochs = epochs
    samplesBefore = samplesDone
    self.isQuiet = isQuiet
    started = clock.now
  }

  /// Redraws the bar, at most ten times a second.
  func pass(_ record: BatchRecord, _ trainer: Trainer) {
    exchangeSeconds += trainer.lastPhases.exchange
    let loss = self.loss.map { $0 + (record.loss - $0) * 0.1 } ?? record.loss
    let accuracy = self.accuracy.map { $0 + (record.accuracy - $0) * 0.1 } ?? record.accuracy
    (self.loss, self.accuracy) = (loss, accuracy)
    guard bar.isDue() else { return }
    let seconds = max((clock.now - started) / .seconds(1), 1e-9)
    let samples = trainer.epochsDone * trainer.samplesInEpoch + trainer.samplesDone
    let speed = Double(samples - samplesBefore) / seconds
    let left = Double(epochs * trainer.samplesInEpoch - samples) / max(speed, 1e-9)
    let share = Double(trainer.samplesDone) / Double(trainer.samplesInEpoch)
    bar.draw(
      "epoch \(min(epochs, trainer.epochsDone + 1))/\(epochs) ", share: share,
      " \(Int(share * 100))%  loss \(NumberText.fixed(loss, decimals: 3))"
        + "  accuracy \(NumberText.percent(accuracy))  \(Int(speed)) samples/s  \(Words.time(left)) left"
    )
  }

  /// A line for a finished epoch.
  func take(_ record: EpochRecord) {
    end()
    guard !isQuiet else { return }
    let test = record.testAccuracy.map { NumberText.percent($0, decimals: 2) } ?? "–"
    let speed = record.samplesPerSecond.isFinite ? "\(Int(record.samplesPerSecond))" : "–"
    line(
      "epoch \(record.epoch)/\(epochs)  loss \(NumberText.fixed(record.trainLoss, decimals: 4))  "
        + "accuracy \(NumberText.percent(record.trainAccuracy, decimals: 2))  "
        + "test loss \(record.testLoss.map { NumberText.fixed($0, decimals: 4) } ?? "–")  "
        + "test accuracy \(test)  \(speed) samples/s  "
        + Words.time(record.seconds))
  }

  /// A line for a batch that is recorded.
  func take(_ record: BatchRecord) {
    guard !isQuiet, !bar.isPossible else { return }
    line(
      "epoch \(record.epoch)/\(epochs)  batch \(record.batch)  "
        + "loss \(NumberText.fixed(record.loss, decimals: 4))  "
        + "accuracy \(NumberText.percent(record.accuracy, decimals: 2))")
  }

  /// The last line.
  func summary(
    _ records: [EpochRecord], best: Double?, seconds: Double, checkpoint: String?
  ) {
    guard let best, let accuracy = records.last?.testAccuracy else { return }
    line(
      "test accuracy \(NumberText.percent(accuracy, decimals: 2)), best "
        + "\(NumberText.percent(best, decimals: 2)), in \(Words.time(seconds))"
        + (checkpoint.map { "; weights in \($0)" } ?? ""))
  }

  /// Takes the bar away.
  func end() { bar.end() }

  private func line(_ text: String) {
    let plain = bar.isUnicode ? text : Glyphs.ascii.plain(text)
    do {
      try StandardOutput.line(plain)
    } catch {
      failure = failure ?? error
    }
  }
}
