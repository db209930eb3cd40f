import SpideEngine

extension TrainingPlan {
  /// Keys of the `training` section; `loss-scale` belongs to ``Dynamics``.
  static let keys = ["epochs", "batch", "optimizer", "learning-rate", "weight-decay", "loss-scale"]

  init(decoding node: YAMLNode, initialWeights: InitialWeights) throws(ConfigurationError) {
    let fields = try Fields(node, keys: TrainingPlan.keys)
    let optimizer: OptimizerKind
    if let node = fields["optimizer"] {
      optimizer = try OptimizerKind(decoding: node)
    } else {
      optimizer = .sgd(momentum: 0.9)
    }
    self.init(
      epochs: try fields.required("epochs", "passes over the training set").integer(1...100_000),
      batch: try fields.required("batch", "samples per update").integer(1...65_536),
      optimizer: optimizer,
      learningRate: try LearningRateSchedule(
        decoding: try fields.required("learning-rate", "{ base: 0.1 } or the like")),
      weightDecay: try fields.number("weight-decay", Bounds(atLeast: 0, atMost: 1000), default: 0),
      initialWeights: initialWeights)
  }
}

extension OptimizerKind {
  init(decoding node: YAMLNode) throws(ConfigurationError) {
    let kinds = ["sgd", "adam"]
    let share = Bounds(atLeast: 0, below: 1)
    let chosen = try Fields(node, keys: kinds).choice(kinds)
    if chosen.key == "sgd" {
      let fields = try Fields(chosen.value, keys: ["momentum"])
      self = .sgd(momentum: try fields.number("momentum", share, default: 0.9))
    } else {
      let fields = try Fields(chosen.value, keys: ["beta1", "beta2"])
      self = .adam(
        beta1: try fields.number("beta1", share, default: 0.9),
        beta2: try fields.number("beta2", share, default: 0.999))
    }
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
