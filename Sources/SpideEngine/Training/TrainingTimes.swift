/// Wall-clock times of a training, beside its ``Trainer/State``: no two runs have the same, and nothing but records
/// depends on them.
public struct TrainingTimes: Hashable, Sendable {
  /// Time spent training and testing since the start of the run.
  public var elapsed: Duration
  /// Part of ``elapsed`` that belongs to the training of the epoch that is running; 0 where it is not known.
  public var epochElapsed: Duration

  /// Times; 0 for a run that begins, or one whose times are not known.
  public init(elapsed: Duration = .zero, epochElapsed: Duration = .zero) {
    self.elapsed = elapsed
    self.epochElapsed = epochElapsed
  }
}
