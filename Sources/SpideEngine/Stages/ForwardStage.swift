import CSpikeKernels

/// The forward stage: binary spikes run towards the equilibrium firing rate (METHOD.md, "Forward stage").
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

  /// One time step: layers `0 … N-1` in order; the feedback brings the last step's spikes.
  public func step(_ state: inout StageState, _ drive: Drive) {
    let dynamics = network.dynamics
    state.beginStep(leak: dynamics.forward.leak)
    for layer in 0..<network.layerCount {
      let link = layer == 0 ? network.feedback : network.links[layer - 1]
      let mask = layer == 0 ? drive.masks?.feedback : drive.masks?.links[layer - 1]
      let source = layer == 0 ? network.layerCount - 1 : layer - 1
      let arriving = link == nil ? 0 : state.layers[source].eventCount

      let nothingComes = layer > 0 && drive.quiet[layer] == nil && arriving == 0
      if nothingComes, dynamics.forward.leak == 1, !state.layers[layer].isRestless {
        state.layers[layer].keepSilent()
        continue
      }
      state.setCurrent(layer, layer == 0 ? drive.input(at: state.step, network) : nil)
      if let link, arriving > 0, let mask {
        state.addSpikes(of: source, to: layer, mask: mask, bias: link.bias) {
          link.map.add($0, $1, rows: link.forwardRows, to: $2)
        }
      } else {
        if let quiet = drive.quiet[layer] { spikeAdd(&state.layers[layer].current, quiet) }
        if let link, arriving > 0 {
          state.addSpikes(of: source, to: layer) {
            link.map.add($0, $1, rows: link.forwardRows, to: $2)
          }
        }
      }
      state.layers[layer].fire(dynamics.forward, ternary: false)
    }
  }

  /// Steps until `step` steps have been done.
  public func run(_ state: inout StageState, _ drive: Drive, to step: Int) {
    while state.step < step { self.step(&state, drive) }
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

  /// `current += link(spikes)`: lets `link` add what this step's spikes of a layer send to another (or to itself).
  mutating func addSpikes(
    of source: Int, to target: Int,
    _ link: (UnsafePointer<Int32>, Int, UnsafeMutablePointer<Float>) -> Int
  ) {
    layers.withUnsafeMutableBufferPointer { layers in
      let count = layers[source].eventCount
      let events = layers[source].events
      events.withUnsafeBufferPointer { events in
        layers[target].current.withUnsafeMutableBufferPointer { current in
          guard let events = events.baseAddress, let current = current.baseAddress else { return }
          synapticOperations += link(events, count, current)
        }
      }
    }
  }

  /// `current += mask ⊙ (bias + link(spikes))`.
  mutating func addSpikes(
    of source: Int, to target: Int, mask: [UInt8], bias: [Float]?,
    _ link: (UnsafePointer<Int32>, Int, UnsafeMutablePointer<Float>) -> Int
  ) {
    let units = layers[target].current.count
    var sums = bias ?? [Float](repeating: 0, count: units)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      synapticOperations += link(layers[source].events, layers[source].eventCount, sums)
    }
    spike_add_gated(&layers[target].current, sums, mask, Int32(units))
  }
}
