import Foundation
import SpideData
import SpideEngine
import Testing

@Suite struct DataSplitTests {
  @Test func digitsAreSplitByFives() throws {
    let split = try DataSet.digits.load(forwardSteps: 1, environment: [:])
    #expect(split.train.count == 1438 && split.test.count == 359)
    // The set counts through the ten digits at first, so index and label agree.
    #expect((0..<8).map(split.train.label) == [0, 1, 2, 3, 5, 6, 7, 8])
    #expect((0..<2).map(split.test.label) == [4, 9])
    #expect(split.train.shape == DataSet.digits.shape)
    #expect(split.train.classNames.count == DataSet.digits.classes)
    let values = split.train.signal(0).mean
    #expect(Array(values[..<8]) == [0, 0, 5, 13, 9, 1, 0, 0].map { $0 / 16 })
    let all = (0..<split.test.count).flatMap { split.test.signal($0).mean }
    #expect(all.min() == 0 && all.max() == 1)
  }

  @Test func onlyTheTrainingPartIsAugmented() throws {
    let split = try DataSet.digits.load(
      forwardSteps: 30,
      augmentation: Augmentation(cropPadding: 4, horizontalFlip: true),
      environment: [:])
    func isAugmented(_ set: any SampleSource) -> Bool {
      var buffer = [Float](repeating: 0, count: set.shape.count)
      return (UInt64(0)..<20).contains { seed in
        set.read(0, augmentation: seed, into: &buffer)
        return .constant(buffer) != set.signal(0)
      }
    }
    #expect(isAugmented(split.train) && !isAugmented(split.test))
  }

