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
    func part(_ images: String, _ labels: String) throws(DataError) -> LabelledImages {
      try LabelledImages(
        images: idx(images), labels: idx(labels), shape: source.shape,
        classNames: source.publishedClassNames)
    }
    return (try part(paths[0], paths[1]), try part(paths[2], paths[3]))
  }

  /// The four files, in the order of ``names``.
  static func find(in folders: DataFolders) throws(DataError) -> [String] {
    try folders.find(names, endings: ["", ".gz"])
  }

  /// A file is unpacked if it is packed, whatever its name: some programs unpack a download and keep its name.
  private static func idx(_ path: String) throws(DataError) -> IDX {
    let bytes = try FileBytes.read(path, expected: "an IDX file")
    return try .parse(
      Gzip.isPacked(bytes) ? Gzip.unpack(bytes, name: path) : bytes, name: path)
  }
}
