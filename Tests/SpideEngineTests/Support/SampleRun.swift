import SpideEngine

/// One whole sample: forward stage, readout, backward stage, ready for its gradients.
struct SampleRun: Sendable {
  /// What reached the layers without spikes.
  let inputCurrent: InputCurrent
  /// The end of the forward stage.
  private(set) var forward: StageState
  /// `a_{N-1}` in engine order.
  private(set) var outputRate: [Float]
  /// The scores.
  private(set) var readout: Readout
  /// The backward stage and what started it; nil without a label.
  private(set) var backward: Backward?

  /// The end of the backward stage.
  struct Backward: Sendable {
    /// The gradient of the logits.
    let logitGradient: [Float]
    /// `g` and the gates.
    let sources: BackwardStage.Sources
    /// The state after `T_B` steps.
    let state: StageState
  }

  /// Runs both stages, or the forward stage and the readout alone where `label` is nil, as one of `batch` samples: the
  /// method's divisor of `g`.
  init(
    network: PackedNetwork, input: InputSignal, label: Int?, batch: Int = 1,
    masks: DropoutMasks? = nil
  ) {
    inputCurrent = InputCurrent(network: network, input: input, masks: masks)
    let stage = ForwardStage(network)
    forward = stage.start()
    stage.run(&forward, inputCurrent, to: network.dynamics.forwardSteps)
    outputRate = forward.rate(network.plan.layers.count - 1)
    readout = Readout(network: network, rate: outputRate)
    guard let label else { return }
    let scale = network.dynamics.lossScale / Float(batch)
    let logitGradient = readout.logitGradient(label: label, scale: scale)
    let sources = BackwardStage.Sources(
      forward: forward, inputCurrent: inputCurrent,
      outputGradient: Readout.outputGradient(network: network, logitGradient: logitGradient))
    let backwardStage = BackwardStage(network)
    var state = backwardStage.start()
    backwardStage.run(&state, sources, to: network.dynamics.backwardSteps)
    backward = Backward(logitGradient: logitGradient, sources: sources, state: state)
  }

  /// Adds the gradients of this sample; does nothing without a label.
  func addGradients(to gradients: inout Gradients, network: PackedNetwork) {
    guard let backward else { return }
    gradients.add(
      network: network, inputCurrent: inputCurrent, forward: forward, backward: backward.state,
      sources: backward.sources, rate: outputRate, logitGradient: backward.logitGradient)
  }
}
