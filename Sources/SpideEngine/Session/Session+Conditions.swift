extension Session {
  /// Steps on until a condition holds: at least one step, and to `limit` or the end of the sample at most.
  ///
  /// - Parameters:
  ///   - conditions: tested after each step; those about a training never hold.
  ///   - limit: a position on the timeline; nil for the end.
  /// - Returns: the indices of the conditions that hold where the cursor stands now; empty where none does.
  public mutating func run(until conditions: [Condition], limit: Int? = nil) -> [Int] {
    let limit = min(limit ?? end, end)
    while position < limit {
      move(to: position + 1)
      let holding = conditions.indices.filter {
        conditions[$0].holds(value(of: conditions[$0].quantity))
      }
      if !holding.isEmpty { return holding }
    }
    return []
  }

  /// A quantity of the sample at the cursor; nil where it does not exist: those of neurons at a moment that is no step
  /// of their stage, those of neurons that the network does not have, and those of a training.
  public func value(of quantity: Quantity) -> Double? {
    switch quantity {
    case .spike(let id, let which):
      return stage(which, id).map { Double($0.layers[id.layer].spikes.spike(of: id.unit)) }
    case .potential(let id, let which):
      return stage(which, id).map { Double($0.layers[id.layer].potential[id.unit]) }
    case .potentialSize(let id, let which):
      return stage(which, id).map { abs(Double($0.layers[id.layer].potential[id.unit])) }
    case .rate(let id, let which):
      return stage(which, id).map { Double($0.rate(id.layer, unit: id.unit)) }
    case .layerSpikes(let layer, let sign, let which):
      return stage(which, UnitID(layer: layer)).map { stage in
        let codes = stage.layers[layer].spikes.codes
        return Double(codes.count { sign == nil || SpikeEvents.sign($0) == sign })
      }
    case .layerSpikesSoFar(let layer, let which):
      return stage(which, UnitID(layer: layer)).map { Double($0.layers[layer].spikeTotal) }
    case .moment(let other):
      return moment == other ? 1 : 0
    case .batches, .batchLoss, .batchAccuracy, .epochs, .trainLoss, .trainAccuracy, .testLoss,
      .testAccuracy, .gradientCosine:
      return nil
    }
  }

  /// The state of the stage that has just been stepped, where it is the one meant and has that neuron.
  private func stage(_ meant: Stage?, _ unit: UnitID) -> StageState? {
    guard plan.layers.indices.contains(unit.layer),
      (0..<plan.layers[unit.layer].count).contains(unit.unit)
    else { return nil }
    switch moment {
    case .forward: return meant == .backward ? nil : forward
    case .backward: return meant == .forward ? nil : backward
    case .start, .readout, .update: return nil
    }
  }
}