  @Test func foldersAreTriedInThePublishedOrder() {
    func paths(_ directory: String?, _ environment: [String: String]) -> [String] {
      DataFolders(of: .mnist, directory: directory, environment: environment).paths
    }
    #expect(
      paths("d", ["SPIDE_DATA": "/s", "XDG_DATA_HOME": "/x", "HOME": "/h"])
        == ["d/mnist", "d", "/s/mnist", "/x/spide-tui/mnist"])
    let home = ["/h/.local/share/spide-tui/mnist"]
    #expect(paths(nil, ["HOME": "/h"]) == home)
    #expect(paths(nil, ["HOME": "/h", "XDG_DATA_HOME": "relative", "SPIDE_DATA": ""]) == home)
    #expect(paths(nil, [:]) == [])
  }

  private let names = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
  ]

  private func writeMNIST(
    _ scratch: Scratch, _ folder: String, pixel: UInt8, isPacked: Bool = false
  ) throws {
    func write(_ name: String, _ bytes: [UInt8]) throws {
      try scratch.write(
        "\(folder)/\(name)\(isPacked ? ".gz" : "")", isPacked ? gzip(bytes) : bytes)
    }
    for (part, count) in [(0, 2), (2, 1)] {
      let pixels = [UInt8](repeating: pixel, count: count * 784)
      try write(names[part], idxFile([count, 28, 28], pixels))
      try write(names[part + 1], idxFile([count], Array(repeating: 9, count: count)))
    }
  }

  @Test(arguments: [DataSet.mnist, .fashionMNIST])
  func readsMNISTFromTheFirstFolderThatHasIt(source: DataSet) throws {
    let scratch = try Scratch()
    try writeMNIST(scratch, "env/\(source.name)", pixel: 51)
    func load(_ directory: String?) throws -> DataSplit {
      try source.load(
        forwardSteps: 30, directory: directory,
        environment: ["SPIDE_DATA": scratch("env")])
    }
    let split = try load(scratch("data"))
    #expect(split.train.count == 2 && split.test.count == 1)
    #expect(split.train.signal(1).mean == [Float](repeating: 0.2, count: 784))
    #expect(split.test.classNames[split.test.label(0)] == (source == .mnist ? "9" : "ankle boot"))
    try writeMNIST(scratch, "data", pixel: 255)
    #expect(try load(scratch("data")).test.signal(0).mean[0] == 1)
  }

  @Test func packedFilesAreReadWherePlainOnesAreMissing() throws {
    let scratch = try Scratch()
    try writeMNIST(scratch, "d", pixel: 255, isPacked: true)
    func load() throws -> DataSplit {
      try DataSet.mnist.load(
        forwardSteps: 30, directory: scratch("d"), environment: [:])
    }
    #expect(try load().train.signal(1).mean == [Float](repeating: 1, count: 784))
    // Of one file the plain form is there too, and is preferred.
    try scratch.write("d/\(names[2])", idxFile([1, 28, 28], [UInt8](repeating: 0, count: 784)))
    #expect(try load().train.signal(1).mean[0] == 1)
    #expect(try load().test.signal(0).mean[0] == 0)
    // The contents decide, not the name.
    try scratch.write("d/\(names[2])", gzip(try scratch.bytes("d/\(names[2])")))
    #expect(try load().test.signal(0).mean[0] == 0)
  }

  @Test(.enabled(if: sharedData != nil, "SPIDE_DATA is not set"))
  func theWholeOfMNIST() throws {
    let split = try DataSet.mnist.load(
      forwardSteps: 30, environment: ["SPIDE_DATA": try #require(sharedData)])
    #expect(split.train.count == 60_000 && split.test.count == 10_000)
    #expect((0..<5).map(split.train.label) == [5, 0, 4, 1, 9])
    #expect((0..<5).map(split.test.label) == [7, 2, 1, 0, 4])
    // The published mean and deviation of the training pixels, which presets normalise by.
    let pixels = (0..<60_000).lazy.map { split.train.signal($0).mean.reduce(0, +) / 784 }
    #expect(abs(pixels.reduce(0, +) / 60_000 - 0.1307) < 0.0001)
  }

  @Test func missingFilesAreNamedWithEveryFolder() throws {
    let scratch = try Scratch()
    func load() throws {
      _ = try DataSet.mnist.load(
        forwardSteps: 30, directory: scratch("d"),
        environment: ["SPIDE_DATA": "/nowhere"])
    }
    let folders = "looked in \(scratch("d/mnist")), \(scratch("d")), /nowhere/mnist"
    expectFailure(.missingInput, "mnist: ", names.joined(separator: ", "), folders) { try load() }
    try scratch.write("d/\(names[1])", [])
    expectFailure(.missingInput, "\(scratch("d/"))\(names[0]): no such file", folders) {
      try load()
    }
    try scratch.write("d/\(names[0]).gz", [])
    expectFailure(
      .missingInput, "\(scratch("d/"))\(names[2]): no such file", "plain or with .gz", folders
    ) { try load() }
  }

  @Test func badFilesAreNamed() throws {
    let scratch = try Scratch()
    try writeMNIST(scratch, "mnist", pixel: 0)
    let path = try scratch.write("mnist/\(names[2])", idxFile([1, 28, 27], []))
    expectFailure(.badData, path, "0 values; expected 756") {
      _ = try DataSet.mnist.load(
        forwardSteps: 30, directory: scratch.path, environment: [:])
    }
  }

  @Test(arguments: [false, true]) func emptyFilesSayWhatIsMissing(isPacked: Bool) throws {
    let scratch = try Scratch()
    try writeMNIST(scratch, "mnist", pixel: 0, isPacked: isPacked)
    let ending = isPacked ? ".gz" : ""
    func expect(_ file: Int, _ bytes: [UInt8], _ problem: String) throws {
      let old = try scratch.bytes("mnist/\(names[file])\(ending)")
      let path = try scratch.write(
        "mnist/\(names[file])\(ending)", isPacked ? gzip(bytes) : bytes)
      expectFailure(.badData, "\(path): \(problem)") {
        _ = try DataSet.mnist.load(
          forwardSteps: 30, directory: scratch.path, environment: [:])
      }
      try scratch.write("mnist/\(names[file])\(ending)", old)
    }
    try expect(0, idxFile([0, 28, 28], []), "no images; expected at least one image")
    try expect(2, idxFile([0, 28, 28], []), "no images; expected at least one image")
    try expect(1, idxFile([0], []), "no labels; expected [2], one label for each image")
    try expect(3, idxFile([2], [1, 1]), "its sizes are [2]; expected [1], one label")
    try expect(0, idxFile([2, 28], [UInt8](repeating: 0, count: 56)), "its sizes are [2, 28]")
    try expect(2, [], "0 bytes; expected an IDX file")
    try expect(3, idxFile([1], [10]), "label 10 at index 0; expected 0 to 9")
    if isPacked {
      // More or fewer values than the sizes say show only when they are unpacked.
      try expect(3, idxFile([1], [1, 1]), "more than 1 values; expected 1, as its sizes [1] say")
      try expect(3, idxFile([1], []), "0 values; expected 1, as its sizes [1] say")
    }
  }

  /// Sizes are looked at first: of files that are far larger than memory, or stand for it, little is read.
  @Test func hugeFilesAreRefusedByTheirSizes() throws {
    let scratch = try Scratch()
    try writeMNIST(scratch, "mnist", pixel: 0)
    func expect(_ path: String, _ problem: String) {
      expectFailure(.badData, "\(path): \(problem)") {
        _ = try DataSet.mnist.load(
          forwardSteps: 30, directory: scratch.path, environment: [:])
      }
    }
    let images = try scratch.write("mnist/\(names[0])", idxFile([1 << 20, 64, 64], []))
    #expect(truncate(images, 16 + 1 << 32) == 0)
    expect(images, "4294967312 bytes; expected at most 4294967296")
    try scratch.write("mnist/\(names[0])", idxFile([1 << 19, 64, 64], []))
    #expect(truncate(images, 16 + 1 << 31) == 0)
    expect(images, "its sizes are [524288, 64, 64]; expected [n, 28, 28]")
    let bomb = gzip(idxFile([1 << 31, 28, 28], [UInt8](repeating: 0, count: 1 << 20)))
    try scratch.write("mnist/\(names[0])", bomb)
    expect(images, "1683627180032 values, as its sizes say; expected at most 536870912")
  }

  @Test func aPackedFileWithAWrongChecksumIsNamed() throws {
    let scratch = try Scratch()
    try writeMNIST(scratch, "mnist", pixel: 0, isPacked: true)
    var packed = try scratch.bytes("mnist/\(names[3]).gz")
    packed[packed.count - 8] ^= 1
    let path = try scratch.write("mnist/\(names[3]).gz", packed)
    expectFailure(.badData, "\(path): its packed contents are damaged (incorrect data check)") {
      _ = try DataSet.mnist.load(
        forwardSteps: 30, directory: scratch.path, environment: [:])
    }
  }

  @Test func whatIsNoReadableFileIsMissingInput() throws {
    let scratch = try Scratch()
    try writeMNIST(scratch, "mnist", pixel: 0)
    let path = scratch("mnist/\(names[1])")
    func load() throws {
      _ = try DataSet.mnist.load(
        forwardSteps: 30, directory: scratch.path, environment: [:])
    }
    if getuid() != 0 {
      chmod(path, 0)
      expectFailure(.missingInput, "\(path): Permission denied") { try load() }
    }
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    expectFailure(.missingInput, "\(path): Is a directory; expected an IDX file") { try load() }
  }
}
