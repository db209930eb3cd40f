import SpideEngine

extension DataSet {
  /// MNIST.
  public static let mnist = idx("mnist", classNames: (0...9).map(String.init))

  /// Fashion-MNIST, in the form of MNIST.
  public static let fashionMNIST = idx(
    "fashion-mnist",
    classNames: [
      "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
      "ankle boot",
    ])

  private static func idx(_ name: String, classNames: [String]) -> DataSet {
    DataSet(
      SampleForm(name: name, shape: LayerShape(channels: 1, height: 28, width: 28), classes: 10),
      classNames: classNames,
      find: { _, folders throws(DataError) in _ = try MNISTFiles.find(in: folders) }
    ) { set, request throws(DataError) in
      let parts = try MNISTFiles.load(set, from: request.folders)
      return try DataSplit(
        train: parts.train, test: parts.test, name: set.name, fullScale: 255,
        normalization: request.normalization, augmentation: request.augmentation)
    }
  }
}

/// MNIST and Fashion-MNIST in their published form: four IDX files, packed by gzip or plain.
enum MNISTFiles {
  static let names = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
  ]

  static func load(
    _ set: DataSet, from folders: DataFolders
  ) throws(DataError) -> (train: LabelledImages, test: LabelledImages) {
    let paths = try find(in: folders)
    func part(_ imagePath: String, _ labelPath: String) throws(DataError) -> LabelledImages {
      let images = try IDX.read(imagePath) { header throws(DataError) in
        try LabelledImages.check(images: header, shape: set.shape)
      }
      let labels = try IDX.read(labelPath) { header throws(DataError) in
        try LabelledImages.check(labels: header, of: images.header)
      }
      return try LabelledImages(
        images: images, labels: labels, shape: set.shape, classNames: set.classNames)
    }
    return (try part(paths[0], paths[1]), try part(paths[2], paths[3]))
  }

  /// The four files, in the order of ``names``.
  static func find(in folders: DataFolders) throws(DataError) -> [String] {
    try folders.find(names, endings: ["", ".gz"])
  }
}
