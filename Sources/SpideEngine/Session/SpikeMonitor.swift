/// Every spike of every layer.
public struct SpikeMonitor: Monitor, Equatable {
  /// Spikes of the forward stage: `[layer][step]`.
  public private(set) var forward: [[SpikeEvents]] = []
  /// Spikes of the backward stage: `[layer][step]`.
  public private(set) var backward: [[SpikeEvents]] = []

  /// A monitor that has seen nothing.
  public init() {}

  /// Begins with the layers of another network.
  public mutating func begin(_ network: PackedNetwork) {
    forward = Array(repeating: [], count: network.layerCount)
    backward = forward
  }

  /// Takes in the spikes of a step.
  public mutating func record(_ state: SampleState) {
    if let stage = state.backward {
      for layer in backward.indices { backward[layer].append(stage.layers[layer].spikes) }
    } else {
      for layer in forward.indices { forward[layer].append(state.forward.layers[layer].spikes) }
    }
  }
}

extension MonitorName<SpikeMonitor> {
  /// The spikes that rasters draw.
  public static var spikes: Self { Self("spikes") }
}
