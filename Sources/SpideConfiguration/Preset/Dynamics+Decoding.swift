import SpideEngine

extension Dynamics {
  init(
    forward: YAMLNode?, backward: YAMLNode?, steps: YAMLNode, training: YAMLNode
  ) throws(ConfigurationError) {
    // TheMethod.md, "Symbols": the defaults.
    var neuron = NeuronParameters()
    if let forward {
      neuron = try NeuronParameters(decoding: forward, default: neuron)
    }
    // Unless it is given, the backward leak is the forward one.
    var backwardNeuron = NeuronParameters(threshold: 0.5, leak: neuron.leak)
    if let backward {
      backwardNeuron = try NeuronParameters(decoding: backward, default: backwardNeuron)
    }
    let stepFields = try Fields(steps, keys: ["forward", "backward"])
    self.init(
      forward: neuron, backward: backwardNeuron,
      forwardSteps: try stepFields.required("forward", "the steps T_F")
        .integer(1...Dynamics.mostSteps),
      backwardSteps: try stepFields.required("backward", "the steps T_B")
        .integer(1...Dynamics.mostSteps),
      lossScale: try Fields(training, keys: TrainingPlan.keys)
        .number("loss-scale", Bounds(above: 0, atMost: 1e6), default: 100))
  }
}

extension NeuronParameters {
  init(decoding node: YAMLNode, default neuron: NeuronParameters) throws(ConfigurationError) {
    let fields = try Fields(node, keys: ["threshold", "reset", "leak"])
    self = neuron
    threshold = try fields.number(
      "threshold", Bounds(above: 0, atMost: 1e6), default: threshold)
    if let reset = fields["reset"] {
      self.reset = try ResetMode(decoding: reset, threshold: threshold)
    }
    leak = try fields.number("leak", Bounds(above: 0, atMost: 1), default: leak)
  }
}

extension ResetMode {
  init(decoding node: YAMLNode, threshold: Float) throws(ConfigurationError) {
    switch node.content {
    case .scalar("minus-threshold", _): self = .minusThreshold
    case .scalar("zero", _): self = .zero
    case .scalar(let text, isPlain: true) where Scalar.isNumber(text):
      let bounds = Bounds(atLeast: -1e6, below: threshold)
      guard let value = Float(text), bounds.contain(value) else {
        throw node.mismatch(
          expected: "a number below the threshold \(brief(threshold)), and at least -1000000")
      }
      self = .potential(value)
    case .scalar(let text, _):
      let words = ["minus-threshold", "zero"]
      throw node.mismatch(
        expected: "minus-threshold, zero or a number below the threshold"
          + Spelling.hint(for: text, in: words))
    default:
      throw node.mismatch(expected: "minus-threshold, zero or a number below the threshold")
    }
  }
}
