import SpideEngine

/// A data set in two parts. Only the training part is ever augmented.
public struct DataSplit: Sendable {
  /// What is trained on.
  public let train: any SampleSource
  /// What accuracy is measured on.
  public let test: any SampleSource

  /// Two parts.
  public init(train: any SampleSource, test: any SampleSource) {
    self.train = train
    self.test = test
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
  /// `directory` is what `--data` says, `environment` the process's (`SPIDE_DATA`, `XDG_DATA_HOME`, `HOME`).
  ///
  /// - Throws: ``DataError``: `missingInput` with the names expected and every folder looked in, `badData` where a file is
  ///   not what it should be or the settings do not fit the set.
  public static func load(
    source: DataSource, normalization: Normalization? = nil, augmentation: Augmentation? = nil,
    directory: String? = nil, environment: [String: String]
  ) throws(DataError) -> DataSplit {
    let folders = DataFolders(source: source, directory: directory, environment: environment)
    let parts: (train: LabelledImages, test: LabelledImages)
    switch source {
    case .digits:
      return try DigitsData.load(normalization: normalization, augmentation: augmentation)
    case .mnist, .fashionMNIST: parts = try MNISTFiles.load(source: source, from: folders)
    case .cifar10, .cifar100: parts = try CIFARFiles.load(source: source, from: folders)
    case .cifar10DVS:
      throw DataError(
        .missingInput, path: source.rawValue, problem: "this version has no reader for this set",
        expected: "another set")
    }
    return try DataSplit(
      train: parts.train, test: parts.test, name: source.rawValue, fullScale: 255,
      normalization: normalization, augmentation: augmentation)
  }
}
