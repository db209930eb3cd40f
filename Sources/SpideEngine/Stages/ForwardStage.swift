import CSpikeKernels

/// The forward stage: binary spikes run towards the equilibrium firing rate (TheMethod.md, "Forward stage").
///
/// Holds nothing that changes: a step takes a state and leaves the next one in its place. Its cost follows the spikes
/// that travel, plus one pass over the potentials of each layer.
public struct ForwardStage: Sendable {
  /// The weights and constants.
  public let network: PackedNetwork

  /// A stage over these weights.
  public init(_ network: PackedNetwork) { self.network = network }

  /// Potentials and spikes at 0.
  public func start() -> StageState { StageState(plan: network.plan) }

  /// One time step: layers `0 … N-1` in order; the feedback brings the last step's spikes, and at the first step nothing,
  /// its bias neither.
  public func step(_ state: inout StageState, _ inputCurrent: InputCurrent) {
    let dynamics = network.dynamics
    state.beginStep(leak: dynamics.forward.leak)
    for layer in 0..<network.layerCount {
      let link = layer == 0 ? network.feedback : network.links[layer - 1]
      let source = layer == 0 ? network.layerCount - 1 : layer - 1
      let arriving = link == nil ? 0 : state.layers[source].eventCount
      // Over a link that drops units the bias comes with the spikes: it lies under the same mask.
      let mask =
        arriving == 0
        ? nil : layer == 0 ? inputCurrent.masks?.feedback : inputCurrent.masks?.links[layer - 1]

      let hasArrived = layer > 0 || state.step > 1
      let nothingComes = layer > 0 && inputCurrent.quiet[layer] == nil && arriving == 0
      if nothingComes, dynamics.forward.leak == 1, !state.layers[layer].isSuprathreshold {
        state.layers[layer].keepSilent()
        continue
      }
      state.setCurrent(layer, layer == 0 ? inputCurrent.input(at: state.step, network) : nil)
      if mask == nil, hasArrived, let quiet = inputCurrent.quiet[layer] {
        spikeAdd(&state.layers[layer].current, quiet)
      }
      if let link, arriving > 0 {
        let events = state.layers[source].events
        // The feedback is the last of all links.
        state.operations[layer == 0 ? network.layerCount : layer] += state.layers[layer].receive(
          events, arriving, over: link, .forward, mask: mask)
      }
      state.layers[layer].fire(dynamics.forward, .forward)
    }
  }

  /// Steps until `step` steps have been done.
  public func run(_ state: inout StageState, _ inputCurrent: InputCurrent, to step: Int) {
    while state.step < step { self.step(&state, inputCurrent) }
  }
}

extension StageState {
  /// `current = base`, or 0.
  mutating func setCurrent(_ layer: Int, _ base: [Float]?) {
    layers[layer].current.withUnsafeMutableBufferPointer { current in
      guard let base else { return current.update(repeating: 0) }
      _ = current.update(fromContentsOf: base)
    }
  }
}
