import SpideEngine
import Testing

/// The share of samples whose class is among the first five, against scores that are sorted.
@Suite struct TopFiveTests {
  @Test(arguments: [10, 11, 12]) func amongTheFirstFive(classes: Int) throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(units: 6), classes: classes, input: Link(.dense(units: 20)), links: [])
    let parameters = Parameters(initial: .kaiming, plan: plan, seed: 3)
    let dynamics = Dynamics(forwardSteps: 8, backwardSteps: 1)
    let set = NormalSet(plan, count: 60, frames: 1)
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    let right = try (0..<set.count).count { index in
      var session = Session(network: network, input: set.signal(index), label: nil)
      session.move(to: session.end)
      let scores = try #require(session.readout).logits
      // Of equal scores the first classes come first.
      let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
      return order.prefix(5).contains(set.label(index))
    }
    let evaluation = Evaluation(
      of: set, plan: plan, parameters: parameters, dynamics: dynamics, threads: 2)
    #expect(right > 5 && right < 55, "\(right)")
    #expect(evaluation.top5Accuracy == (classes > 10 ? Double(right) / 60 : nil))
  }
}
