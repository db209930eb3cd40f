/// Synaptic operations, by what each takes of a machine. Sums over samples or means: no whole numbers.
public struct SynapticOperations: Sendable, Equatable {
  /// Additions of a weight to a potential: what a spike takes at each connection.
  public var accumulates: Double
  /// Products that are added up: what a real number takes at each connection.
  public var multiplyAccumulates: Double

  /// So many of either.
  public init(accumulates: Double = 0, multiplyAccumulates: Double = 0) {
    (self.accumulates, self.multiplyAccumulates) = (accumulates, multiplyAccumulates)
  }

  /// Both together.
  public var total: Double { accumulates + multiplyAccumulates }

  /// Adds others.
  public static func += (sum: inout SynapticOperations, other: SynapticOperations) {
    sum.accumulates += other.accumulates
    sum.multiplyAccumulates += other.multiplyAccumulates
  }

  /// One of so many equal parts.
  public static func / (sum: SynapticOperations, parts: Double) -> SynapticOperations {
    SynapticOperations(
      accumulates: sum.accumulates / parts, multiplyAccumulates: sum.multiplyAccumulates / parts)
  }
}

/// What a synaptic operation takes, in picojoules. Memory traffic and neuron updates are not in it.
///
/// Unless changed those of 32-bit floating point numbers in 45 nm: Horowitz, "Computing's energy problem", ISSCC 2014.
public struct EnergyConstants: Sendable, Hashable {
  /// An addition, in pJ.
  public var accumulate: Double
  /// A multiplication and an addition, in pJ.
  public var multiplyAccumulate: Double

  /// Constants.
  public init(accumulate: Double = 0.9, multiplyAccumulate: Double = 4.6) {
    (self.accumulate, self.multiplyAccumulate) = (accumulate, multiplyAccumulate)
  }

  /// What either may be.
  public static let range = 0...1e6

  /// What operations take, in µJ.
  public func microjoules(_ operations: SynapticOperations) -> Double {
    let picojoules =
      operations.accumulates * accumulate + operations.multiplyAccumulates * multiplyAccumulate
    return picojoules * 1e-6
  }
}

/// Synaptic operations by stage, as records of a training have them: sums over samples.
public struct StageOperations: Sendable, Equatable {
  /// Accumulates of the forward stage.
  public var forwardAccumulates: Int
  /// Accumulates of the backward stage.
  public var backwardAccumulates: Int
  /// Multiply-accumulates of the forward stage: those of the input link and of the classifier.
  public var forwardProducts: Int
  /// Multiply-accumulates of the backward stage: those of the classifier.
  public var backwardProducts: Int
  /// Multiply-accumulates of the weight gradient.
  public var gradientProducts: Int

  /// So many of each.
  public init(
    forwardAccumulates: Int, backwardAccumulates: Int, forwardProducts: Int,
    backwardProducts: Int, gradientProducts: Int
  ) {
    self.forwardAccumulates = forwardAccumulates
    self.backwardAccumulates = backwardAccumulates
    self.forwardProducts = forwardProducts
    self.backwardProducts = backwardProducts
    self.gradientProducts = gradientProducts
  }

  /// Those that were counted.
  public init(_ tally: Tally) {
    self.init(
      forwardAccumulates: tally.forward.operations.reduce(0, +),
      backwardAccumulates: tally.backward.operations.reduce(0, +),
      forwardProducts: tally.forward.multiplyAccumulates.reduce(0, +),
      backwardProducts: tally.backward.multiplyAccumulates.reduce(0, +),
      gradientProducts: tally.gradient.reduce(0, +))
  }

  /// All stages together.
  public var total: SynapticOperations {
    SynapticOperations(
      accumulates: Double(forwardAccumulates) + Double(backwardAccumulates),
      multiplyAccumulates: Double(forwardProducts) + Double(backwardProducts)
        + Double(gradientProducts))
  }
}
