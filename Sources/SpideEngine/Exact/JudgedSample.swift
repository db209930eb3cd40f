/// One sample stepped through both stages in single precision, while the dense program in double precision goes along and
/// judges: every spike and potential, rates, gates, the readout, and then gradients, each from what the stages had before.
package struct JudgedSample {
  /// The end of the forward stage.
  package private(set) var forward: StageState
  /// The end of the backward stage.
  package private(set) var backward: StageState
  /// The classes.
  package let readout: Readout
  /// The gradients of the stages.
  package let gradients: Parameters
  /// What precision does not explain, in words: the first thing; nil where there is nothing.
  package private(set) var fault: String?

  /// The dense program's gradients from the same rates, by parameter.
  private let expected: [String: [Double]]
  /// The same with every factor's size in its place: what they would be if nothing cancelled.
  private let sizes: [String: [Double]]

  /// Runs one sample.
  ///
  /// - Parameters:
  ///   - twin: the same network and constants, and the same masks.
  ///   - batch: the method's divisor of `g`.
  ///   - exactly: for a network whose numbers are all exact in single precision, a `g` that is so too, from the one that
  ///     the softmax gives; nil for any other network.
  package init(
    network: PackedNetwork, twin: DenseStages, input: InputSignal, label: Int, batch: Int = 1,
    masks: DropoutMasks? = nil, exactly: ((Float) -> Float)? = nil
  ) {
    let shapes = network.plan.layers
    let last = shapes.count - 1
    var fault: String?
    func judge(_ what: String, _ isGood: Bool) { if !isGood, fault == nil { fault = what } }
    func judge(_ stage: String, _ trajectory: DenseStages.Trajectory) {
      if let found = trajectory.fault, fault == nil { fault = "\(stage) stage, \(found)" }
    }

    let inputCurrent = InputCurrent(network: network, input: input, masks: masks)
    let forwardStage = ForwardStage(network)
    var forward = forwardStage.start()
    let dense = twin.forward(
      input,
      following: DenseStages.Leader(isExact: exactly != nil) {
        forwardStage.step(&forward, inputCurrent)
        return DenseStages.Step(forward, shapes)
      })
    judge("forward", dense)
    let rates = shapes.indices.map { shapes[$0].channelsFirst(forward.rate($0)).map(Double.init) }
    for layer in shapes.indices {
      judge("rates of layer \(layer)", near(rates[layer], dense.rates[layer]))
    }

    let readout = Readout(network: network, rate: forward.rate(last))
    judge("logits", twin.explains(logits: readout.logits, rates: rates[last]))
    let scale = network.dynamics.lossScale / Float(batch)
    let scores = readout.logitGradient(label: label, scale: scale)
    judge(
      "logit gradient",
      near(
        scores, twin.logitGradient(readout.logits.map(Double.init), label: label, batch: batch),
        size: Double(scale)))
    let outputGradient = Readout.outputGradient(network: network, logitGradient: scores)
    judge(
      "output gradient",
      near(
        shapes[last].channelsFirst(outputGradient), twin.outputGradient(scores.map(Double.init))))

    let sources = BackwardStage.Sources(
      forward: forward, inputCurrent: inputCurrent,
      outputGradient: exactly.map { outputGradient.map($0) } ?? outputGradient)
    let gates = shapes.indices.map { shapes[$0].channelsFirst(sources.gates[$0]).map(Double.init) }
    for (layer, exact) in twin.gates(dense.rates).enumerated() {
      judge(
        "gates of layer \(layer)",
        zip(zip(gates[layer], exact), dense.rates[layer]).allSatisfy { gate, rate in
          // With a leak the last bits of a rate near 0 or 1 may be lost.
          gate.0 == gate.1
            || (network.dynamics.forward.leak < 1 && rate > 0
              && min(rate, 1 - rate) < JudgedSample.tolerance)
        })
    }

    let backwardStage = BackwardStage(network)
    var backward = backwardStage.start()
    let denseBack = twin.backward(
      shapes[last].channelsFirst(sources.outputGradient).map(Double.init), gates: gates,
      following: DenseStages.Leader(isExact: exactly != nil) {
        backwardStage.step(&backward, sources)
        return DenseStages.Step(backward, shapes)
      })
    judge("backward", denseBack)
    let betas = shapes.indices.map {
      shapes[$0].channelsFirst(backwardStage.beta(backward, $0)).map(Double.init)
    }
    for (layer, beta) in twin.betas(denseBack).enumerated() {
      judge(
        "β of layer \(layer)",
        near(betas[layer], beta, size: Double(network.dynamics.backward.resetAmount)))
    }

    var sums = Gradients(network: network)
    sums.add(
      network: network, inputCurrent: inputCurrent, forward: forward, backward: backward,
      sources: sources,
      rate: forward.rate(last), logitGradient: scores)
    gradients = sums.parameters(network: network)
    func absolute(_ values: [[Double]]) -> [[Double]] { values.map { $0.map { abs($0) } } }
    expected = twin.gradients(
      input, rates: rates, gates: gates, betas: betas, logitGradient: scores.map(Double.init))
    sizes = twin.gradients(
      .constant(input.mean.map { abs($0) }), rates: absolute(rates), gates: gates,
      betas: absolute(betas), logitGradient: scores.map { Double(abs($0)) })
    (self.forward, self.backward, self.readout) = (forward, backward, readout)
    self.fault = fault
    let distance = distance(of: gradients)
    if fault == nil, !(distance < JudgedSample.tolerance) {
      self.fault = "gradients: off by \(distance) of their size"
    }
  }

  /// Shares of a size that single precision explains: sums of a thousand numbers with the bits of ``StageJudge/unit``.
  package static let tolerance = 1e-4

  /// `‖gradient - dense‖ / ‖size‖` of the parameter where it is largest. The size is what the dense gradient would be
  /// if nothing cancelled in it; infinite where a number is none.
  package func distance(of gradients: Parameters) -> Double {
    let distances = zip(gradients.specifications, gradients.values).map { specification, values in
      var (difference, size) = (0.0, 0.0)
      let dense = expected[specification.name] ?? []
      let sizes = sizes[specification.name] ?? []
      guard values.count == dense.count else { return Double.infinity }
      for (value, numbers) in zip(values, zip(dense, sizes)) {
        difference += (Double(value) - numbers.0) * (Double(value) - numbers.0)
        size += numbers.1 * numbers.1
      }
      if difference == 0 { return 0 }
      return difference.isFinite ? (difference / size).squareRoot() : .infinity
    }
    return distances.max() ?? .infinity
  }
}

