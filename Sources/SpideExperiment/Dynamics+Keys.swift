import SpideEngine

extension Dynamics {
  /// The keys of presets that give one constant each.
  package static let keys = [
    "neuron.threshold", "neuron.reset", "neuron.leak", "backward.threshold", "backward.reset",
    "backward.leak", "steps.forward", "steps.backward", "training.loss-scale",
  ]

  /// Whether a key of presets, which may be a section such as `steps`, gives the constant of one of ``keys``.
  static func covers(_ key: String, _ constant: String) -> Bool {
    key == constant || constant.hasPrefix(key + ".")
  }

  /// These constants, but those that a key gives as `other` has them.
  ///
  /// - Parameters:
  ///   - key: A key of presets, such as `neuron.leak` or `steps`; one that gives no constants changes nothing.
  ///   - other: What the key's constants come from.
  ///   - sharesLeak: Whether the backward leak follows `neuron.leak`.
  public func taking(_ key: String, from other: Dynamics, sharesLeak: Bool) -> Dynamics {
    var result = self
    for constant in Dynamics.keys where Dynamics.covers(key, constant) {
      switch constant {
      case "neuron.threshold": result.forward.threshold = other.forward.threshold
      case "neuron.reset": result.forward.reset = other.forward.reset
      case "neuron.leak":
        result.forward.leak = other.forward.leak
        if sharesLeak { result.backward.leak = other.forward.leak }
      case "backward.threshold": result.backward.threshold = other.backward.threshold
      case "backward.reset": result.backward.reset = other.backward.reset
      case "backward.leak": result.backward.leak = other.backward.leak
      case "steps.forward": result.forwardSteps = other.forwardSteps
      case "steps.backward": result.backwardSteps = other.backwardSteps
      default: result.lossScale = other.lossScale
      }
    }
    return result
  }
}
