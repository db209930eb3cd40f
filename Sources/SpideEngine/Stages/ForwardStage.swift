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
      let frame = layer == 0 && !drive.frames.isEmpty ? drive.frames[state.step - 1] : nil

      let nothingComes = drive.base[layer] == nil && arriving == 0 && frame == nil
      if nothingComes, dynamics.forward.leak == 1, !state.layers[layer].isRestless {
        state.layers[layer].keepSilent()
        continue
      }
      state.setCurrent(layer, drive.base[layer])
      if let frame { drive.addFrame(frame, network: network, to: &state.layers[layer].current) }
      if let link, arriving > 0 {
        state.addSpikes(of: source, to: layer, mask: mask) { events, count, current in
          link.map.add(events, count, rows: link.forwardRows, to: current)
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

  /// `current += mask ⊙ link(spikes)`: lets `link` add what this step's spikes of a layer send to another (or to itself).
  mutating func addSpikes(
    of source: Int, to target: Int, mask: [UInt8]?,
    _ link: (UnsafePointer<Int32>, Int, UnsafeMutablePointer<Float>) -> Int
  ) {
    let units = layers[target].current.count
    let count = layers[source].eventCount
    if mask != nil, scratch.count < units { scratch = [Float](repeating: 0, count: units) }
    layers.withUnsafeMutableBufferPointer { layers in
      let events = layers[source].events
      events.withUnsafeBufferPointer { events in
        layers[target].current.withUnsafeMutableBufferPointer { current in
          guard let events = events.baseAddress, let current = current.baseAddress else { return }
          guard let mask else {
            synapticOperations += link(events, count, current)
            return
          }
          scratch.withUnsafeMutableBufferPointer { scratch in
            guard let scratch = scratch.baseAddress else { return }
            scratch.update(repeating: 0, count: units)
            synapticOperations += link(events, count, scratch)
            spike_add_gated(current, scratch, mask, Int32(units))
          }
        }
      }
    }
  }
}
