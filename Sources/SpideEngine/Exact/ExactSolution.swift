/// What both stages of one sample would come to with numbers instead of spikes (TheMethod.md, "Where the spike gradient errs").
struct ExactSolution: Sendable {
  /// `a*`, `[layer][unit]` in engine order.
  let rates: [[Float]]
  /// Sweeps that the equilibrium took.
  let iterations: Int
  /// `m*`.
  let gates: [[UInt8]]
  /// The gradient of the logits `z*`.
  let logitGradient: [Float]
  /// `β*`; nil where the iteration does not settle.
  let betas: [[Float]]?

  /// Of a labelled sample.
  ///
  /// - Parameters:
  ///   - session: the sample, wherever its cursor stands.
  ///   - label: its class.
  ///   - isWanted: asked before every sweep.
  /// - Returns: nil where the input varies or the equilibrium does not settle.
  init?(_ session: Session, label: Int, while isWanted: () -> Bool) {
    if case .varying = session.input { return nil }
    let network = session.network
    let equilibrium = Exact.equilibrium(
      network: network, inputCurrent: session.inputCurrent, while: isWanted)
    guard case .converged(let rates, let iterations) = equilibrium else { return nil }
    self.rates = rates
    self.iterations = iterations
    gates = rates.map { $0.map { $0 > 0 && $0 < 1 ? 1 : 0 } }
    let readout = Readout(network: network, rate: rates[rates.count - 1])
    logitGradient = readout.logitGradient(
      label: label, scale: network.dynamics.lossScale / Float(session.batch))
    let outputGradient = Readout.outputGradient(network: network, logitGradient: logitGradient)
    betas =
      Exact.implicitDifferentiation(
        network: network,
        sources: BackwardStage.Sources(gates: gates, outputGradient: outputGradient),
        while: isWanted
      ).values
  }
}
