/// Which constants a training has used for which batches: those that it began with and what a person changed since.
public struct DynamicsLog: Hashable, Sendable {
  /// Constants that came into use.
  public struct Entry: Hashable, Sendable {
    /// Batches of the run that were done before.
    public let batch: Int
    /// The constants from then on.
    public let dynamics: Dynamics

    /// An entry.
    public init(batch: Int, dynamics: Dynamics) {
      self.batch = batch
      self.dynamics = dynamics
    }
  }

  /// In order; the first stands at batch 0, and each differs from the one before.
  public private(set) var entries: [Entry]

  /// A training that begins with these constants.
  public init(_ dynamics: Dynamics) { entries = [Entry(batch: 0, dynamics: dynamics)] }

  /// A log that was written down; nil where it is none: empty, out of order, or without a difference.
  public init?(_ entries: [Entry]) {
    guard entries.first?.batch == 0 else { return nil }
    let isInOrder = zip(entries, entries.dropFirst()).allSatisfy {
      $0.batch < $1.batch && $0.dynamics != $1.dynamics
    }
    guard isInOrder else { return nil }
    self.entries = entries
  }

  /// The constants in use now.
  public var current: Dynamics { entries[entries.count - 1].dynamics }
  /// Batches done before ``current`` came into use.
  public var currentSince: Int { entries[entries.count - 1].batch }

  /// The constants of the batch that comes after so many.
  public func dynamics(after batches: Int) -> Dynamics {
    (entries.last { $0.batch <= batches } ?? entries[0]).dynamics
  }

  /// What was in use up to the batch that comes after so many, that one included.
  public func upTo(_ batches: Int) -> DynamicsLog {
    var log = self
    log.entries.removeAll { $0.batch > max(0, batches) }
    return log
  }

  /// What came into use before so many batches were done.
  func before(_ batches: Int) -> [Entry] { entries.filter { $0.batch < batches } }

  /// Goes on with other constants after so many batches. Of several changes at one place only the last is kept, and
  /// none where it changes nothing.
  public mutating func use(_ dynamics: Dynamics, after batches: Int) {
    precondition(batches >= currentSince, "batch \(batches) is before \(currentSince)")
    if currentSince == batches { entries.removeLast() }
    if entries.last?.dynamics != dynamics {
      entries.append(Entry(batch: batches, dynamics: dynamics))
    }
  }
}
