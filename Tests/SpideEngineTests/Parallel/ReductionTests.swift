import SpideEngine
import Testing

/// Sums written as terms, so that the order of the additions shows.
@Suite struct ReductionTests {
  private func reduced(
    _ arrivals: [Int], _ order: ShardPlan.Order
  ) -> (total: String?, additions: Int) {
    var reduction = Reduction<String>(arrivals.count, order)
    var additions = 0
    for shard in arrivals {
      #expect(reduction.total == nil, "complete before shard \(shard)")
      reduction.add("\(shard)", shard: shard) {
        additions += 1
        return "(\($0)+\($1))"
      }
    }
    return (reduction.total, additions)
  }

  @Test func theOrderIsTheOneStated() {
    func total(_ count: Int, _ order: ShardPlan.Order) -> String? {
      reduced(Array(0..<count), order).total
    }
    for order in ShardPlan.Order.allCases {
      #expect(total(1, order) == "0" && total(2, order) == "(0+1)")
    }
    #expect(total(5, .inTurn) == "((((0+1)+2)+3)+4)")
    #expect(total(5, .inPairs) == "(((0+1)+(2+3))+4)")
    #expect(total(6, .inPairs) == "(((0+1)+(2+3))+(4+5))")
    #expect(total(7, .inPairs) == "(((0+1)+(2+3))+((4+5)+6))")
  }

  @Test(arguments: ShardPlan.Order.allCases) func theOrderOfArrivalDoesNotMatter(
    _ order: ShardPlan.Order
  ) {
    var draw = Draw(3)
    for count in 1...33 {
      let inOrder = reduced(Array(0..<count), order)
      #expect(inOrder.total != nil && inOrder.additions == count - 1)
      for _ in 0..<5 {
        var arrivals = Array(0..<count)
        for index in arrivals.indices { arrivals.swapAt(index, draw.integer(0...index)) }
        let other = reduced(arrivals, order)
        #expect(other.total == inOrder.total, "\(arrivals)")
        #expect(other.additions == count - 1)
      }
    }
  }

  /// Of shards that arrive by number, no more sums are held than said: two, or one for each level of the tree.
  @Test(arguments: ShardPlan.Order.allCases) func fewSumsAreHeld(_ order: ShardPlan.Order) {
    for count in 1...130 {
      var reduction = Reduction<Int>(count, order)
      var (held, most) = (0, 0)
      for shard in 0..<count {
        held += 1
        most = max(most, held)
        reduction.add(shard, shard: shard) { first, _ in
          held -= 1
          return first
        }
      }
      #expect(reduction.total == 0 && held == 1)
      let stated = Reduction<Int>.held(count, order)
      #expect(most <= stated && stated <= most + 1, "\(most) of \(count) shards")
    }
    #expect(Reduction<Int>.held(64, .inTurn) == 2 && Reduction<Int>.held(64, .inPairs) == 7)
  }
}
