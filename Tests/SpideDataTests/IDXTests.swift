import SpideData
import Testing

@Suite struct IDXTests {
  @Test func readsSizesAndValues() throws {
    let idx = try IDX.parse(idxFile([2, 1, 3], [1, 2, 3, 4, 5, 6]), name: "x")
    #expect(idx.dimensions == [2, 1, 3])
    #expect(idx.values == [1, 2, 3, 4, 5, 6])
    #expect(try IDX.parse(idxFile([0, 28, 28], []), name: "x").values.isEmpty)
  }

  @Test(
    arguments: [
      ([], "0 bytes"),
      ([0, 0, 8], "3 bytes"),
      ([1, 0, 8, 1, 0, 0, 0, 0], "not an IDX file"),
      ([0, 0, 13, 1, 0, 0, 0, 0], "type 0xd"),
      ([0, 0, 8, 0], "no dimensions"),
      ([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0], "ends within the sizes"),
      (idxFile([2, 2], [1, 2, 3]), "3 values; expected 4"),
      (idxFile([2, 2], [1, 2, 3, 4, 5]), "5 values; expected 4"),
      (idxFile([0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], [1]), "overflow"),
    ] as [([UInt8], String)])
  func refuses(bytes: [UInt8], problem: String) {
    expectFailure(.badData, "file.idx: ", problem) {
      _ = try IDX.parse(bytes, name: "file.idx")
    }
  }
}
