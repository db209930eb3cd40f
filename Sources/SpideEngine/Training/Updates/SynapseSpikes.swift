/// The spikes at both ends of a synapse for one sample of a batch, as it was trained on: cut as it was, with its dropout.
package struct SynapseSpikes: Sendable, Equatable {
  /// Forward spikes of the unit before the synapse, 0 or 1 for each step; nil where there are none: the input, a bias.
  package let source: [Int]?
  /// Backward spikes of the unit after it, -1, 0 or 1 for each step; nil for the classifier.
  package let target: [Int]?
  /// `a(t)` of the unit before it and `β(t)` of the one after it; empty where it has no spikes.
  package let rates, errors: [Float]

  /// Steps the sample through both stages, for as long as that is wanted.
  ///
  /// - Parameters:
  ///   - weight: the synapse.
  ///   - pair: the two units.
  ///   - sample: index in the training set.
  ///   - update: the update that the sample took part in.
  ///   - plan: the shapes.
  ///   - samples: the training set, with as many frames as steps where it varies in time.
  ///   - isWanted: asked before every step.
  /// - Returns: nil once it is not wanted any more.
  package init?(
    of weight: WeightIndex, _ pair: WeightAccount.Pair, sample: Int, in update: BatchUpdate,
    plan: NetworkPlan, samples: any SampleSource, while isWanted: () -> Bool = { true }
  ) {
    let dynamics = update.before.dynamics
    let network = PackedNetwork(
      plan: plan, parameters: update.before.parameters, dynamics: dynamics, usesDropout: true)
    let seeds = TrainingJob.seeds(of: sample, update.before.batchSeed)
    var buffer = [Float](repeating: 0, count: samples.frames * samples.shape.count)
    samples.read(sample, augmentation: seeds.augmentation, into: &buffer)
    let input = InputSignal(buffer, frames: samples.frames, size: samples.shape.count)
    let masks = network.usesDropout ? DropoutMasks(network: network, seed: seeds.masks) : nil
    let current = InputCurrent(network: network, input: input, masks: masks)

    let ends = SynapseSpikes.layers(plan.link(ofParameter: weight.parameter), plan)
    var source = ends.source.flatMap { layer in
      pair.source.map { UnitMonitor(UnitID(layer: layer, unit: $0)) }
    }
    var target = ends.target.map { UnitMonitor(UnitID(layer: $0, unit: pair.target)) }
    source?.begin(network)
    target?.begin(network)
    let (forwardStage, backwardStage) = (ForwardStage(network), BackwardStage(network))
    var state = SampleState(forward: forwardStage.start())
    while state.forward.step < dynamics.forwardSteps {
      guard isWanted() else { return nil }
      forwardStage.step(&state.forward, current)
      source?.record(state)
    }
    if target != nil {
      let scored = Scored(
        network: network, state.forward, current, samples.label(sample), update.indices.count)
      guard let sources = scored.sources else { return nil }
      var backward = backwardStage.start()
      while backward.step < dynamics.backwardSteps {
        guard isWanted() else { return nil }
        backwardStage.step(&backward, sources)
        state.backward = backward
        target?.record(state)
      }
    }
    self.source = source?.forwardSpikes
    self.target = target?.backwardSpikes
    rates = source?.rate ?? []
    errors = target?.beta ?? []
  }

  /// The layers at the ends of a link; nil for the input and for the classes. The classifier's link is nil.
  package static func layers(_ link: LinkID?, _ plan: NetworkPlan) -> (source: Int?, target: Int?) {
    let last = plan.layers.count - 1
    switch link {
    case .input: return (nil, 0)
    case .link(let index): return (index, index + 1)
    case .feedback: return (last, 0)
    case nil: return (last, nil)
    }
  }
}
