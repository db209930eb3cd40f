/// What one update did, parameter by parameter.
package struct UpdateAccount: Sendable {
  /// How one parameter moved, or all of them together.
  package struct Parameter: Sendable, Equatable {
    /// Its name; empty for all together.
    package let name: String
    /// `‖Δw‖`, `‖w‖` before the update, and the size of its gradient, which has `s_c / batch` in it.
    package let change, weight, gradient: Double
    /// What part of `Δw` comes from the gradients of former batches, from this one's, and from weight decay: the part's
    /// projection on `Δw`, over `‖Δw‖²`. The three add up to 1, and one below 0 works against the step. Nil where nothing
    /// moved.
    package let shares: StepParts?
    /// The weights that moved most, the first of equals first.
    package let largest: [MovedWeight]

    /// `‖Δw‖ / ‖w‖`; nil where all weights were 0.
    package var relative: Double? { weight > 0 ? change / weight : nil }
  }

  /// The update.
  package let update: BatchUpdate
  /// In the order of ``NetworkPlan/parameters``.
  package let parameters: [Parameter]
  /// All of them together.
  package let whole: Parameter
  /// Mean cross-entropy of the same batch after the update; nil unless it was asked for.
  package var lossAfter: Double?

  /// How many weights are named that moved most.
  package static let named = 10

  /// Measures an update, for as long as that is wanted.
  package init?(_ update: BatchUpdate, while isWanted: () -> Bool = { true }) {
    self.update = update
    let (before, after) = (update.before, update.after)
    var parameters: [Parameter] = []
    var all = Sums()
    for (number, specification) in before.parameters.specifications.enumerated() {
      guard isWanted() else { return nil }
      var sums = Sums()
      sums.add(
        number, before.optimizer.kind.base, weights: before.parameters.values[number],
        after: after.parameters.values[number],
        memory: before.optimizer.memory.map { $0.values[number] },
        gradients: update.gradients.values[number], update.step)
      all.add(sums)
      parameters.append(sums.parameter(specification.name))
    }
    self.parameters = parameters
    whole = all.parameter("")
  }

  /// The parameter whose weights changed most beside their size; nil where nothing moved.
  package var mostChanged: Parameter? {
    parameters.filter { $0.change > 0 }.max { ($0.relative ?? 0) < ($1.relative ?? 0) }
  }
}

/// One weight and what an update added to it.
package struct MovedWeight: Hashable, Sendable {
  /// The parameter's number, and the weight's in PyTorch's layout.
  package let weight: WeightIndex
  /// `Δw`.
  package let change: Double
}

/// Names a weight or a bias: the parameter's number in ``NetworkPlan/parameters``, and its own in PyTorch's layout.
package struct WeightIndex: Hashable, Sendable {
  package var parameter: Int
  package var index: Int

  /// A weight.
  package init(parameter: Int, index: Int) {
    (self.parameter, self.index) = (parameter, index)
  }
}

/// Sums over weights.
private struct Sums {
  var change = 0.0, weight = 0.0, gradient = 0.0
  /// Of each part's products with `Δw`.
  var parts = StepParts(momentum: 0, gradient: 0, decay: 0)
  /// By size, the largest first.
  var largest: [MovedWeight] = []

  mutating func add(
    _ number: Int, _ rule: some OptimizerRule, weights: [Float], after: [Float],
    memory: [[Float]], gradients: [Float], _ step: OptimizerStep
  ) {
    rule.forEachStep(weights, memory: memory, gradients: gradients, step) { index, own in
      let (weight, gradient) = (Double(weights[index]), Double(gradients[index]))
      let moved = Double(after[index]) - weight
      change += moved * moved
      self.weight += weight * weight
      self.gradient += gradient * gradient
      // Over the sum of the parts, which single precision rounds to what was added.
      parts.momentum += own.momentum * own.total
      parts.gradient += own.gradient * own.total
      parts.decay += own.decay * own.total
      let least = largest.count < UpdateAccount.named ? 0 : abs(largest[largest.count - 1].change)
      if abs(moved) > least {
        insert(
          MovedWeight(weight: WeightIndex(parameter: number, index: index), change: moved))
      }
    }
  }

  private mutating func insert(_ moved: MovedWeight) {
    let place = largest.firstIndex { abs($0.change) < abs(moved.change) } ?? largest.count
    largest.insert(moved, at: place)
    if largest.count > UpdateAccount.named { largest.removeLast() }
  }

  mutating func add(_ other: Sums) {
    change += other.change
    weight += other.weight
    gradient += other.gradient
    parts.momentum += other.parts.momentum
    parts.gradient += other.parts.gradient
    parts.decay += other.parts.decay
    for moved in other.largest { insert(moved) }
  }

  func parameter(_ name: String) -> UpdateAccount.Parameter {
    let whole = parts.total
    return UpdateAccount.Parameter(
      name: name, change: change.squareRoot(), weight: weight.squareRoot(),
      gradient: gradient.squareRoot(),
      shares: whole > 0
        ? StepParts(
          momentum: parts.momentum / whole, gradient: parts.gradient / whole,
          decay: parts.decay / whole) : nil, largest: largest)
  }
}
