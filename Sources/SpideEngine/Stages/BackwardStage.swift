import CSpikeKernels

/// The backward stage: ternary spikes solve the implicit differentiation (TheMethod.md, "Backward stage").
///
/// A gate decides which spikes of a layer travel on; a spike that does not travel still counts for β.
public struct BackwardStage: Sendable {
  /// The weights and constants.
  public let network: PackedNetwork

  /// A stage over these weights.
  public init(_ network: PackedNetwork) { self.network = network }

  /// What the forward stage and the readout hand over for one sample.
  public struct Sources: Sendable {
    /// `g`, for each unit of the last layer in engine order.
    public let outputGradient: [Float]
    /// `m` of each layer: 1 where `0 < a < 1`.
    public let gates: [[UInt8]]
    /// `m_i` and the dropout mask of the link into layer `i`: which of layer `i`'s spikes travel back over that link.
    let backwardMask: [[UInt8]]
    /// The same for the input link, which no spike travels but which learns.
    let inputGate: [UInt8]

    /// Gates from the end of a forward stage.
    public init(forward: StageState, inputCurrent: InputCurrent, outputGradient: [Float]) {
      self.outputGradient = outputGradient
      let gates = forward.layers.indices.map { forward.gate($0) }
      self.gates = gates
      func masked(_ gate: [UInt8], _ mask: [UInt8]?) -> [UInt8] {
        guard let mask else { return gate }
        return zip(gate, mask).map { $0 & $1 }
      }
      backwardMask = gates.indices.map { layer in
        masked(
          gates[layer],
          layer == 0 ? inputCurrent.masks?.feedback : inputCurrent.masks?.links[layer - 1])
      }
      inputGate = masked(gates[0], inputCurrent.masks?.input)
    }

    /// Gates that are given, `[layer][unit]` in engine order, without dropout.
    init(gates: [[UInt8]], outputGradient: [Float]) {
      self.outputGradient = outputGradient
      self.gates = gates
      backwardMask = gates
      inputGate = gates[0]
    }

    /// The same gates and masks for another `g`.
    init(_ sources: Sources, outputGradient: [Float]) {
      self.outputGradient = outputGradient
      gates = sources.gates
      backwardMask = sources.backwardMask
      inputGate = sources.inputGate
    }
  }

  /// Potentials and spikes at 0.
  public func start() -> StageState { StageState(plan: network.plan) }

  /// One time step: layers `N-1 … 0` in order; the feedback brings layer 0's spikes of the last step.
  public func step(_ state: inout StageState, _ sources: Sources) {
    let neuron = network.dynamics.backward
    let last = network.layerCount - 1
    state.beginStep(leak: neuron.leak)
    for layer in (0...last).reversed() {
      let link = layer == last ? network.feedback : network.links[layer]
      let source = layer == last ? 0 : layer + 1
      let arriving = link == nil ? 0 : state.passGate(source, sources.backwardMask[source])
      if layer != last, arriving == 0, neuron.leak == 1, !state.layers[layer].isSuprathreshold {
        state.layers[layer].keepSilent()
        continue
      }
      state.setCurrent(layer, layer == last ? sources.outputGradient : nil)
      if let link, arriving > 0 {
        state.operations[layer + 1] += state.layers[layer].receive(
          state.passed, arriving, over: link, .backward)
      }
      state.layers[layer].fire(neuron, .backward)
    }
  }

  /// Steps until `step` steps have been done.
  public func run(_ state: inout StageState, _ sources: Sources, to step: Int) {
    while state.step < step { self.step(&state, sources) }
  }

  /// `β = V_b ·` weighted mean, for each unit of a layer in engine order.
  public func beta(_ state: StageState, _ layer: Int) -> [Float] {
    state.rate(layer).map { network.dynamics.backward.resetAmount * $0 }
  }
}

extension StageState {
  /// Collects the spikes of a layer that pass a gate; returns their number.
  fileprivate mutating func passGate(_ layer: Int, _ gate: [UInt8]) -> Int {
    let count = layers[layer].eventCount
    if count == 0 { return 0 }
    if passed.count < layers[layer].events.count {
      passed = [Int32](repeating: 0, count: layers[layer].events.count)
    }
    return Int(spike_gate(layers[layer].events, Int32(count), gate, &passed))
  }
}
