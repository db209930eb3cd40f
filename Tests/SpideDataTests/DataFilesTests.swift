import SpideData
import SpideEngine
import Testing

/// Whether a data set is there is told by names alone, and as loading tells it.
@Suite struct DataFilesTests {
  private func error(_ body: () throws -> Void) -> DataError? {
    do {
      try body()
      return nil
    } catch { return error as? DataError }
  }

  @Test(arguments: DataSet.all) func tellsWhatLoadingWouldTell(_ source: DataSet) throws {
    let scratch = try Scratch()
    func check() -> DataError? {
      error { try source.checkFiles(directory: scratch.path, environment: [:]) }
    }
    func load() -> DataError? {
      error {
        _ = try source.load(
          forwardSteps: 3, directory: scratch.path, environment: [:])
      }
    }
    guard source != .digits else {
      #expect(check() == nil)
      return
    }
    #expect(check()?.kind == .missingInput && check() == load())
    // Files without contents, one after the other: nothing of them is read.
    let names: [String]
    switch source {
    case .mnist, .fashionMNIST:
      names = [
        "train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
      ]
    case .cifar10:
      names = ["data_batch_1.bin", "data_batch_3.bin", "test_batch.bin", "data_batch_2.bin"]
    case .cifar100: names = ["cifar-100-binary/train.bin", "cifar-100-binary/test.bin"]
    case .cifar10DVS:
      names = [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
      ].map { "\($0)/note.txt" }
    default:
      Issue.record("no files are known of \(source.name)")
      return
    }
    for name in names {
      #expect(check() != nil && check() == load(), "before \(name)")
      try scratch.write("\(source.name)/\(name)", [])
    }
    #expect(check() == nil)
    #expect(load() != nil)
  }
}
