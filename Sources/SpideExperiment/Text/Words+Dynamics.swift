import SpideEngine

/// How every face writes constants.
extension Words {
  /// `1.0`, `0.95`, `−0.5`.
  public static func constant(_ value: Float) -> String { NumberText.constant(value) }

  /// `−Vth`, `−Vth/2`, `0` or a number.
  public static func reset(_ neuron: NeuronParameters) -> String {
    switch neuron.resetPotential {
    case -neuron.threshold: return "−Vth"
    case -neuron.threshold / 2: return "−Vth/2"
    case let value: return constant(value)
    }
  }

  /// `IF` or `LIF λ 0.95`, and `LIF λ 0.95/IF` where the stages differ.
  public static func neuron(_ dynamics: Dynamics) -> String {
    func kind(_ leak: Float) -> String { leak == 1 ? "IF" : "LIF λ \(constant(leak))" }
    let (forward, backward) = (dynamics.forward.leak, dynamics.backward.leak)
    return kind(forward) + (forward == backward ? "" : "/\(kind(backward))")
  }

  /// What differs, as the header writes it: `Vth 1.1/0.5, T 30/50`.
  public static func difference(_ before: Dynamics, _ after: Dynamics) -> String {
    func both(_ name: String, _ text: (NeuronParameters) -> String) -> String {
      "\(name) \(text(after.forward))/\(text(after.backward))"
    }
    let words: [(isSame: Bool, text: String)] = [
      (
        before.forward.leak == after.forward.leak && before.backward.leak == after.backward.leak,
        neuron(after)
      ),
      (
        before.forward.reset == after.forward.reset
          && before.backward.reset == after.backward.reset,
        both("reset", reset)
      ),
      (
        before.forward.threshold == after.forward.threshold
          && before.backward.threshold == after.backward.threshold,
        both("Vth") { constant($0.threshold) }
      ),
      (
        before.forwardSteps == after.forwardSteps && before.backwardSteps == after.backwardSteps,
        "T \(after.forwardSteps)/\(after.backwardSteps)"
      ),
      (before.lossScale == after.lossScale, "loss scale \(constant(after.lossScale))"),
    ]
    return words.filter { !$0.isSame }.map(\.text).joined(separator: ", ")
  }
}
