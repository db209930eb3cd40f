import Glibc
import SpideData
import SpideEngine
import Testing

@Suite struct CIFARTests {
  /// One record: labels, then planes of one value each.
  private func record(_ labels: [UInt8], _ planes: [UInt8] = [0, 0, 0]) -> [UInt8] {
    labels + planes.flatMap { [UInt8](repeating: $0, count: 1024) }
  }

  private func load(_ scratch: Scratch, _ source: DataSet = .cifar10) throws -> DataSplit {
    try source.load(forwardSteps: 30, directory: scratch.path, environment: [:])
  }

  /// A training set of two batches and a test set of one image.
  private func writeSmallSet(_ scratch: Scratch, _ folder: String = "cifar10") throws {
    try scratch.write("\(folder)/data_batch_1.bin", record([3], [51, 102, 255]) + record([9]))
    try scratch.write("\(folder)/data_batch_2.bin", record([5]))
    try scratch.write("\(folder)/test_batch.bin", record([1]))
  }

  @Test(arguments: ["cifar10", ".", "cifar-10-batches-bin", "cifar10/cifar-10-batches-bin"])
  func readsTheBatchesThatAreThere(folder: String) throws {
    let scratch = try Scratch()
    try writeSmallSet(scratch, folder)
    let split = try load(scratch)
    #expect((0..<split.train.count).map(split.train.label) == [3, 9, 5])
    #expect(split.test.count == 1 && split.test.label(0) == 1)
    #expect(split.train.shape == DataSet.cifar10.shape && split.train.frames == 1)
    let planes: [Float] = [0.2, 0.4, 1]
    let image = planes.flatMap { value in [Float](repeating: value, count: 1024) }
    #expect(split.train.signal(0) == .constant(image), "red, green, blue")
    #expect(split.test.classNames[1] == "automobile" && split.test.classNames[9] == "truck")
  }

  @Test(arguments: ["cifar100", "cifar-100-binary"])
  func fineLabelsAreTheClasses(folder: String) throws {
    let scratch = try Scratch()
    try scratch.write("\(folder)/train.bin", record([19, 99]) + record([0, 4], [0, 255, 0]))
    try scratch.write("\(folder)/test.bin", record([7, 0]))
    let split = try load(scratch, .cifar100)
    #expect((0..<2).map(split.train.label) == [99, 4] && split.test.label(0) == 0)
    #expect(split.train.classNames.count == 100 && Set(split.train.classNames).count == 100)
    #expect(split.train.classNames == split.train.classNames.sorted())
    #expect(split.train.classNames[0] == "apple" && split.train.classNames[99] == "worm")
    let planes: [Float] = [0, 1, 0]
    let image = planes.flatMap { value in [Float](repeating: value, count: 1024) }
    #expect(split.train.signal(1) == .constant(image))
  }

  @Test func classNamesOfThePublisherComeFirst() throws {
    let scratch = try Scratch()
    try writeSmallSet(scratch)
    let names = (0..<10).map { "class \($0)" }
    func write(_ text: String) throws {
      try scratch.write("cifar10/batches.meta.txt", Array(text.utf8))
    }
    for ending in ["", "\n", "\n\n", "\r\n"] {
      try write(names.joined(separator: ending.hasPrefix("\r") ? "\r\n" : "\n") + ending)
      #expect(try load(scratch).test.classNames == names)
    }
    let path = scratch("cifar10/batches.meta.txt")
    for (text, problem) in [
      ("", "0 lines; expected 10 lines"), ("a\nb\n", "2 lines"),
      (names.joined(separator: "\n\n"), "19 lines"),
      ((["a\u{1b}[2Jb"] + names[1...]).joined(separator: "\n"), "line 1 is \"a\\u{1b}[2Jb\""),
      ((names[..<9] + [String(repeating: "x", count: 65)]).joined(separator: "\n"), "line 10 is"),
      (([""] + names[1...]).joined(separator: "\n"), "line 1 is \"\""),
    ] {
      try write(text)
      expectFailure(.badData, path, problem) { _ = try load(scratch) }
    }
    try scratch.write("cifar10/batches.meta.txt", [0xFF, 0xFE, 10])
    expectFailure(.badData, path, "it is no text") { _ = try load(scratch) }
  }

