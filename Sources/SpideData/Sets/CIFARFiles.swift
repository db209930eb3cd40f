import Glibc
import SpideEngine

/// CIFAR-10 and CIFAR-100 in their published binary form.
enum CIFARFiles {
  private static let batches10 = (1...5).map { "data_batch_\($0).bin" }

  /// Reads the training and the test part.
  ///
  /// Of CIFAR-10's five training batches the first must be there; the others may be left out from the end, which
  /// makes a smaller set. The class names come from the publisher's file of them where that lies there too.
  ///
  /// - Throws: ``DataError``, also where a training batch is missing between others.
  static func load(
    source: DataSource, from folders: DataFolders
  ) throws(DataError) -> (train: LabelledImages, test: LabelledImages) {
    let isTen = source == .cifar10
    let (folder, present, test) = try find(source: source, in: folders)
    var classNames = source.publishedClassNames
    let names = "\(folder)/\(isTen ? "batches.meta.txt" : "fine_label_names.txt")"
    if access(names, F_OK) == 0 {
      classNames = try ClassNamesFile.read(names, count: classNames.count)
    }
    func images(_ files: [String], count: Int) throws(DataError) -> LabelledImages {
      var records = CIFARRecords(source: source)
      records.reserve(count)
      for path in files.map({ "\(folder)/\($0)" }) {
        try records.append(ByteReader(path, expected: "a batch of \(source.rawValue)"))
      }
      return records.images(classNames: classNames)
    }
    return (
      try images(present, count: isTen ? 10_000 * present.count : 50_000),
      try images([test], count: 10_000)
    )
  }

  /// The folder of a set and the names of the files in it that train and that test.
  static func find(
    source: DataSource, in folders: DataFolders
  ) throws(DataError) -> (folder: String, train: [String], test: String) {
    let isTen = source == .cifar10
    let test = isTen ? "test_batch.bin" : "test.bin"
    let train = isTen ? batches10 : ["train.bin"]
    let folder = try folders.folder(with: [train[0], test], of: train + [test])
    let present = train.filter { access("\(folder)/\($0)", F_OK) == 0 }
    if let gap = zip(train, present).first(where: { $0 != $1 })?.0 {
      throw DataError(
        .missingInput, path: "\(folder)/\(gap)", problem: "no such file",
        expected: "it, as \(present.last ?? gap) is there")
    }
    return (folder, present, test)
  }
}
