extension Tally {
  /// What one sample took that was stepped through its stages, for its ledger.
  ///
  /// - Parameters:
  ///   - plan: the shapes.
  ///   - inputCurrent: what reached the layers without spikes.
  ///   - forward: the end of the forward stage.
  ///   - readout: the scores.
  ///   - label: the sample's class; nil where the forward stage alone ran.
  ///   - backward: the end of the backward stage, what started it and the gradient of the logits; nil where it did not run.
  package init(
    plan: NetworkPlan, inputCurrent: InputCurrent, forward: StageState, readout: Readout,
    label: Int?,
    backward: (state: StageState, sources: BackwardStage.Sources, logitGradient: [Float])?
  ) {
    self.init(plan: plan)
    samples = 1
    correct = readout.prediction == label ? 1 : 0
    self.forward = StageTally(forward, plan)
    self.forward.multiplyAccumulates[0] = inputCurrent.products(plan)
    let last = plan.layers.count - 1
    let classifier = plan.classifierConnections
    let rates = Connections.active(forward.layers[last].spikeSum, at: classifier.fanOut)
    let behind = plan.allLinks.count
    self.forward.multiplyAccumulates[behind] = Int(rates[0]) * classifier.fanOut[0]
    guard let (state, sources, logitGradient) = backward else { return }
    self.backward = StageTally(state, plan)
    let errors = Connections.active(logitGradient, at: classifier.fanIn)
    self.backward.multiplyAccumulates[behind] = Int(errors[0]) * classifier.fanIn[0]
    gradient[behind] = classifier.products(rates, errors)
    for (number, link) in plan.allLinks.enumerated() {
      guard let connections = plan.connections(of: link) else { continue }
      let rates: [Float]
      let target: Int
      switch link {
      case .input: (rates, target) = (inputCurrent.meanInput, 0)
      case .link(let index): (rates, target) = (forward.layers[index].spikeSum, index + 1)
      case .feedback: (rates, target) = (forward.layers[last].spikeSum, 0)
      }
      let gate = link == .input ? sources.inputGate : sources.backwardMask[target]
      let errors = zip(state.layers[target].spikeSum, gate).map { $1 == 0 ? 0 : $0 }
      gradient[number] = connections.products(
        Connections.active(rates, at: connections.fanOut),
        Connections.active(errors, at: connections.fanIn))
    }
  }
}

extension StageTally {
  /// What a stage of one sample has done so far, without real numbers.
  fileprivate init(_ state: StageState, _ plan: NetworkPlan) {
    self.init(
      spikes: state.layers.map(\.spikeTotal), updates: plan.layers.map { $0.count * state.step },
      operations: state.operations)
  }
}

extension InputCurrent {
  /// Multiply-accumulates over the input link: of a constant input once, else at each frame.
  fileprivate func products(_ plan: NetworkPlan) -> Int {
    guard let fanOut = plan.connections(of: .input)?.fanOut else { return 0 }
    return (frames.isEmpty ? [meanInput] : frames).reduce(0) { sum, frame in
      zip(Connections.active(frame, at: fanOut), fanOut).reduce(sum) { $0 + Int($1.0) * $1.1 }
    }
  }
}

extension Connections {
  /// How many of some values in engine order are not 0, at each of as many positions as `ends` has.
  fileprivate static func active(_ values: [Float], at ends: [Int]) -> [Int32] {
    let channels = values.count / ends.count
    var counts = [Int32](repeating: 0, count: ends.count)
    for (unit, value) in values.enumerated() where value != 0 { counts[unit / channels] += 1 }
    return counts
  }
}
