/// A neuron that spikes differently at one step of two runs of a sample.
public struct SpikeDifference: Hashable, Sendable {
  /// The stage.
  public let stage: Stage
  /// The step of the stage, counted from 1.
  public let step: Int
  /// The neuron.
  public let unit: UnitID
  /// Its spikes in the one run and in the other: -1, 0 or 1, never the same.
  public let one, other: Int

  /// A difference.
  public init(_ stage: Stage, step: Int, unit: UnitID, one: Int, other: Int) {
    self.stage = stage
    self.step = step
    self.unit = unit
    self.one = one
    self.other = other
  }

  /// When it is: after the step.
  public var moment: Moment { stage == .forward ? .forward(step) : .backward(step) }
}
