import SpideEngine

extension TrainingPlan {
  /// Keys of the `training` section; `loss-scale` belongs to ``Dynamics``.
  static let keys = ["epochs", "batch", "optimizer", "learning-rate", "weight-decay", "loss-scale"]

  init(decoding node: YAMLNode, initialWeights: InitialWeights) throws(ConfigurationError) {
    let fields = try Fields(node, keys: TrainingPlan.keys)
    self.init(
      epochs: try fields.required("epochs", "passes over the training set").integer(1...100_000),
      batch: try fields.required("batch", "samples per update").integer(1...65_536),
      optimizer: try fields["optimizer"].map(OptimizerKind.init(decoding:)) ?? .standard,
      learningRate: try LearningRateSchedule(
        decoding: try fields.required("learning-rate", "{ base: 0.1 } or the like")),
      weightDecay: try fields.number("weight-decay", Bounds(atLeast: 0, atMost: 1000), default: 0),
      initialWeights: initialWeights)
  }
}

extension OptimizerKind {
  init(decoding node: YAMLNode) throws(ConfigurationError) {
    let names = OptimizerKind.all.map { $0.name }
    let chosen = try Fields(node, keys: names).choice(names)
    guard let rule = OptimizerKind.all.first(where: { $0.name == chosen.key }) else {
      preconditionFailure("\(chosen.key) is none of the choices")
    }
    let fields = try Fields(chosen.value, keys: rule.constants.map(\.name))
    var constants: [Float] = []
    for constant in rule.constants {
      let bounds = Bounds(
        atLeast: constant.range.lowerBound, below: constant.range.upperBound)
      constants.append(try fields.number(constant.name, bounds, default: constant.fallback))
    }
    self.init(rule.init(constants: constants))
  }
}

extension LearningRateSchedule {
  init(decoding node: YAMLNode) throws(ConfigurationError) {
    let fields = try Fields(node, keys: ["base", "decay-at", "decay-by", "warmup-batches"])
    var epochs: [Int] = []
    for epoch in try fields["decay-at"]?.list(0...1000, of: "epochs") ?? [] {
      let value = try epoch.integer(0...100_000)
      if let last = epochs.last, value <= last {
        throw epoch.mismatch(expected: "epochs in ascending order, here above \(last)")
      }
      epochs.append(value)
    }
    self.init(
      base: try fields.required("base", "the learning rate of the first epoch")
        .number(Bounds(above: 0, atMost: 1e6)),
      decayAt: epochs,
      decayBy: try fields.number("decay-by", Bounds(above: 0, atMost: 1), default: 0.1),
      warmupBatches: try fields.integer("warmup-batches", 0...1_000_000_000, default: 0))
  }
}
