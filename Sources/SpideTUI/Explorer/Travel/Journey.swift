import SpideEngine

/// A way to another update of what is recorded, on the thread that trains: how far, and how it ended.
public struct Journey: Hashable, Sendable {
  /// How a journey stands.
  enum State: Hashable, Sendable {
    case going
    /// Training stands at the update.
    case arrived
    /// Training stands where it stood before.
    case givenUp
  }

  /// Counts the journeys.
  let number: Int
  /// Batches done where it leads.
  let update: Int
  /// Batches that have been trained again, of how many.
  var done = 0
  var all = 0
  var state = State.going

  init(number: Int, to update: Int) {
    self.number = number
    self.update = update
  }
}

/// How far back a training can go, and what that takes.
struct RecordedPart: Hashable, Sendable {
  /// Batches done at its ends.
  let first: Int
  var last: Int
  /// Batches between two states that are kept.
  let interval: Int
  /// Bytes that they take, of how many.
  let bytes: Int
  let budget: Int

  init(_ recording: Recording) {
    (first, last) = (recording.first, recording.last)
    (interval, bytes, budget) = (recording.interval, recording.bytes, recording.budget)
  }

  /// The update that is meant, or the nearest that is recorded.
  func clamped(_ update: Int) -> Int { min(max(update, first), last) }

  /// `12 of 256 MB`.
  var memory: String { RecordedPart.memory(bytes, of: budget) }

  static func memory(_ bytes: Int, of budget: Int) -> String {
    func megabytes(_ bytes: Int) -> Int { (bytes + (1 << 20) - 1) >> 20 }
    return "\(megabytes(bytes)) of \(megabytes(budget)) MB"
  }

  /// How often a state is kept: `every 4 batches`.
  var spacing: String { interval == 1 ? "every batch" : "every \(interval) batches" }

  /// `update 80 of 120 · back to 0, a state every 4 batches, 12 of 256 MB`.
  func text(at update: Int) -> String {
    "update \(update) of \(max(last, update)) · back to \(first), a state \(spacing), \(memory)"
  }
}

/// What the recordings of the runs take that are not being told of, and what all of them may take together.
struct RecordingMemory: Sendable {
  let others: [Int: RecordedPart]
  /// Bytes.
  let budget: Int
}
