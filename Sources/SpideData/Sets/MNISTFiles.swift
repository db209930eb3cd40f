import SpideEngine

/// MNIST and Fashion-MNIST in their published form: four IDX files, packed by gzip or plain.
enum MNISTFiles {
  static let names = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
  ]

  static func load(
    source: DataSource, from folders: DataFolders
  ) throws(DataError) -> (train: LabelledImages, test: LabelledImages) {
    let paths = try find(in: folders)
    func part(_ imagePath: String, _ labelPath: String) throws(DataError) -> LabelledImages {
      let images = try IDX.read(imagePath) { header throws(DataError) in
        try LabelledImages.check(images: header, shape: source.shape)
      }
      let labels = try IDX.read(labelPath) { header throws(DataError) in
        try LabelledImages.check(labels: header, of: images.header)
      }
      return try LabelledImages(
        images: images, labels: labels, shape: source.shape, classNames: source.publishedClassNames)
    }
    return (try part(paths[0], paths[1]), try part(paths[2], paths[3]))
  }

  /// The four files, in the order of ``names``.
  static func find(in folders: DataFolders) throws(DataError) -> [String] {
    try folders.find(names, endings: ["", ".gz"])
  }
}
