import SpideEngine

/// A data set in two parts. Only the training part is ever augmented.
public struct DataSplit: Sendable {
  /// What is trained on.
  public let train: any SampleSource
  /// What accuracy is measured on.
  public let test: any SampleSource

  private let failures: ReadFailures

  /// Two parts.
  public init(train: any SampleSource, test: any SampleSource) {
    self.init(train: train, test: test, failures: ReadFailures())
  }

  init(train: any SampleSource, test: any SampleSource, failures: ReadFailures) {
    self.train = train
    self.test = test
    self.failures = failures
  }

  /// What went wrong when a sample was read: a file that was good when the set was loaded and is not any more.
  ///
  /// Such a sample has no events. Look here after reading, and stop.
  public var failure: DataError? { failures.first }

  /// The same samples with a frame for each of `forwardSteps` steps, where samples vary in time.
  public func with(forwardSteps: Int) -> DataSplit {
    precondition(forwardSteps >= 1, "\(forwardSteps) steps")
    func reframed(_ source: any SampleSource) -> any SampleSource {
      guard var events = source as? EventSet else { return source }
      events.frames = forwardSteps
      return events
    }
    return DataSplit(train: reframed(train), test: reframed(test), failures: failures)
  }

  /// Two parts of images, whose values are taken as shares of `fullScale`.
  init(
    train: LabelledImages, test: LabelledImages, name: String, fullScale: Float,
    normalization: Normalization?, augmentation: Augmentation?
  ) throws(DataError) {
    self.init(
      train: try ImageSet(
        train, name: name, fullScale: fullScale, normalization: normalization,
        augmentation: augmentation),
      test: try ImageSet(
        test, name: name, fullScale: fullScale, normalization: normalization))
  }
}