extension DenseStages.Step {
  /// The step that a stage has just done.
  fileprivate init(_ state: StageState, _ shapes: [LayerShape]) {
    self.init(
      spikes: zip(state.layers, shapes).map { layer, shape in
        var spikes = [Double](repeating: 0, count: shape.count)
        layer.spikes.forEach { spikes[$0] = Double($1) }
        return shape.channelsFirst(spikes)
      },
      potentials: zip(state.layers, shapes).map { layer, shape in
        shape.channelsFirst(layer.potential).map(Double.init)
      })
  }
}

/// Whether no number is off by more than a share of `size` and of the largest expected one.
private func near(_ values: [Double], _ expected: [Double], size: Double = 1) -> Bool {
  let largest = expected.reduce(size) { max($0, abs($1)) }
  return values.count == expected.count
    && zip(values, expected).allSatisfy { abs($0 - $1) <= JudgedSample.tolerance * largest }
}

private func near(_ values: [Float], _ expected: [Double], size: Double = 1) -> Bool {
  near(values.map(Double.init), expected, size: size)
}

extension DenseStages {
  /// Whether logits are those of some rates but for rounding.
  func explains(logits: [Float], rates: [Double]) -> Bool {
    let terms = 8 + Double(rates.count).squareRoot()
    let exact = self.logits(rates)
    return logits.indices.allSatisfy { row in
      let size = rates.indices.reduce(abs(classifier.bias[row])) {
        $0 + abs(classifier.weight[row * rates.count + $1] * rates[$1])
      }
      return abs(Double(logits[row]) - exact[row]) <= StageJudge.unit * terms * size
    }
  }
}
