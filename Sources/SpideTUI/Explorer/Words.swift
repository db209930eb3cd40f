import SpideEngine

/// How the explorer writes numbers and names.
public enum Words {
  /// `1.0`, `0.95`, `0.5`: up to three decimals, at least one.
  static func constant(_ value: Float) -> String {
    var text = NumberText.fixed(Double(value), decimals: 3)
    while text.hasSuffix("0"), !text.hasSuffix(".0") { text.removeLast() }
    return text
  }

  /// `−Vth`, `0` or a number.
  static func reset(_ neuron: NeuronParameters) -> String {
    switch neuron.reset {
    case .minusThreshold: return "−Vth"
    case .zero: return "0"
    case .potential(let value): return constant(value)
    }
  }

  /// `IF` or `LIF λ 0.95`.
  static func neuron(_ dynamics: Dynamics) -> String {
    dynamics.leak == 1 ? "IF" : "LIF λ \(constant(dynamics.leak))"
  }

  /// `L0 #17`, or `L1 #37 (2,4,1)` where the layer has feature maps: channel, row, column.
  static func unit(_ unit: UnitID, _ plan: NetworkPlan) -> String {
    let shape = plan.layers[unit.layer]
    let index = shape.channelsFirstIndex(unit.unit)
    guard shape.places > 1 else { return "L\(unit.layer) #\(index)" }
    let place = unit.unit / shape.channels
    let channel = unit.unit % shape.channels
    return "L\(unit.layer) #\(index) (\(channel),\(place / shape.width),\(place % shape.width))"
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

  /// `12 s`, `3 min 5 s`, `2 h 10 min`.
  public static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    let whole = Int(seconds.rounded())
    if whole < 60 {
      return seconds < 10 ? NumberText.fixed(seconds, decimals: 1) + " s" : "\(whole) s"
    }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole / 60 % 60) min"
  }

  /// `1 batch`, `46 batches`, `1 epoch`, `2 epochs`.
  static func counted(_ count: Int, _ noun: String) -> String {
    let plural = noun == "batch" ? noun + "es" : noun + "s"
    return "\(self.count(count)) \(count == 1 ? noun : plural)"
  }

  /// `12,345,678`.
  static func count(_ value: Int) -> String {
    let digits = String(abs(value))
    var text = ""
    for (offset, digit) in digits.reversed().enumerated() {
      if offset > 0, offset % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + String(text.reversed())
  }
}

extension Adjustable {
  /// Its name and value.
  func description(_ dynamics: Dynamics) -> String {
    switch self {
    case .threshold: return "Vth \(Words.constant(dynamics.forward.threshold))"
    case .backwardThreshold: return "Vth,b \(Words.constant(dynamics.backward.threshold))"
    case .leak: return "λ \(Words.constant(dynamics.leak))"
    case .forwardSteps: return "T_F \(dynamics.forwardSteps)"
    case .backwardSteps: return "T_B \(dynamics.backwardSteps)"
    }
  }

  /// The constants after some clicks up or down; unchanged at the end of the range.
  func changed(_ dynamics: Dynamics, by clicks: Int) -> Dynamics {
    var changed = dynamics
    func rounded(_ value: Float, _ unit: Float) -> Float { (value / unit).rounded() * unit }
    func moved(_ neuron: NeuronParameters) -> Float {
      let value = rounded(neuron.threshold + 0.1 * Float(clicks), 0.1)
      // The threshold stays above a reset that is given as a number.
      if case .potential(let reset) = neuron.reset, value <= reset { return neuron.threshold }
      return min(max(value, 0.1), 100)
    }
    switch self {
    case .threshold: changed.forward.threshold = moved(dynamics.forward)
    case .backwardThreshold: changed.backward.threshold = moved(dynamics.backward)
    case .leak: changed.leak = min(max(rounded(dynamics.leak + 0.01 * Float(clicks), 0.01), 0.5), 1)
    case .forwardSteps: changed.forwardSteps = min(max(dynamics.forwardSteps + 5 * clicks, 1), 2000)
    case .backwardSteps:
      changed.backwardSteps = min(max(dynamics.backwardSteps + 10 * clicks, 1), 2000)
    }
    return changed
  }
}