  @Test func missingBatches() throws {
    let scratch = try Scratch()
    let folders = "looked in \(scratch("cifar10")), \(scratch("cifar10/cifar-10-batches-bin")), "
    expectFailure(
      .missingInput, "cifar10: its files were not found",
      "data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, "
        + "test_batch.bin", folders
    ) { _ = try load(scratch) }
    expectFailure(.missingInput, "cifar100: ", "train.bin, test.bin", "cifar-100-binary") {
      _ = try load(scratch, .cifar100)
    }
    try scratch.write("cifar10/data_batch_1.bin", record([3]))
    expectFailure(.missingInput, scratch("cifar10/test_batch.bin: no such file"), folders) {
      _ = try load(scratch)
    }
    try scratch.write("cifar10/test_batch.bin", record([3]))
    #expect(try load(scratch).train.count == 1)
    try scratch.write("cifar10/data_batch_4.bin", record([3]))
    expectFailure(
      .missingInput, scratch("cifar10/data_batch_2.bin: no such file"), "data_batch_4.bin is there"
    ) { _ = try load(scratch) }
  }

  private static let bad: [(DataSet, [UInt8], String)] = [
    (.cifar10, [], "no records; expected records of 3073 bytes, at least one"),
    (.cifar10, [UInt8](repeating: 0, count: 3072), "3072 bytes"),
    (.cifar10, [UInt8](repeating: 0, count: 3074), "3074 bytes"),
    (.cifar10, [10] + [UInt8](repeating: 0, count: 3072), "label 10 in record 0; expected 0 to 9"),
    (.cifar100, [UInt8](repeating: 0, count: 3073), "3073 bytes; expected records of 3074 bytes"),
    (.cifar100, [0, 100] + [UInt8](repeating: 0, count: 3072), "label 100 in record 0"),
    (.cifar100, [20, 0] + [UInt8](repeating: 0, count: 3072), "label 20 in record 0"),
  ]

  @Test(arguments: bad) func refuses(source: DataSet, bytes: [UInt8], problem: String) {
    var records = CIFARRecords(
      shape: source.shape, labelBounds: source.classes == 100 ? [20, 100] : [10])
    expectFailure(.badData, "b.bin: ", problem) { try records.append(bytes, name: "b.bin") }
  }

  /// The same errors from files, which are read some records at a time: the number is that within the file.
  @Test func badBatchesAreNamed() throws {
    let scratch = try Scratch()
    try writeSmallSet(scratch)
    let path = scratch("cifar10/data_batch_2.bin")
    for (bytes, problem) in [
      ([], "no records; expected records of 3073 bytes, at least one"), ([1, 2], "2 bytes"),
      ((0..<1500).flatMap { record([$0 == 1400 ? 11 : 1]) }, "label 11 in record 1400"),
    ] as [([UInt8], String)] {
      try scratch.write("cifar10/data_batch_2.bin", bytes)
      expectFailure(.badData, "\(path): \(problem)") { _ = try load(scratch) }
    }
    try scratch.write("cifar10/data_batch_2.bin", (0..<2048).flatMap { record([UInt8($0 % 10)]) })
    let split = try load(scratch)
    #expect(split.train.count == 2050)
    #expect((0..<2048).allSatisfy { split.train.label($0 + 2) == $0 % 10 })
  }

  /// A file far larger than memory is refused by its size, before anything of it is read.
  @Test func aHugeBatchIsRefusedByItsSize() throws {
    let scratch = try Scratch()
    try writeSmallSet(scratch)
    let path = scratch("cifar10/data_batch_2.bin")
    #expect(truncate(path, 1 << 41) == 0)
    expectFailure(.badData, "\(path): 2199023255552 bytes; expected at most 4294967296") {
      _ = try load(scratch)
    }
    #expect(truncate(path, 1 << 32) == 0)
    expectFailure(.badData, "\(path): 4294967296 bytes; expected records of 3073") {
      _ = try load(scratch)
    }
  }

  @Test func aDirectoryInPlaceOfABatch() throws {
    let scratch = try Scratch()
    try writeSmallSet(scratch)
    try scratch.write("cifar10/data_batch_3.bin/x", [])
    expectFailure(.missingInput, scratch("cifar10/data_batch_3.bin: Is a directory")) {
      _ = try load(scratch)
    }
  }

  @Test(.enabled(if: sharedData != nil, "SPIDE_DATA is not set"))
  func aPartOfThePublishedSet() throws {
    let split = try DataSet.cifar10.load(
      forwardSteps: 30, environment: ["SPIDE_DATA": try #require(sharedData)])
    #expect(split.train.count == 2000 && split.test.count == 500)
    #expect(Set((0..<2000).map(split.train.label)) == Set(0..<10))
    #expect(split.train.classNames[6] == "frog")
  }
}
