/// When to stop: a number, how to compare it, and with what. Data, tested after a step; what steps knows nothing of it.
public struct Condition: Hashable, Sendable {
  /// What is looked at.
  public var quantity: Quantity
  /// How it is compared.
  public var comparison: Comparison
  /// What it is compared with.
  public var value: Double

  /// A condition.
  public init(_ quantity: Quantity, _ comparison: Comparison, _ value: Double) {
    self.quantity = quantity
    self.comparison = comparison
    self.value = value
  }

  /// Whether it holds of a number; of one that does not exist, or is none, no condition holds.
  public func holds(_ number: Double?) -> Bool {
    guard let number, !number.isNaN else { return false }
    switch comparison {
    case .less: return number < value
    case .atMost: return number <= value
    case .equal: return number == value
    case .notEqual: return number != value
    case .atLeast: return number >= value
    case .greater: return number > value
    }
  }
}

/// How a quantity is compared with a value.
public enum Comparison: String, Hashable, Sendable, CaseIterable {
  case less = "<"
  case atMost = "<="
  case equal = "=="
  case notEqual = "!="
  case atLeast = ">="
  case greater = ">"
}

/// A number that a ``Condition`` is about. One of a sample exists at the moments of its session, one of a training after
/// the steps of its trainer. One of a neuron or a layer belongs to a stage or, without one, to whichever is being stepped.
public enum Quantity: Hashable, Sendable {
  /// `s(t)` of a neuron: -1, 0 or 1.
  case spike(UnitID, Stage? = nil)
  /// `u(t)` of a neuron, after the reset.
  case potential(UnitID, Stage? = nil)
  /// `|u(t)|` of a neuron, after the reset.
  case potentialSize(UnitID, Stage? = nil)
  /// Weighted mean of a neuron's spikes up to this step, -1 … 1: `a(t)`, or `β(t) / V_b`.
  case rate(UnitID, Stage? = nil)
  /// Spikes of a layer at this step, of one sign or of both; 0 where it is silent.
  case layerSpikes(Int, sign: Int? = nil, Stage? = nil)
  /// Spikes of a layer since its stage began, of either sign.
  case layerSpikesSoFar(Int, Stage? = nil)
  /// 1 at this moment, else 0.
  case moment(Moment)

  /// Batches done, after a batch.
  case batches
  /// Mean cross-entropy of a batch, before its update.
  case batchLoss
  /// Share of a batch classified rightly, before its update.
  case batchAccuracy
  /// Epochs done, after an epoch.
  case epochs
  /// Mean cross-entropy over an epoch's training samples, while they were trained on.
  case trainLoss
  /// Share of an epoch's training samples classified rightly, while they were trained on.
  case trainAccuracy
  /// Mean cross-entropy of the test after an epoch.
  case testLoss
  /// Share of test samples classified rightly after an epoch.
  case testAccuracy
  /// The cosine of a parameter's gradient with the exact one after a batch. A trainer does not know it: whoever tests the
  /// condition finds it by a ``GradientInspection``.
  case gradientCosine(String)
}
