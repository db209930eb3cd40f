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

  private init(
    train: any SampleSource, test: any SampleSource, failures: ReadFailures
  ) {
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

  /// Loads a published set: digits from the program itself, the others from ``DataFolders``.
  ///
  /// - Parameters:
  ///   - forwardSteps: `T_F`: the frames of each sample of a set that varies in time.
  ///   - frames: What becomes of the events of such a set.
  ///   - directory: What `--data` says.
  ///   - environment: The process's (`SPIDE_DATA`, `XDG_DATA_HOME`, `XDG_CACHE_HOME`, `HOME`).
  /// - Throws: ``DataError``: `missingInput` with the names expected and every folder looked in, `badData` where a file is
  ///   not what it should be or the settings do not fit the set.
  public static func load(
    source: DataSource, forwardSteps: Int, normalization: Normalization? = nil,
    augmentation: Augmentation? = nil, frames: EventFrames = .counts, directory: String? = nil,
    environment: [String: String]
  ) throws(DataError) -> DataSplit {
    precondition(forwardSteps >= 1, "\(forwardSteps) steps")
    let folders = DataFolders(source: source, directory: directory, environment: environment)
    let parts: (train: LabelledImages, test: LabelledImages)
    switch source {
    case .digits:
      return try DigitsData.load(normalization: normalization, augmentation: augmentation)
    case .mnist, .fashionMNIST: parts = try MNISTFiles.load(source: source, from: folders)
    case .cifar10, .cifar100: parts = try CIFARFiles.load(source: source, from: folders)
    case .cifar10DVS:
      let failures = ReadFailures()
      let cache = FrameCache(environment: environment)
      func set(
        _ part: EventFolders.Part, _ augmentation: Augmentation?
      ) throws(DataError) -> EventSet {
        EventSet(
          classNames: source.publishedClassNames, frames: forwardSteps, form: frames,
          paths: part.paths, labels: part.labels,
          preprocessing: try Preprocessing(
            name: source.rawValue, shape: source.shape, normalization: normalization,
            augmentation: augmentation), cache: cache, failures: failures)
      }
      let parts = try EventFolders.load(from: folders)
      return DataSplit(
        train: try set(parts.train, augmentation), test: try set(parts.test, nil),
        failures: failures)
    }
    return try DataSplit(
      train: parts.train, test: parts.test, name: source.rawValue, fullScale: 255,
      normalization: normalization, augmentation: augmentation)
  }
}
