import SpideEngine

extension DynamicsLog {
  /// The log as a checkpoint keeps it, with the names of a preset's keys: a list of `{"batch":40,"neuron":{…},…}`.
  var json: JSON {
    .array(
      entries.map { entry in
        let dynamics = entry.dynamics
        return .object([
          ("batch", .int(entry.batch)), ("neuron", dynamics.forward.json),
          ("backward", dynamics.backward.json),
          (
            "steps",
            .object([
              ("forward", .int(dynamics.forwardSteps)), ("backward", .int(dynamics.backwardSteps)),
            ])
          ), ("loss_scale", .float(dynamics.lossScale)),
        ])
      })
  }

  /// Reads what ``json`` gives, of constants that presets may have; nil for anything else.
  init?(json: JSON) {
    guard case .array(let values) = json else { return nil }
    let entries = values.compactMap(Entry.init(json:))
    guard entries.count == values.count else { return nil }
    self.init(entries)
  }
}

extension DynamicsLog.Entry {
  fileprivate init?(json: JSON) {
    guard let batch = json["batch"]?.integer,
      let forward = json["neuron"].flatMap(NeuronParameters.init(json:)),
      let backward = json["backward"].flatMap(NeuronParameters.init(json:)),
      let forwardSteps = json["steps"]?["forward"]?.integer,
      let backwardSteps = json["steps"]?["backward"]?.integer,
      let lossScale = json["loss_scale"]?.finiteNumber
    else { return nil }
    let dynamics = Dynamics(
      forward: forward, backward: backward, forwardSteps: forwardSteps,
      backwardSteps: backwardSteps, lossScale: Float(lossScale))
    guard dynamics.isInRange else { return nil }
    self.init(batch: batch, dynamics: dynamics)
  }
}

extension NeuronParameters {
  fileprivate var json: JSON {
    let reset: JSON =
      switch self.reset {
      case .minusThreshold: .string(NeuronParameters.minusThreshold)
      case .zero: .string(NeuronParameters.zero)
      case .potential(let value): .float(value)
      }
    return .object([("threshold", .float(threshold)), ("reset", reset), ("leak", .float(leak))])
  }

  fileprivate init?(json: JSON) {
    guard let threshold = json["threshold"]?.finiteNumber, let reset = json["reset"],
      let leak = json["leak"]?.finiteNumber
    else { return nil }
    self.init(threshold: Float(threshold), leak: Float(leak))
    switch reset.text {
    case NeuronParameters.minusThreshold?: self.reset = .minusThreshold
    case NeuronParameters.zero?: self.reset = .zero
    case _?: return nil
    case nil:
      guard let value = reset.finiteNumber else { return nil }
      self.reset = .potential(Float(value))
    }
  }

  private static let minusThreshold = "minus-threshold"
  private static let zero = "zero"
}
