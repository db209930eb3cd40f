import SpideEngine
import SpideExperiment

/// How the explorer writes neurons and moments.
extension Words {
  /// `L0 #17`, in file order.
  static func neuron(_ unit: UnitID, _ plan: NetworkPlan) -> String {
    "L\(unit.layer) #\(plan.layers[unit.layer].channelsFirstIndex(unit.unit))"
  }

  /// `L0 #17`, or `L1 #37 (2,4,1)` where the layer has feature maps: channel, row, column.
  static func unit(_ unit: UnitID, _ plan: NetworkPlan) -> String {
    let shape = plan.layers[unit.layer]
    guard shape.positions > 1 else { return neuron(unit, plan) }
    let place = unit.unit / shape.channels
    let channel = unit.unit % shape.channels
    return "\(neuron(unit, plan)) (\(channel),\(place / shape.width),\(place % shape.width))"
  }

  /// `F 17/30`, `readout`, `B 3/100`, `update`.
  static func moment(_ session: Session) -> String {
    switch session.moment {
    case .start: return "start"
    case .forward(let step): return "F \(step)/\(session.dynamics.forwardSteps)"
    case .readout: return "readout"
    case .backward(let step): return "B \(step)/\(session.dynamics.backwardSteps)"
    case .update: return "update"
    }
  }
}

extension Adjustable {
  /// Its name and value.
  func description(_ dynamics: Dynamics) -> String {
    switch self {
    case .threshold: return "Vth \(Words.constant(dynamics.forward.threshold))"
    case .backwardThreshold: return "Vth,b \(Words.constant(dynamics.backward.threshold))"
    case .leak: return "λ \(Words.constant(dynamics.forward.leak))"
    case .backwardLeak: return "λ,b \(Words.constant(dynamics.backward.leak))"
    case .forwardSteps: return "T_F \(dynamics.forwardSteps)"
    case .backwardSteps: return "T_B \(dynamics.backwardSteps)"
    }
  }

  /// The constants after some clicks up or down; unchanged at the end of the range.
  ///
  /// - Parameter sharesLeak: whether the backward leak is that of the forward neurons, and moves with it.
  func changed(_ dynamics: Dynamics, by clicks: Int, sharesLeak: Bool) -> Dynamics {
    var changed = dynamics
    func rounded(_ value: Float, _ unit: Float) -> Float { (value / unit).rounded() * unit }
    func moved(_ neuron: NeuronParameters) -> Float {
      let value = rounded(neuron.threshold + 0.1 * Float(clicks), 0.1)
      // The threshold stays above a reset that is given as a number.
      if case .potential(let reset) = neuron.reset, value <= reset { return neuron.threshold }
      return min(max(value, 0.1), 100)
    }
    func moved(leak: Float) -> Float {
      min(max(rounded(leak + 0.01 * Float(clicks), 0.01), 0.5), 1)
    }
    switch self {
    case .threshold: changed.forward.threshold = moved(dynamics.forward)
    case .backwardThreshold: changed.backward.threshold = moved(dynamics.backward)
    case .leak:
      changed.forward.leak = moved(leak: dynamics.forward.leak)
      if sharesLeak { changed.backward.leak = changed.forward.leak }
    case .backwardLeak: changed.backward.leak = moved(leak: dynamics.backward.leak)
    case .forwardSteps: changed.forwardSteps = min(max(dynamics.forwardSteps + 5 * clicks, 1), 2000)
    case .backwardSteps:
      changed.backwardSteps = min(max(dynamics.backwardSteps + 10 * clicks, 1), 2000)
    }
    return changed
  }
}
