import SpideData
import Testing

@Suite struct GzipTests {
  /// Longer than what is unpacked at a time, and not a multiple of it.
  private static let long = (0..<700_001).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }

  @Test(arguments: [[], [7], long])
  func unpacksWhatGzipPacked(contents: [UInt8]) throws {
    #expect(try Gzip.unpack(gzip(contents), name: "x") == contents)
  }

  @Test func severalMembersFollowOneAnother() throws {
    let packed = gzip([1, 2]) + gzip([]) + gzip([3])
    #expect(try Gzip.unpack(packed, name: "x") == [1, 2, 3])
  }

  @Test func everyTruncationIsSeen() {
    let packed = gzip(Array(0...99))
    for count in 0..<packed.count {
      expectFailure(.badData, "x.gz: it ends within its packed contents") {
        _ = try Gzip.unpack(Array(packed[..<count]), name: "x.gz")
      }
    }
  }

  @Test func damageIsSeen() {
    func expect(_ problem: String, _ change: (inout [UInt8]) -> Void) {
      var packed = gzip(Array(0...99))
      change(&packed)
      expectFailure(.badData, "x.gz: ", problem, "expected a file whole as gzip wrote it") {
        _ = try Gzip.unpack(packed, name: "x.gz")
      }
    }
    expect("incorrect data check") { $0[$0.count - 8] ^= 1 }
    expect("incorrect length check") { $0[$0.count - 1] ^= 1 }
    expect("incorrect header check") { $0[0] = 0 }
    expect("unknown compression method") { $0[2] = 7 }
    expect("invalid block type") { $0[10] |= 6 }
    expect("bytes after the end") { $0 += [0x1F] }
    expect("bytes after the end") { $0 += [0, 0, 0, 0, 0] }
    expect("unknown compression method") { $0 += [0x1F, 0x8B, 0, 0] }
    expect("it ends within") { $0 += [0x1F, 0x8B, 8] }
  }

  /// What comes out does not depend on the parts that packed bytes come in, nor on those that are asked for.
  @Test(arguments: [1, 2, 7, 1000]) func partsOfAnySize(size: Int) throws {
    var random = Seeded(state: 3)
    let members = [
      [], [1], (0..<3000).map { _ in UInt8.random(in: 0...255, using: &random) }, [], [2, 3],
    ]
    var packed = members.flatMap(gzip)[...]
    let reader = GzipReader(name: "x") { _ in
      defer { packed = packed.dropFirst(size) }
      return Array(packed.prefix(size))
    }
    var contents: [UInt8] = []
    while true {
      let part = try reader.read(upTo: size)
      contents += part
      if part.count < size { break }
    }
    #expect(contents == members.flatMap { $0 })
    #expect(try reader.read(upTo: 5) == [])
  }

  @Test func contentsHaveALimit() throws {
    let packed = gzip([UInt8](repeating: 0, count: 1_000_000))
    #expect(packed.count < 2000)
    #expect(try Gzip.unpack(packed, name: "x", largest: 1_000_000).count == 1_000_000)
    for bomb in [packed, packed + packed] {
      expectFailure(.badData, "it unpacks to more than 999999 bytes") {
        _ = try Gzip.unpack(bomb, name: "x", largest: 999_999)
      }
    }
  }
}
