/// Names a neuron: its layer and its unit in engine order.
public struct UnitID: Hashable, Sendable {
  /// `0 … N-1`.
  public var layer: Int
  /// Channels-last index within the layer.
  public var unit: Int

  /// A neuron.
  public init(layer: Int = 0, unit: Int = 0) {
    self.layer = layer
    self.unit = unit
  }

  /// The same neuron, or the nearest that the network has.
  public func clamped(to plan: NetworkPlan) -> UnitID {
    let layer = min(max(layer, 0), plan.layers.count - 1)
    return UnitID(layer: layer, unit: min(max(unit, 0), plan.layers[layer].count - 1))
  }
}

/// The trajectory of one neuron through both stages: element `t - 1` of each array belongs to step `t`.
public struct UnitMonitor: Monitor, Equatable {
  /// The neuron; once a sample has begun, one that its network has.
  public private(set) var unit: UnitID
  /// `u(t)` of the forward stage, after the reset.
  public private(set) var forwardPotential: [Float] = []
  /// `s(t)` of the forward stage: 0 or 1.
  public private(set) var forwardSpikes: [Int] = []
  /// `a(t)`: the weighted mean of the spikes up to `t`.
  public private(set) var rate: [Float] = []
  /// `u(t)` of the backward stage, after the reset.
  public private(set) var backwardPotential: [Float] = []
  /// `s(t)` of the backward stage: -1, 0 or 1.
  public private(set) var backwardSpikes: [Int] = []
  /// `β(t)`.
  public private(set) var beta: [Float] = []
  /// `V_b`.
  private var backwardDrop: Float = 0

  /// A monitor of a neuron, that has seen nothing.
  public init(_ unit: UnitID) { self.unit = unit }

  /// Begins with the neuron that the network has in this place, or the nearest.
  public mutating func begin(_ network: PackedNetwork) {
    self = UnitMonitor(unit.clamped(to: network.plan))
    backwardDrop = network.dynamics.backward.resetAmount
  }

  /// Takes in the neuron's step.
  public mutating func record(_ state: SampleState) {
    let (layer, unit) = (unit.layer, unit.unit)
    if let backward = state.backward {
      backwardPotential.append(backward.layers[layer].potential[unit])
      backwardSpikes.append(backward.layers[layer].spikes.spike(of: unit))
      beta.append(backwardDrop * backward.rate(layer, unit: unit))
    } else {
      forwardPotential.append(state.forward.layers[layer].potential[unit])
      forwardSpikes.append(state.forward.layers[layer].spikes.spike(of: unit))
      rate.append(state.forward.rate(layer, unit: unit))
    }
  }
}

extension MonitorName<UnitMonitor> {
  /// The neuron that is watched.
  public static var unit: Self { Self("unit") }
}
