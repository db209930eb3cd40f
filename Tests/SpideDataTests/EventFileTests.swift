import Foundation
import SpideData
import Testing

@Suite struct EventFileTests {
  private func frames(_ bytes: [UInt8], _ count: Int) throws -> [[UInt32]] {
    let file = try EventFile(
      head: Array(bytes.prefix(EventFile.largestHeader)), size: bytes.count, name: "x.aedat")
    var rest = bytes[file.headerSize...]
    var frames: [[UInt32]] = []
    try file.forEachFrame(
      count,
      from: { (size) throws(DataError) in
        defer { rest = rest.dropFirst(size) }
        return Array(rest.prefix(size))
      }, { frames.append($0) })
    return frames
  }

  /// A recording that came with the frames that it must give.
  @Test func decodesAsItShould() throws {
    struct Expected: Decodable {
      let frames: Int
      let events: Int
      /// Frame, polarity, row, column, count.
      let nonzero: [[Int]]
    }
    let expected = try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: URL(fileURLWithPath: resource("frames.json"))))
    let file = try OpenRecording(resource("sample.aedat"))
    #expect(file.contents.eventCount == expected.events)
    var nonzero: [[Int]] = []
    var frame = 0
    try file.forEachFrame(expected.frames) { counts in
      for (index, count) in counts.enumerated() where count > 0 {
        nonzero.append([frame, index >> 14, index >> 7 & 127, index & 127, Int(count)])
      }
      frame += 1
    }
    #expect(frame == expected.frames)
    #expect(nonzero.sorted(by: { $0.lexicographicallyPrecedes($1) }) == expected.nonzero)
  }

  @Test func framesHaveEqualSharesAndTheLastTakesTheRest() throws {
    let events = (0..<11).map { Event($0, 2 * $0, $0 % 2) }
    for (count, shares) in [
      (1, [11]), (2, [5, 6]), (3, [3, 3, 5]), (11, [Int](repeating: 1, count: 11)),
      (12, [Int](repeating: 0, count: 11) + [11]),
    ] {
      let made = try frames(recording(events), count)
      #expect(made.map { Int($0.reduce(0, +)) } == shares)
      var event = 0
      for (frame, share) in zip(made, shares) {
        for event in events[event..<event + share] {
          #expect(frame[(event.polarity * 128 + event.y) * 128 + event.x] == 1)
        }
        event += share
      }
    }
  }

  @Test(
    arguments: [
      ([], "0 bytes; expected #!AER-DAT2.0 first"),
      (Array("#!AER-DAT3.1\r\n".utf8), "another version of AEDAT"),
      (Array("# something\r\n".utf8), "not an AEDAT file"),
      ([0, 0, 0, 1, 0, 0, 0, 1], "not an AEDAT file"),
      (Array("#!AER-DAT2.0".utf8), "its header has no end"),
      (
        Array("#!AER-DAT2.0\n# \(String(repeating: "x", count: 4 << 20))\n".utf8),
        "its header has no end; expected at most 4194304 bytes of # lines"
      ),
      (recording([]), "no events; expected at least one"),
      (recording([Event(0, 0, 0)]).dropLast(4), "4 bytes after its header; expected events of 8"),
      (recording([Event(0, 0, 0)]) + [0], "9 bytes after its header"),
    ] as [([UInt8], String)])
  func refuses(bytes: [UInt8], problem: String) {
    expectFailure(.badData, "x.aedat: ", problem) { _ = try frames(bytes, 3) }
  }

  /// What a camera tells of triggers stands in bits above the pixel's, which count for nothing.
  @Test(arguments: [0x8000, 0x1_0000, 0x0100_0000, 0x8000_0000, 0xFFFF_8000] as [UInt32])
  func triggerBitsAreMasked(bits: UInt32) throws {
    let events = (0..<5).map { Event(3 * $0, 127 - $0, $0 % 2) }
    let marked = recording(events) { index, word in index == 3 ? word | bits : word }
    #expect(try frames(marked, 2) == frames(recording(events), 2))
  }

  /// The settings that DAVIS cameras list make headers of 300 KiB; the first events follow wherever they end.
  @Test(arguments: [0, 1 << 14, 1 << 16, 300 << 10, (4 << 20) - 16])
  func headersMayBeLong(size: Int) throws {
    let scratch = try Scratch()
    let events = (0..<200_000).map { Event($0 % 128, $0 / 128 % 128, $0 % 2) }
    let magic = "#!AER-DAT2.0\r\n"
    let lines = [String](
      repeating: "#" + String(repeating: "x", count: 62) + "\n", count: size / 64)
    let header = magic + lines.joined()
    let bytes = recording(events, header: header)
    let path = try scratch.write("x.aedat", bytes)
    let file = try OpenRecording(path)
    #expect(file.contents.headerSize == header.utf8.count)
    #expect(file.contents.eventCount == events.count)
    var sum = [UInt32](repeating: 0, count: 2 * 128 * 128)
    try file.forEachFrame(3) { frame in for index in sum.indices { sum[index] += frame[index] } }
    var expected = sum.map { _ in 0 as UInt32 }
    for event in events { expected[(event.polarity * 128 + event.y) * 128 + event.x] += 1 }
    #expect(sum == expected)
  }

  @Test func aHeaderWithoutEndIsRefusedWithoutReadingTheFile() throws {
    let scratch = try Scratch()
    let path = scratch("x.aedat")
    try scratch.write("x.aedat", Array("#!AER-DAT2.0\n".utf8))
    // A hole of 1 GiB after a line that has begun.
    #expect(truncate(path, 1 << 30) == 0)
    let file = try #require(fopen(path, "r+"))
    fseek(file, 13, SEEK_SET)
    fputs("#", file)
    fclose(file)
    expectFailure(.badData, "x.aedat: its header has no end") { _ = try OpenRecording(path) }
  }

  @Test func refusesAFileThatHasShrunkOrIsTooLarge() throws {
    let bytes = recording([Event](repeating: Event(1, 1, 1), count: 5))
    let file = try EventFile(head: bytes, size: bytes.count, name: "x.aedat")
    var parts = [Array(bytes[file.headerSize...].prefix(16)), []]
    expectFailure(.badData, "x.aedat: it ends after 2 events; expected 5") {
      try file.forEachFrame(
        3, from: { (_) throws(DataError) in parts.removeFirst() }, { _ in })
    }
    expectFailure(.badData, "x.aedat: 2147483656 bytes; expected at most 2147483648") {
      _ = try EventFile(head: bytes, size: 1 << 31 + 8, name: "x.aedat")
    }
  }

  /// What the authors' program makes of the same recording: a picture of luminance and alpha that Pillow has shrunk.
  @Test func authorsPicturesAreTheirs() throws {
    let expected = try Data(contentsOf: URL(fileURLWithPath: resource("authors-frames.bin")))
    var frames: [UInt32] = []
    let file = try OpenRecording(resource("sample.aedat"))
    try file.forEachFrame(10) { AuthorsPicture.append($0, to: &frames) }
    // A record of two bytes for every place that is not 0: how many places after the last one, and its value.
    var values = [UInt32](repeating: 0, count: 10 * 2 * 48 * 48)
    var place = -1
    for start in stride(from: 0, to: expected.count, by: 2) {
      place += Int(expected[start])
      values[place] = UInt32(expected[start + 1])
    }
    #expect(values.contains { $0 > 0 } && frames == values)
  }

  /// One event is white, none and 256 are black; where the other polarity is 0, so is the alpha, and the light is lost.
  @Test func authorsPicturesShadeCountsModulo256() {
    func picture(_ light: UInt32, _ alpha: UInt32) -> [UInt32] {
      let counts =
        [UInt32](repeating: light, count: 16384) + [UInt32](repeating: alpha, count: 16384)
      var frame: [UInt32] = []
      AuthorsPicture.append(counts, to: &frame)
      return frame
    }
    func plain(_ light: UInt32, _ alpha: UInt32) -> [UInt32] {
      [UInt32](repeating: light, count: 2304) + [UInt32](repeating: alpha, count: 2304)
    }
    #expect(picture(1, 1) == plain(255, 255))
    #expect(picture(2, 1) == plain(254, 255))
    #expect(picture(0, 1) == plain(0, 255))
    #expect(picture(256, 257) == plain(0, 255))
    #expect(picture(1, 0) == plain(0, 0))
    #expect(picture(1, 156) == plain(255, 100), "100 of 255 and back")
    // 3 of 255 is multiplied by 2 of 255 and lost.
    #expect(picture(253, 254) == plain(0, 2))
  }

  @Test func shrinkingTakesTheMeanOverAreas() {
    var random = Seeded(state: 5)
    let counts = (0..<2 * 128 * 128).map { _ in UInt32.random(in: 0...9, using: &random) }
    var shrunk: [UInt32] = []
    AreaShrink.append(counts, to: &shrunk)
    #expect(shrunk.count == 2 * 48 * 48)
    #expect(shrunk.reduce(0, +) == 9 * counts.reduce(0, +), "every event counts nine ninths")
    // The same in real numbers: how much of each old pixel lies under the new one.
    let width = 128.0 / 48
    func cover(_ new: Int, _ old: Int) -> Double {
      max(0, min(Double(old + 1), Double(new + 1) * width) - max(Double(old), Double(new) * width))
    }
    for plane in 0..<2 {
      for row in [0, 1, 2, 3, 25, 46, 47] {
        for column in [0, 1, 2, 30, 47] {
          var mean = 0.0
          for oldRow in 0..<128 where cover(row, oldRow) > 0 {
            for oldColumn in 0..<128 {
              mean +=
                cover(row, oldRow) * cover(column, oldColumn)
                * Double(counts[(plane * 128 + oldRow) * 128 + oldColumn])
            }
          }
          mean /= width * width
          let value = Double(shrunk[(plane * 48 + row) * 48 + column]) / Double(AreaShrink.scale)
          // The sum of some twenty products in doubles.
          #expect(abs(value - mean) < 1e-12)
        }
      }
    }
  }
}
