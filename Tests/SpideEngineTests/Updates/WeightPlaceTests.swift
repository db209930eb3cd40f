import SpideEngine
import Testing

/// Which pairs of units a weight joins, against the obvious program that goes over all pairs of a link.
@Suite struct WeightPlaceTests {
  @Test(arguments: NetworkCase.Form.allCases, 0..<6 as Range<UInt64>)
  func itJoinsThePairsOfTheLink(_ form: NetworkCase.Form, _ seed: UInt64) throws {
    let plan = NetworkCase(form, seed: seed).plan
    var draw = Draw(seed)
    for (number, specification) in plan.parameters.enumerated() {
      guard let link = plan.link(ofParameter: number), let kind = plan.link(link)?.kind else {
        #expect(specification.name.hasPrefix("classifier"))
        continue
      }
      let (source, target) = (plan.source(of: link), plan.target(of: link))
      let indices = (0..<5).map { _ in draw.integer(0...specification.count - 1) }
      var expected: [Int: Set<[Int]>] = [:]
      if specification.name.hasSuffix(".bias") {
        let shared = target.count / specification.count
        for index in indices {
          expected[index] = Set((index * shared..<(index + 1) * shared).map { [0, $0] })
        }
      } else {
        kind.base.forEachPair(source: source, target: target) { from, to, weight, _ in
          guard let weight, indices.contains(weight) else { return }
          expected[weight, default: []].insert([from, to])
        }
      }
      for index in indices {
        let isBias = specification.name.hasSuffix(".bias")
        let pairs = plan.pairs(of: WeightIndex(parameter: number, index: index)).map {
          [isBias ? 0 : source.channelsFirstIndex($0.source), target.channelsFirstIndex($0.target)]
        }
        #expect(Set(pairs) == expected[index] ?? [], "\(specification.name) \(index) of \(plan)")
        #expect(Set(pairs).count == pairs.count)
      }
    }
    #expect(plan.pairs(of: WeightIndex(parameter: 0, index: -1)).isEmpty)
    #expect(plan.pairs(of: WeightIndex(parameter: plan.parameters.count, index: 0)).isEmpty)
  }

  /// The classifier joins the last layer's units, in file order, to the classes.
  @Test func theClassifierIsDense() throws {
    let plan = try TrainerTests.plan(dropout: 0)
    let number = try #require(plan.parameters.firstIndex { $0.name == "classifier.weight" })
    let last = plan.layers[plan.layers.count - 1]
    for (index, unit, label) in [
      (0, 0, 0), (last.count + 5, 5, 1), (3 * last.count - 1, last.count - 1, 2),
    ] {
      let pairs = plan.pairs(of: WeightIndex(parameter: number, index: index))
      #expect(pairs.count == 1 && pairs[0].target == label)
      #expect(pairs.first.map { last.channelsFirstIndex($0.source) } == unit)
    }
    let bias = plan.pairs(of: WeightIndex(parameter: number + 1, index: 2))
    #expect(bias.count == 1 && bias[0].target == 2)
  }
}
