/// A training whose numbers have left what single precision can hold, so that going on is in vain.
public struct Divergence: Hashable, Sendable {
  /// What is no number any more.
  public enum Culprit: Hashable, Sendable {
    /// Weights, by the name of their parameter.
    case parameter(String)
    /// What the optimizer remembers of a parameter.
    case optimizer(String)
    /// The loss of the epoch that is running.
    case loss
    /// The loss of the last test.
    case testLoss
  }

  /// The first that is no number, in file order; weights before all else.
  public let culprit: Culprit
  /// Batches done since the start of the run.
  public let batches: Int

  /// What is wrong.
  public var problem: String {
    let what: String
    switch culprit {
    case .parameter(let name): what = name
    case .optimizer(let name): what = "the optimizer's memory of \(name)"
    case .loss: what = "the loss"
    case .testLoss: what = "the test loss"
    }
    return "\(what) is no number after \(batches) batch\(batches == 1 ? "" : "es")"
  }

  /// What would have been right.
  public var expected: String {
    "a smaller training.learning-rate.base, or thresholds and a training.loss-scale that keep gradients finite"
  }
}

extension Divergence: CustomStringConvertible {
  /// One line: what is wrong; what would have been right.
  public var description: String { "\(problem); expected \(expected)" }
}

extension Trainer {
  /// Whether the training has diverged: looks at all weights, the optimizer, the loss so far and the last test, which
  /// costs much less than a batch. A loss alone does not tell: neurons whose weights are no numbers are silent.
  public var divergence: Divergence? {
    let culprit: Divergence.Culprit? =
      state.culprit
      ?? (state.tally.loss.isFinite ? nil : .loss)
      ?? (testLoss?.isFinite ?? true ? nil : .testLoss)
    return culprit.map { Divergence(culprit: $0, batches: batchesDone) }
  }
}

extension Trainer.State {
  /// The first parameter that is no number, among the weights or in what the optimizer remembers.
  fileprivate var culprit: Divergence.Culprit? {
    if let name = parameters.firstNotFinite { return .parameter(name) }
    for memory in optimizer.memory {
      if let name = memory.firstNotFinite { return .optimizer(name) }
    }
    return nil
  }
}

extension Parameters {
  /// The name of the first tensor with a value that is infinite or no number; nil where all are finite.
  public var firstNotFinite: String? {
    zip(specifications, values).first { !$1.isFinite }?.0.name
  }
}

extension [Float] {
  /// Whether all are. The largest exponent tells, in a loop without branches.
  fileprivate var isFinite: Bool {
    withUnsafeBufferPointer { values in
      var largest: UInt32 = 0
      for value in values { largest = Swift.max(largest, value.bitPattern & 0x7FFF_FFFF) }
      return largest < Float.infinity.bitPattern
    }
  }
}
