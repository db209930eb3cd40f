import SpideEngine

extension DataSplit {
  /// Looks whether the files of a set lie where ``load(source:forwardSteps:normalization:augmentation:directory:environment:)``
  /// reads them, by their names alone.
  ///
  /// - Throws: the ``DataError`` of kind `missingInput` that loading would throw.
  public static func checkFiles(
    of source: DataSource, directory: String? = nil, environment: [String: String]
  ) throws(DataError) {
    let folders = DataFolders(source: source, directory: directory, environment: environment)
    switch source {
    case .digits: break
    case .mnist, .fashionMNIST: _ = try MNISTFiles.find(in: folders)
    case .cifar10, .cifar100: _ = try CIFARFiles.find(source: source, in: folders)
    case .cifar10DVS: _ = try EventFolders.find(in: folders)
    }
  }
}
