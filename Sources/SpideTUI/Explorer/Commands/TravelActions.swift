import SpideExperiment

extension Action {
  /// So many updates on, or back.
  static func travel(by updates: Int) -> Action {
    Action { $0.travel(.by(updates)) }
  }
}

extension Model {
  /// Goes to the update that was typed.
  mutating func travel(toTyped word: Substring) throws(CommandError) -> [Effect] {
    guard let recorded = training.recorded else {
      throw CommandError("no update \(echo(word)): nothing is recorded yet, t trains")
    }
    let last = max(recorded.last, training.batchesDone)
    guard let update = Int(word), (recorded.first...last).contains(update) else {
      throw CommandError(
        "update \(echo(word)) is not there; updates are \(recorded.first) … \(recorded.last)")
    }
    return travel(.to(update))
  }

  /// Updates that are offered: the ends of what is recorded, and where constants were changed.
  var offeredUpdates: [String] {
    guard let recorded = training.recorded else { return [] }
    let changed = training.curves.changes.map(\.batch)
    let updates = Set([recorded.first, recorded.last] + changed.map(recorded.clamped))
    return updates.sorted().map(String.init)
  }
}
