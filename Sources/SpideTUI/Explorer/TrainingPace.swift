import SpideExperiment

/// How fast a training goes that somebody watches: so many batches a second, or as fast as the machine can.
package struct TrainingPace: Hashable, Sendable {
  /// What is expected of a pace, in words.
  static let range = "a pace is a number from 0.1 to 10000, in batches a second, or full"

  /// The most batches a second; nil for as many as the machine can.
  package let batchesPerSecond: Double?

  /// As fast as the machine can.
  package static let full = TrainingPace(batchesPerSecond: nil)

  private init(batchesPerSecond: Double?) { self.batchesPerSecond = batchesPerSecond }

  /// A pace as it was typed; nil where it is none.
  package init?(_ word: String) {
    if word == "full" {
      self = .full
      return
    }
    guard let value = NumberText.read(word), (0.1...10_000).contains(value) else { return nil }
    batchesPerSecond = value
  }

  /// In words: `20 batches/s`.
  var text: String {
    guard let batchesPerSecond else { return "full speed" }
    return "\(NumberText.plain(batchesPerSecond)) batches/s"
  }

  /// From the beginning of a batch to that of the next, at least.
  var interval: Duration? { batchesPerSecond.map { .seconds(1 / $0) } }
}

extension Model {
  /// What the pace bounds the speed of training to.
  var mostSamplesPerSecond: Double {
    (pace.batchesPerSecond ?? .infinity) * Double(preset.training.batch)
  }
}
