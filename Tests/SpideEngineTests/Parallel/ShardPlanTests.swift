import SpideEngine
import Testing

@Suite struct ShardPlanTests {
  @Test(arguments: [1, 2, 3, 8, 64]) func everySampleIsInOneShard(_ most: Int) {
    let plan = ShardPlan(most: most, order: .inPairs)
    for batch in 1...256 {
      let ranges = (0..<plan.count(of: batch)).map { plan.range($0, of: batch) }
      #expect(ranges.flatMap(\.self) == Array(0..<batch), "batch \(batch)")
      #expect(ranges.count <= most && (ranges.count == 1 || ranges.allSatisfy { $0.count >= 8 }))
    }
  }

  /// What runs of earlier programs go on with.
  @Test func theStandardIsEightInTurn() {
    let plan = ShardPlan.standard
    #expect((plan.most, plan.order) == (8, .inTurn))
    #expect([7, 16, 40, 64, 128].map(plan.count) == [1, 2, 5, 8, 8])
    #expect(plan.range(3, of: 128) == 48..<64)
  }

  /// Sums of numbers so different in size that the order of additions shows.
  @Test(arguments: ShardPlan.Order.allCases) func numbersAreSummedInTheOrderStated(
    _ order: ShardPlan.Order
  ) {
    var draw = Draw(7)
    for batch in [1, 9, 40, 100] {
      let numbers = draw.normal(batch).map { Double($0) * 0x1p40 + 1 / 3 }
      let plan = ShardPlan(most: 4, order: order)
      let sums = (0..<plan.count(of: batch)).map {
        numbers[plan.range($0, of: batch)].reduce(0, +)
      }
      let expected =
        sums.count < 4 || order == .inTurn
        ? sums.dropFirst().reduce(sums[0], +) : (sums[0] + sums[1]) + (sums[2] + sums[3])
      #expect(plan.sum(numbers) == expected, "batch \(batch)")
    }
    #expect(ShardPlan.standard.sum([]) == 0)
  }
}
