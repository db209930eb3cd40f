/// Why one weight moved: every number of its update, and what each sample of the batch pushed it by.
package struct WeightAccount: Sendable {
  /// One pair of units that the weight joins, for one sample.
  package struct Pair: Sendable, Equatable {
    /// The unit before the synapse, in engine order; nil for a bias.
    package let source: Int?
    /// The unit after it.
    package let target: Int
    /// `a`, or the input's mean over time; nil for a bias.
    package let rate: Double?
    /// `β` or, for the classifier, the gradient of the logit.
    package let error: Double
    /// The gate `m`; true for the classifier, which has none.
    package let isOpen: Bool
    /// Whether dropout left the target's part of this link in.
    package let isKept: Bool
  }

  /// What one sample of the batch adds to the gradient.
  package struct Push: Sendable, Equatable {
    /// The sample's index in the training set.
    package let sample: Int
    /// Its part of `G`: the sum over all pairs of units that the weight joins.
    package let gradient: Double
    /// Pairs that add anything, of how many.
    package let active, pairs: Int
    /// The pair that adds most; of a dense link the only one. Nil where the weight joins none.
    package let strongest: Pair?
  }

  /// The constants of a push: it is `scale · m β a`, in which `scale` is the product of these three over `V`.
  package struct Factors: Sendable, Equatable {
    /// `V`; nil for the classifier, whose errors are real numbers.
    package let resetAmount: Double?
    /// `1 / (1 - p)` of dropout, 1 without.
    package let kept: Double
    /// The factor of the feedback norm, 1 but for the feedback's weight.
    package let norm: Double
    /// What the products are multiplied by.
    package var scale: Double { kept * norm / (resetAmount ?? 1) }
  }

  /// Which weight.
  package let weight: WeightIndex
  /// The update's number.
  package let update: Int
  /// The weight before the update.
  package let before: Float
  /// The gradient of the batch as the trainer summed it.
  package let gradient: Float
  /// The step, number by number.
  package let step: StepAccount
  /// The constants of pushes.
  package let factors: Factors
  /// By the size of the push, the largest first and the first of equals first.
  package let pushes: [Push]

  /// Whether it is a bias, which no rate goes with.
  package var isBias: Bool { pushes.first?.strongest.map { $0.rate == nil } ?? false }
  /// Whether it belongs to the classifier, whose errors are real numbers.
  package var isOfClassifier: Bool { factors.resetAmount == nil }
  /// The sum of all pushes: ``gradient`` but for the rounding of single precision.
  package var sum: Double { pushes.reduce(0) { $0 + $1.gradient } }

  /// Runs the batch again with the weights before the update, for as long as that is wanted.
  ///
  /// - Parameters:
  ///   - weight: which weight.
  ///   - update: the update.
  ///   - plan: the shapes.
  ///   - samples: the training set, with as many frames as steps where it varies in time.
  ///   - threads: workers. What comes out does not depend on them.
  ///   - isWanted: asked from any thread.
  /// - Returns: nil once it is not wanted any more.
  package init?(
    _ weight: WeightIndex, of update: BatchUpdate, plan: NetworkPlan, samples: any SampleSource,
    threads: Int, while isWanted: @escaping @Sendable () -> Bool = { true }
  ) {
    let job = update.job(plan: plan, samples: samples)
    guard let reader = PushReader(weight, plan: plan, network: job.network) else { return nil }
    let indices = update.indices
    let runner = BatchRunner(ThreadExecutor(threads: threads))
    let pushes = runner.read(job, backward: true, while: isWanted) { run, positions in
      positions.map { reader.push(run, $0 - positions.lowerBound, sample: indices[$0]) }
    }
    guard let pushes else { return nil }
    self.weight = weight
    self.update = update.number
    self.pushes = pushes.enumerated().sorted {
      let (a, b) = (abs($0.element.gradient), abs($1.element.gradient))
      return a == b ? $0.offset < $1.offset : a > b
    }.map(\.element)
    factors = reader.factors
    let value = { (parameters: Parameters) in
      parameters.values[weight.parameter][weight.index]
    }
    before = value(update.before.parameters)
    gradient = value(update.gradients)
    step = update.before.optimizer.kind.base.account(
      weight: before, memory: update.before.optimizer.memory.map(value), gradient: gradient,
      update.step)
  }
}
