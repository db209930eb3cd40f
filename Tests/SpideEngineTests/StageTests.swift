import SpideEngine
import Testing

/// Both stages, the readout and the gradients against ``DenseStages`` on random networks.
///
/// Spikes must be the very same up to the first step where a potential comes within 1e-4 of a threshold: that is ten times
/// what single precision may lose on the way there, so before it a difference is a fault. From that step on the two runs may part,
/// and the case ends. Tolerances are shares of the largest value of a tensor: 3e-5, what some 20 steps of
/// some 50 additions may round.
@Suite struct StageTests {
  @Test(arguments: NetworkCase.Form.allCases) func matchDenseStages(_ form: NetworkCase.Form) {
    var whole = 0
    var kinds: Set<String> = []
    for seed in UInt64(0)..<100 {
      let sample = NetworkCase(form, seed: seed)
      if StageComparison(sample, "\(form) seed \(seed): \(sample.testDescription)")
        .compare(margin: form == .ties ? 0 : 1e-4)
      {
        whole += 1
      }
      if sample.plan.feedback != nil { kinds.insert("feedback") }
      if sample.masks != nil { kinds.insert("dropout") }
      if case .varying = sample.input { kinds.insert("varying") }
    }
    // Few cases may be cut short, or the test would say little.
    #expect(whole >= (form == .ties ? 100 : 60), "\(whole) of 100 cases ran to their end")
    #expect(kinds.isSuperset(of: ["dropout", "varying"]), "the cases had only \(kinds)")
    #expect(kinds.contains("feedback") || form == .maps)
  }
}

/// One sample in both programs, side by side.
private struct StageComparison {
  let sample: NetworkCase
  let name: String
  let network: PackedNetwork
  let twin: DenseStages
  var shapes: [LayerShape] { sample.plan.layers }

  init(_ sample: NetworkCase, _ name: String) {
    self.sample = sample
    self.name = name
    network = sample.network
    twin = sample.twin
  }

  /// Compares up to the first tie; true where there was none.
  func compare(margin: Double) -> Bool {
    let drive = Drive(network: network, input: sample.input, masks: sample.masks)
    let forwardStage = ForwardStage(network)
    var forward = forwardStage.start()
    let dense = twin.forward(sample.input)
    guard
      follow(&forward, dense, margin: margin, stage: "F", step: { forwardStage.step(&$0, drive) })
    else { return false }

    let run = SampleRun(
      network: network, input: sample.input, label: sample.label, batch: 2, masks: sample.masks)
    let logits = twin.logits(dense.rates[shapes.count - 1])
    let scores = twin.scoreGradient(logits, label: sample.label, batch: 2)
    let outputGradient = twin.outputGradient(scores)
    guard let ended = run.backward else {
      Issue.record("no backward stage: \(name)")
      return false
    }
    near("logits", run.readout.logits, logits)
    near("score gradient", ended.scoreGradient, scores)
    near("g", shapes[shapes.count - 1].channelsFirst(ended.sources.outputGradient), outputGradient)
    let gates = twin.gates(dense.rates)
    for (layer, shape) in shapes.enumerated() {
      near(
        "gate \(layer)", shape.channelsFirst(ended.sources.gates[layer]).map(Float.init),
        gates[layer])
    }

    // Both start from the same g: the softmax's rounding is no part of the stage, and a g in steps of 1/64 keeps ties exact.
    let started = outputGradient.map { margin == 0 ? NetworkCase.rounded(Float($0)) : Float($0) }
    let sources = BackwardStage.Sources(
      forward: forward, drive: drive,
      outputGradient: shapes[shapes.count - 1].channelsLast(started))
    let backwardStage = BackwardStage(network)
    var backward = backwardStage.start()
    let denseBack = twin.backward(started.doubles, gates: gates)
    guard
      follow(
        &backward, denseBack, margin: margin, stage: "B",
        step: { backwardStage.step(&$0, sources) })
    else { return false }
    let betas = twin.betas(denseBack)
    for (layer, shape) in shapes.enumerated() {
      near("β \(layer)", shape.channelsFirst(backwardStage.beta(backward, layer)), betas[layer])
    }

    var sums = Gradients(network: network)
    sums.add(
      network: network, drive: drive, forward: forward, backward: backward, sources: sources,
      rate: run.outputRate, scoreGradient: ended.scoreGradient)
    let gradients = sums.parameters(network: network)
    let expected = twin.gradients(
      sample.input, rates: dense.rates, gates: gates, betas: betas, scoreGradient: scores)
    #expect(Set(gradients.specifications.map(\.name)) == Set(expected.keys), "\(name)")
    for (name, values) in expected { near(name, gradients[name] ?? [], values) }
    return true
  }

  /// Steps both until a tie; true where none came.
  private func follow(
    _ state: inout StageState, _ course: DenseStages.Course, margin: Double, stage: String,
    step: (inout StageState) -> Void
  ) -> Bool {
    for index in course.spikes.indices {
      if course.margins[index] < margin { return false }
      step(&state)
      for (layer, shape) in shapes.enumerated() {
        var spikes = [Double](repeating: 0, count: shape.count)
        state.layers[layer].spikes.forEach { spikes[$0] = Double($1) }
        guard shape.channelsFirst(spikes) == course.spikes[index][layer] else {
          Issue.record("\(stage)\(index + 1) L\(layer) spikes differ: \(name)")
          return false
        }
        near(
          "\(stage)\(index + 1) L\(layer) potential",
          shape.channelsFirst(state.layers[layer].potential), course.potentials[index][layer])
      }
    }
    for (layer, shape) in shapes.enumerated() {
      near("\(stage) rate \(layer)", shape.channelsFirst(state.rate(layer)), course.rates[layer])
    }
    return true
  }

  private func near(_ what: String, _ values: [Float], _ expected: [Double]) {
    let off = distance(values, expected)
    #expect(off <= 3e-5, "\(what) is off by \(off): \(name)")
  }
}
