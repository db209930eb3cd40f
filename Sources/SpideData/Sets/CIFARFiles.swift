import Glibc
import SpideEngine

extension DataSet {
  /// CIFAR-10.
  public static let cifar10 = cifar(
    "cifar10", archive: "cifar-10-batches-bin", classNames: cifar10Names,
    files: CIFARFiles(
      train: (1...5).map { "data_batch_\($0).bin" }, samplesInFile: 10_000, test: "test_batch.bin",
      names: "batches.meta.txt", labelBounds: [10]))

  /// CIFAR-100, with its fine labels.
  public static let cifar100 = cifar(
    "cifar100", archive: "cifar-100-binary", classNames: cifar100Names,
    files: CIFARFiles(
      train: ["train.bin"], samplesInFile: 50_000, test: "test.bin", names: "fine_label_names.txt",
      labelBounds: [20, 100]))

  private static func cifar(
    _ name: String, archive: String, classNames: [String], files: CIFARFiles
  ) -> DataSet {
    DataSet(
      SampleForm(
        name: name, shape: LayerShape(channels: 3, height: 32, width: 32),
        classes: classNames.count), classNames: classNames, archiveFolder: archive,
      find: { _, folders throws(DataError) in _ = try files.find(in: folders) }
    ) { set, request throws(DataError) in
      let parts = try files.load(set, from: request.folders)
      return try DataSplit(
        train: parts.train, test: parts.test, name: set.name, fullScale: 255,
        normalization: request.normalization, augmentation: request.augmentation)
    }
  }

  /// Also those of CIFAR10-DVS.
  static let cifar10Names = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  private static let cifar100Names = """
    apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can \
    castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin \
    elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard \
    lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear \
    pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal \
    shark shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank \
    telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm
    """.split(separator: " ").map(String.init)
}

/// CIFAR-10 and CIFAR-100 in their published binary form.
struct CIFARFiles {
  /// Files to train on: the first must be there, the others may be left out from the end, which makes a smaller set.
  let train: [String]
  /// Samples in each of them.
  let samplesInFile: Int
  /// The file that tests.
  let test: String
  /// The publisher's file of class names.
  let names: String
  /// What each label byte of a record stays below; the last is the class.
  let labelBounds: [Int]

  /// Reads the training and the test part.
  ///
  /// The class names come from the publisher's file of them where that lies there too.
  ///
  /// - Throws: ``DataError``, also where a training batch is missing between others.
  func load(
    _ set: DataSet, from folders: DataFolders
  ) throws(DataError) -> (train: LabelledImages, test: LabelledImages) {
    let (folder, present) = try find(in: folders)
    var classNames = set.classNames
    let names = "\(folder)/\(names)"
    if access(names, F_OK) == 0 {
      classNames = try ClassNamesFile.read(names, count: classNames.count)
    }
    func images(_ files: [String], count: Int) throws(DataError) -> LabelledImages {
      var records = CIFARRecords(shape: set.shape, labelBounds: labelBounds)
      records.reserve(count)
      for path in files.map({ "\(folder)/\($0)" }) {
        try records.append(ByteReader(path, expected: "a batch of \(set.name)"))
      }
      return records.images(classNames: classNames)
    }
    return (
      try images(present, count: samplesInFile * present.count),
      try images([test], count: 10_000)
    )
  }

  /// The folder of a set and the names of the files in it that train.
  func find(in folders: DataFolders) throws(DataError) -> (folder: String, train: [String]) {
    let folder = try folders.folder(with: [train[0], test], of: train + [test])
    let present = train.filter { access("\(folder)/\($0)", F_OK) == 0 }
    if let gap = zip(train, present).first(where: { $0 != $1 })?.0 {
      throw DataError(
        .missingInput, path: "\(folder)/\(gap)", problem: "no such file",
        expected: "it, as \(present.last ?? gap) is there")
    }
    return (folder, present)
  }
}
