/// An update rule with its constants.
///
/// Everything that differs from rule to rule is asked for here: a rule is one file beside this one, and a line in
/// ``OptimizerKind/all``. Presets, their completion and checkpoints read the descriptions.
package protocol OptimizerRule: Hashable, Sendable {
  /// What presets call the rule.
  static var name: String { get }
  /// The constants that a preset may give, in order.
  static var constants: [OptimizerConstant] { get }
  /// What the rule remembers: for each of these a tensor of every parameter, in the order of checkpoints.
  static var memory: [OptimizerMemory] { get }

  /// A rule with these constants, one for each of ``constants-swift.type.property``.
  init(constants: [Float])
  /// The constants, in the same order.
  var constants: [Float] { get }

  /// Moves the weights by one batch.
  ///
  /// - Parameters:
  ///   - parameters: the weights that move.
  ///   - memory: an entry for each of ``memory``, all zeros before the first batch.
  ///   - gradients: with the loss scale `s_c` in them.
  ///   - step: what the batch gives besides.
  func update(
    _ parameters: inout Parameters, memory: inout [Parameters], gradients: Parameters,
    _ step: OptimizerStep)

  /// Tells what each weight of a tensor moves by, in parts that add up.
  ///
  /// - Parameters:
  ///   - weights: before the update.
  ///   - memory: what the rule remembers of them, an entry for each of ``memory``, before the update.
  ///   - gradients: with the loss scale `s_c` in them.
  ///   - step: what the batch gave besides.
  ///   - body: told the parts of every weight, in order.
  func forEachStep(
    _ weights: [Float], memory: [[Float]], gradients: [Float], _ step: OptimizerStep,
    _ body: (_ index: Int, _ parts: StepParts) -> Void)

  /// The update of one weight with every number on the way; the same bits as those of ``update(_:memory:gradients:_:)``.
  func account(
    weight: Float, memory: [Float], gradient: Float, _ step: OptimizerStep
  ) -> StepAccount
}

/// One number that an update rule is written with.
package struct OptimizerConstant: Sendable {
  /// Its key in a preset.
  package let name: String
  /// What a preset may say: at least the lower bound, below the upper one.
  package let range: Range<Float>
  /// What it is where a preset leaves it out.
  package let fallback: Float
}

/// One tensor that an update rule remembers of every parameter.
package struct OptimizerMemory: Sendable {
  /// Its name in checkpoints: `optimizer.<name>.<parameter>`.
  package let name: String
  /// What its numbers are, in words, where none of them can be below 0; nil where they can.
  package let nonnegative: String?
}

/// What an update rule is told of a batch.
package struct OptimizerStep: Sendable {
  /// The learning rate, the loss scale taken out: `lr / s_c`.
  package let rate: Float
  /// `wd`.
  package let weightDecay: Float
  /// Updates made, this one included.
  package let number: Int
}
