/// Adds the sums of shards in a fixed order, whatever the order in which they arrive: two are added as soon as both are
/// there.
package struct Reduction<Sum> {
  private let shards: Int
  private let order: ShardPlan.Order
  /// Sums that wait for the one that they are added to.
  private var waiting: [Node: Sum] = [:]
  /// Sums that have become part of the first one, in turn.
  private var arrived = 0
  /// All of them; nil until the last has arrived.
  package private(set) var total: Sum?

  /// A node of the tree: how many times its sums were paired, and its number among those that were paired as often.
  private struct Node: Hashable {
    var level: Int
    var index: Int
  }

  /// Of so many shards, at least 1.
  package init(_ shards: Int, _ order: ShardPlan.Order) {
    precondition(shards > 0, "\(shards) shards")
    (self.shards, self.order) = (shards, order)
  }

  /// Most sums that are held at a time where the shards arrive by number.
  package static func held(_ shards: Int, _ order: ShardPlan.Order) -> Int {
    switch order {
    case .inTurn: return min(shards, 2)
    // One waits on each level below the top, and one arrives.
    case .inPairs: return shards.bitWidth - (shards - 1).leadingZeroBitCount + 1
    }
  }

  /// Takes in a shard's sum. `merge` adds the second sum to the first, which has the lower shards.
  package mutating func add(_ sum: Sum, shard: Int, merge: (_ to: Sum, _ from: Sum) -> Sum) {
    switch order {
    case .inTurn: addInTurn(sum, shard, merge)
    case .inPairs: addInPairs(sum, shard, merge)
    }
  }

  private mutating func addInTurn(_ sum: Sum, _ shard: Int, _ merge: (Sum, Sum) -> Sum) {
    waiting[Node(level: 0, index: shard)] = sum
    var first = waiting.removeValue(forKey: Node(level: 1, index: 0))
    while let next = waiting.removeValue(forKey: Node(level: 0, index: arrived)) {
      first = first.map { merge($0, next) } ?? next
      arrived += 1
    }
    if arrived == shards { total = first } else { waiting[Node(level: 1, index: 0)] = first }
  }

  private mutating func addInPairs(_ sum: Sum, _ shard: Int, _ merge: (Sum, Sum) -> Sum) {
    var (sum, node, count) = (sum, Node(level: 0, index: shard), shards)
    while count > 1 {
      let other = Node(level: node.level, index: node.index ^ 1)
      // The last of an odd number goes up alone.
      if other.index < count {
        guard let partner = waiting.removeValue(forKey: other) else {
          waiting[node] = sum
          return
        }
        sum = other.index > node.index ? merge(sum, partner) : merge(partner, sum)
      }
      node = Node(level: node.level + 1, index: node.index / 2)
      count = (count + 1) / 2
    }
    total = sum
  }
}

extension Reduction: Sendable where Sum: Sendable {}
