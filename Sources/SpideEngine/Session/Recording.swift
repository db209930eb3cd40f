/// The trajectory of a training, to go back to any of its batches: states kept every few batches within a budget of memory,
/// and the constants that were in use (``Trainer/State/constants``); what lies between is trained again, to the same bits.
///
/// A value. What is recorded never changes: whoever goes on another way from an earlier batch records that in a
/// ``fork(at:)``, and both can be kept; their states share memory.
public struct Recording: Sendable {
  /// Bytes that states may take unless said otherwise.
  public static let budget = 256 << 20

  /// The most states that are kept, however little they take, so that none of them costs a small network's training time.
  static let mostStates = 1024

  /// Bytes that states may take. The first and the last one are kept whatever they take.
  public private(set) var budget: Int
  /// Batches between two states that are kept; it doubles whenever the budget is used up.
  public private(set) var interval: Int
  /// Ascending by batch, at most one for each; what ``DynamicsLog`` they carry does not count.
  private(set) var keyframes: [Trainer.State]
  private(set) var constants: DynamicsLog
  /// Batches done at the end of what is recorded.
  public private(set) var last: Int
  /// Epochs done there; nil where the epoch that ends there, if any does, is closed.
  private(set) var lastEpochs: Int?
  /// Bytes that the states take.
  public private(set) var bytes: Int

  /// A recording that begins with a state, with `interval` batches to the next one that is kept.
  public init(from state: Trainer.State, budget: Int = Recording.budget, interval: Int = 1) {
    precondition(interval >= 1, "a state every \(interval) batches")
    self.budget = budget
    self.interval = interval
    keyframes = [state]
    bytes = state.bytes
    constants = state.constants
    last = state.batchesDone
    lastEpochs = state.epochsDone
  }

  /// Batches done where the recording begins.
  public var first: Int { keyframes[0].batchesDone }
  /// Batches done at the states that are kept, ascending.
  public var kept: [Int] { keyframes.map(\.batchesDone) }

  // MARK: Recording

  /// Takes in the state after a step of the training that is recorded, and keeps it where it is due.
  ///
  /// - Precondition: it goes on from what is recorded, with the same constants up to there.
  public mutating func record(_ state: Trainer.State) {
    precondition(
      state.batchesDone >= last && state.epochsDone >= lastEpochs ?? 0,
      "batch \(state.batchesDone) after batch \(last)")
    precondition(
      state.constants.before(last) == constants.before(last), "other constants than recorded")
    constants = state.constants
    last = state.batchesDone
    lastEpochs = state.epochsDone
    if last % interval == 0 || last == keyframes.last?.batchesDone { keep(state) }
  }

  /// Keeps a state that was recorded or has been replayed, so that going there again costs nothing; it is the first to
  /// be dropped for another.
  public mutating func keep(_ state: Trainer.State) {
    let batch = state.batchesDone
    precondition((first...last).contains(batch), "batch \(batch), not \(first) to \(last)")
    let before = keyframes.lastIndex { $0.batchesDone < batch }
    let place = before.map { $0 + 1 } ?? 0
    bytes += state.bytes
    if place < keyframes.count, keyframes[place].batchesDone == batch {
      bytes -= keyframes[place].bytes
      keyframes[place] = state
    } else {
      keyframes.insert(state, at: place)
    }
    thin()
  }

  /// Goes on with another budget: where it is smaller, states are dropped until the rest fits.
  public mutating func limit(to budget: Int) {
    self.budget = budget
    thin()
  }

  /// What is recorded up to a batch, as the beginning of another trajectory. Changes of constants at that very batch belong
  /// to it until the next one replaces them.
  public func fork(at batch: Int) -> Recording {
    precondition((first...last).contains(batch), "batch \(batch), not \(first) to \(last)")
    var fork = self
    fork.keyframes.removeAll { $0.batchesDone > batch }
    fork.bytes = fork.keyframes.reduce(0) { $0 + $1.bytes }
    fork.constants = constants.upTo(batch)
    fork.last = batch
    if batch < last { fork.lastEpochs = nil }
    return fork
  }

  /// Drops states between the first and the last until the rest fits: those off the interval, then, with the interval
  /// doubled, every other one.
  private mutating func thin() {
    while bytes > budget || keyframes.count > Recording.mostStates, keyframes.count > 2 {
      let off = keyframes.indices.dropFirst().dropLast().first {
        !keyframes[$0].batchesDone.isMultiple(of: interval)
      }
      if let off { bytes -= keyframes.remove(at: off).bytes } else { interval *= 2 }
    }
  }
}

extension Trainer.State {
  /// Bytes that a copy takes once training has gone on: weights, what the optimizer remembers, sums and the log.
  var bytes: Int {
    let tensors = [parameters] + optimizer.memory
    let numbers = tensors.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.count } }
    let counts =
      [tally.counts.forward, tally.counts.backward].reduce(0) {
        $0 + $1.spikes.count + $1.updates.count + $1.operations.count + $1.multiplyAccumulates.count
      } + tally.counts.gradient.count
    return MemoryLayout<Self>.size + 4 * numbers + MemoryLayout<Int>.size * counts
      + MemoryLayout<DynamicsLog.Entry>.stride * constants.entries.count
  }
}
