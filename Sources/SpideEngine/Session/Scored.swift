/// What the readout of one sample found, and what the backward stage takes from it.
struct Scored: Sendable {
  let readout: Readout
  /// `a_{N-1}`, for each unit in engine order.
  let rate: [Float]
  /// For each class; empty without a label.
  let logitGradient: [Float]
  /// Nil without a label.
  let sources: BackwardStage.Sources?

  init(
    network: PackedNetwork, _ forward: StageState, _ inputCurrent: InputCurrent, _ label: Int?,
    _ batch: Int
  ) {
    rate = forward.rate(network.layerCount - 1)
    readout = Readout(network: network, rate: rate)
    guard let label else {
      logitGradient = []
      sources = nil
      return
    }
    logitGradient = readout.logitGradient(
      label: label, scale: network.dynamics.lossScale / Float(batch))
    sources = BackwardStage.Sources(
      forward: forward, inputCurrent: inputCurrent,
      outputGradient: Readout.outputGradient(network: network, logitGradient: logitGradient))
  }
}
