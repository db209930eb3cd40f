import SpideEngine

/// When a person wants playing or training to stop: a quantity, how it is compared, and with what. The value may be a
/// multiple of a constant, whatever that is at the time.
struct StopCondition: Hashable, Sendable {
  /// As it was typed, with one space between words.
  let text: String
  let quantity: Quantity
  let comparison: Comparison
  let value: StopValue
  /// Whether it is tested only at the last step of a stage: what a layer did not do is known then.
  var isOfWholeStage = false

  /// The other run that it is about; the number is how far apart the tests are then.
  var reference: OtherRun?

  /// A run that another one is compared with.
  struct OtherRun: Hashable, Sendable {
    let id: Int
    /// Its test accuracy by epoch.
    var tests: [Int: Double]
  }

  /// Whether it is about a training; else about a sample.
  var isOfTraining: Bool {
    switch quantity {
    case .batches, .batchLoss, .batchAccuracy, .epochs, .trainLoss, .trainAccuracy, .testLoss,
      .testAccuracy, .gradientCosine:
      return true
    case .spike, .potential, .potentialSize, .rate, .layerSpikes, .layerSpikesSoFar, .moment:
      return false
    }
  }

  /// The layer that it is about; nil for none.
  var layer: Int? {
    switch quantity {
    case .layerSpikes(let layer, _, _), .layerSpikesSoFar(let layer, _): layer
    default: unit?.layer
    }
  }

  /// The neuron that it is about; nil for none.
  var unit: UnitID? {
    switch quantity {
    case .spike(let unit, _), .potential(let unit, _), .potentialSize(let unit, _),
      .rate(let unit, _):
      return unit
    default: return nil
    }
  }

  /// Any spike of a neuron, in both stages.
  static func spike(of unit: UnitID, _ plan: NetworkPlan) -> StopCondition {
    let index = plan.layers[unit.layer].channelsFirstIndex(unit.unit)
    return StopCondition(
      text: "L\(unit.layer) \(index)", quantity: .spike(unit), comparison: .notEqual, value: 0)
  }

  /// Whether it is the same, however it was typed.
  func isSame(as other: StopCondition) -> Bool {
    (quantity, comparison, value) == (other.quantity, other.comparison, other.value)
      && isOfWholeStage == other.isOfWholeStage && reference?.id == other.reference?.id
  }

  // MARK: Testing

  /// The number that it holds of at the cursor of a session; nil where it does not hold.
  func held(by session: Session) -> Double? {
    if isOfWholeStage, !session.isAtEndOfStage { return nil }
    let number = session.value(of: quantity)
    let condition = Condition(quantity, comparison, value.number(session.dynamics))
    return condition.holds(number) ? number : nil
  }

  /// The number that it holds of after one of some steps of a training; nil where it holds after none.
  ///
  /// - Parameter cosines: of the gradients after these steps with the exact ones, by parameter, where they are asked for.
  func held(by steps: [Trainer.Step], cosines: [String: Double], _ dynamics: Dynamics) -> Double? {
    let condition = Condition(quantity, comparison, value.number(dynamics))
    if case .gradientCosine(let name) = quantity {
      return cosines[name].flatMap { condition.holds($0) ? $0 : nil }
    }
    return steps.compactMap { step in
      reference == nil ? step.value(of: quantity) : distance(step)
    }.first { condition.holds($0) }
  }
}

/// A number, or a multiple of constants.
struct StopValue: Hashable, Sendable, ExpressibleByIntegerLiteral {
  var factor: Double
  var constants: [StopConstant] = []

  init(_ factor: Double) { self.factor = factor }
  init(integerLiteral value: Int) { factor = Double(value) }

  /// What it is with the constants in use.
  func number(_ dynamics: Dynamics) -> Double {
    constants.reduce(factor) { $0 * Double($1.value(dynamics)) }
  }
}

/// A constant that values of conditions may have as a factor, by the name that it is typed with.
enum StopConstant: String, Hashable, Sendable, CaseIterable {
  case threshold = "Vth"
  case backwardThreshold = "Vth,b"
  /// The reset amount: what a spike takes from the potential.
  case resetAmount = "V"
  case backwardResetAmount = "V,b"

  func value(_ dynamics: Dynamics) -> Float {
    switch self {
    case .threshold: dynamics.forward.threshold
    case .backwardThreshold: dynamics.backward.threshold
    case .resetAmount: dynamics.forward.resetAmount
    case .backwardResetAmount: dynamics.backward.resetAmount
    }
  }
}

extension StopCondition {
  /// How far the test after an epoch is from that of the other run after the same epoch; nil where there is none.
  private func distance(_ step: Trainer.Step) -> Double? {
    guard case .epoch(let record, _) = step, let accuracy = record.testAccuracy,
      let other = reference?.tests[record.epoch]
    else { return nil }
    return abs(accuracy - other)
  }
}

extension Session {
  /// Whether the cursor stands at the last step of a stage.
  fileprivate var isAtEndOfStage: Bool {
    moment == .forward(dynamics.forwardSteps) || moment == .backward(dynamics.backwardSteps)
  }
}
