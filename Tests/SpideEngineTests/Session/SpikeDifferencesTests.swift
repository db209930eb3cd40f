import SpideEngine
import Testing

/// Where two runs of a sample spike differently, against a comparison of every neuron at every step.
@Suite struct SpikeDifferencesTests {
  private static func session(_ sample: NetworkCase, _ dynamics: Dynamics) -> Session {
    Session(
      network: PackedNetwork(
        plan: sample.plan, parameters: sample.parameters, dynamics: dynamics),
      input: sample.input, label: sample.label)
  }

  /// Constants that differ in a reset, and steps of which one run has more.
  private static func other(than given: Dynamics, seed: UInt64) -> Dynamics {
    var changed = given
    changed.forward.reset = .zero
    if seed % 2 == 0 { changed.backward.reset = .zero }
    changed.backwardSteps += Int(seed % 3)
    return changed
  }

  /// Differing neurons by hand: `[step][layer]`, each with the spikes of both.
  private static func byHand(
    _ one: [[SpikeEvents]], _ other: [[SpikeEvents]], _ plan: NetworkPlan
  ) -> [[[(unit: Int, one: Int, other: Int)]]] {
    let steps = min(one[0].count, other[0].count)
    return (0..<steps).map { step in
      plan.layers.indices.map { layer in
        (0..<plan.layers[layer].count).compactMap { unit in
          let spikes = (one[layer][step].spike(of: unit), other[layer][step].spike(of: unit))
          return spikes.0 == spikes.1 ? nil : (unit, spikes.0, spikes.1)
        }
      }
    }
  }

  @Test(arguments: NetworkCase.Form.small, UInt64(0)..<8)
  func agreesWithEveryNeuronAtEveryStep(_ form: NetworkCase.Form, _ seed: UInt64) {
    let sample = NetworkCase(form, seed: seed)
    var one = Self.session(sample, sample.dynamics)
    var other = Self.session(sample, Self.other(than: sample.dynamics, seed: seed))
    var differences = SpikeDifferences(sample.plan)
    // In pieces, as they are computed.
    for position in stride(from: 1, to: one.end + 3, by: 3) {
      one.move(to: position)
      other.move(to: other.timeline.position(nearest: one.moment))
      differences.add(one, other)
    }
    other.move(to: other.end)
    differences.add(one, other)
    var firsts: [SpikeDifference] = []
    for (stage, steps) in [
      (Stage.forward, Self.byHand(one.forwardSpikes, other.forwardSpikes, sample.plan)),
      (.backward, Self.byHand(one.backwardSpikes, other.backwardSpikes, sample.plan)),
    ] {
      for (layer, shape) in sample.plan.layers.enumerated() {
        let found = differences[stage][layer]
        #expect(found.steps == steps.count)
        var sum = 0
        for (step, layers) in steps.enumerated() {
          sum += layers[layer].count
          #expect(found.total(step + 1) == layers[layer].count && found.sums[step] == sum)
          for channel in 0..<shape.channels {
            let count = layers[layer].count { $0.unit % shape.channels == channel }
            #expect(Int(found.counts[step * shape.channels + channel]) == count)
          }
        }
      }
      for (step, layers) in steps.enumerated() {
        let moment: Moment = stage == .forward ? .forward(step + 1) : .backward(step + 1)
        #expect(differences.total(at: moment) == layers.reduce(0) { $0 + $1.count })
        let layer = layers.firstIndex { !$0.isEmpty }
        let expected = layer.map { layer in
          SpikeDifference(
            stage, step: step + 1, unit: UnitID(layer: layer, unit: layers[layer][0].unit),
            one: layers[layer][0].one, other: layers[layer][0].other)
        }
        #expect(differences.first(at: moment) == expected)
        if let expected { firsts.append(expected) }
      }
    }
    #expect(differences.firsts == firsts)
  }

  /// Signs count: a neuron that spikes up here and down there differs, and one that spikes alike does not.
  @Test func signsDiffer() throws {
    let differing = (UInt64(0)..<40).contains { seed in
      let sample = NetworkCase(.ties, seed: seed)
      var one = Self.session(sample, sample.dynamics)
      var other = Self.session(sample, Self.other(than: sample.dynamics, seed: seed))
      one.move(to: one.end)
      other.move(to: other.end)
      var differences = SpikeDifferences(sample.plan)
      differences.add(one, other)
      return differences.firsts.contains { $0.one * $0.other < 0 }
    }
    #expect(differing)
  }

  @Test func aRunDoesNotDifferFromItself() {
    let sample = NetworkCase(.dense, seed: 3)
    var session = Self.session(sample, sample.dynamics)
    session.move(to: session.end)
    var differences = SpikeDifferences(sample.plan)
    differences.add(session, session)
    #expect(differences.firsts.isEmpty)
    #expect(
      differences.forward.map(\.steps)
        == sample.plan.layers.map { _ in sample.dynamics.forwardSteps })
    #expect(differences.total(at: .readout) == 0 && differences.first(at: .start) == nil)
  }
}
