/// What one weight moves by in one update, in parts that add up: a step is linear in what the rule remembers of former
/// gradients, in the gradient of the batch, and in the decay.
package struct StepParts: Sendable, Equatable {
  /// From the gradients of former batches, of this one, and from weight decay.
  package var momentum, gradient, decay: Double

  /// A step in its parts.
  package init(momentum: Double, gradient: Double, decay: Double) {
    (self.momentum, self.gradient, self.decay) = (momentum, gradient, decay)
  }

  /// The whole step: `Δw` without the rounding of single precision.
  package var total: Double { momentum + gradient + decay }
}

/// One number that an update rule works out on the way to a step, as a formula whose letters have values.
package struct StepLine: Sendable, Equatable {
  /// A piece of a formula.
  package enum Part: Sendable, Equatable {
    /// Signs and brackets.
    case text(String)
    /// A product without a sign, as between the letters of `lr v`.
    case times
    /// A letter and its value.
    case number(String, Float)
  }

  /// What it is called: `v`.
  package let symbol: String
  /// What stands behind the equals sign.
  package let parts: [Part]
  /// What it comes to.
  package let value: Float

  /// A line.
  package init(_ symbol: String, _ parts: [Part], _ value: Float) {
    (self.symbol, self.parts, self.value) = (symbol, parts, value)
  }
}

/// The update of one weight, worked out as the rule does it: the same operations in the same order, so the same bits.
package struct StepAccount: Sendable, Equatable {
  /// Every number on the way, in order; the last is `Δw`.
  package let lines: [StepLine]
  /// `Δw`, which is added to the weight.
  package let change: Float
  /// The weight afterwards.
  package let weight: Float
  /// What the rule remembers afterwards, in the order of its memory.
  package let memory: [Float]

  /// An account.
  package init(lines: [StepLine], change: Float, weight: Float, memory: [Float]) {
    (self.lines, self.change, self.weight, self.memory) = (lines, change, weight, memory)
  }
}
