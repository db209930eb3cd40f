extension Trainer {
  /// Trains on until a condition holds: at least one step, and `limit` steps at most.
  ///
  /// - Parameters:
  ///   - conditions: tested after each step; those about a sample never hold.
  ///   - limit: steps, batches and ends of epochs alike.
  ///   - goesOn: told of each step; false gives up after it.
  /// - Returns: the indices of the conditions that hold of the last step; empty where none does.
  public func run(
    until conditions: [Condition], limit: Int, while goesOn: (Step) -> Bool = { _ in true }
  ) -> [Int] {
    for _ in 0..<max(0, limit) {
      let step = next()
      let isWanted = goesOn(step)
      let holding = conditions.indices.filter {
        conditions[$0].holds(step.value(of: conditions[$0].quantity))
      }
      if !holding.isEmpty || !isWanted { return holding }
    }
    return []
  }
}

extension Trainer.Step {
  /// A quantity of the training after this step; nil where it does not exist: those of an epoch after a batch and the
  /// other way round, those of a test where there is none, and those of a sample.
  public func value(of quantity: Quantity) -> Double? {
    switch (quantity, self) {
    case (.batches, .batch(let record)): return Double(record.batch)
    case (.batchLoss, .batch(let record)): return record.loss
    case (.batchAccuracy, .batch(let record)): return record.accuracy
    case (.epochs, .epoch(let record, _)): return Double(record.epoch)
    case (.trainLoss, .epoch(let record, _)): return record.trainLoss
    case (.trainAccuracy, .epoch(let record, _)): return record.trainAccuracy
    case (.testLoss, .epoch(let record, _)): return record.testLoss
    case (.testAccuracy, .epoch(let record, _)): return record.testAccuracy
    default: return nil
    }
  }
}
