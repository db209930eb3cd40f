import SpideEngine
import Testing

/// Both stages, the readout and the gradients, judged by ``DenseStages`` on random networks: every spike and every potential
/// of every step.
@Suite struct StageTests {
  @Test(arguments: NetworkCase.Form.small) func matchDenseStages(_ form: NetworkCase.Form) {
    var kinds: Set<String> = []
    for seed in UInt64(0)..<100 {
      let sample = NetworkCase(form, seed: seed)
      // A g in steps of 1/64 keeps ties exact.
      let judged = form == .ties ? sample.judged(exactly: NetworkCase.rounded) : sample.judged()
      #expect(judged.fault == nil, "\(form) seed \(seed): \(sample.testDescription)")
      if sample.plan.feedback != nil { kinds.insert("feedback") }
      if sample.masks != nil { kinds.insert("dropout") }
      if sample.frames > 1 { kinds.insert("varying") }
    }
    #expect(kinds.isSuperset(of: ["dropout", "varying"]), "the cases had only \(kinds)")
    #expect(kinds.contains("feedback") || form == .maps)
  }

  /// Of classes that are as likely the first is predicted, as PyTorch's argmax does.
  @Test func ofEqualScoresTheFirstIsPredicted() throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(units: 2), classes: 4, input: Link(.dense(units: 3)), links: [])
    var parameters = Parameters(zerosFor: plan)
    for (biases, prediction) in [
      ([0, 0, 0, 0], 0), ([-1, 2, 1, 2], 1), ([0, 0, 3, 3], 2), ([-1, -3, -1, -2], 0),
    ] as [([Float], Int)] {
      parameters["classifier.bias"] = biases
      let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: Dynamics())
      let readout = Readout(network: network, rate: [0, 0.5, 1])
      #expect(readout.logits == biases && readout.prediction == prediction)
    }
  }

  /// What the judge is for: a weight that is off by a hundredth, and a bias that is forgotten, are no rounding.
  @Test(arguments: NetworkCase.Form.small) func faultsAreFound(_ form: NetworkCase.Form) {
    var found = 0
    var tried = 0
    for seed in UInt64(0)..<40 {
      let sample = NetworkCase(form, seed: seed)
      for name in sample.parameters.specifications.map(\.name) {
        var parameters = sample.parameters
        let values = parameters[name] ?? []
        parameters[name] =
          name.hasSuffix(".bias") ? values.map { _ in 0 } : values.map { $0 * 1.01 }
        let twin = DenseStages(
          plan: sample.plan, parameters: parameters, dynamics: sample.dynamics,
          masks: sample.masks)
        tried += 1
        if sample.judged(by: twin).fault != nil { found += 1 }
      }
    }
    // Some links carry no spike, and a feedback's norm may be limited.
    #expect(found > tried * 7 / 10, "\(found) of \(tried)")
  }
}

extension NetworkCase {
  /// The sample in both stages, judged by a dense program: by its own, unless there is to be a fault.
  func judged(by twin: DenseStages? = nil, exactly: ((Float) -> Float)? = nil) -> JudgedSample {
    JudgedSample(
      network: network, twin: twin ?? self.twin, input: input, label: label, batch: 2,
      masks: masks, exactly: exactly)
  }
}
