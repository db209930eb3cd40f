import Glibc
import SpideData
import SpideEngine
import Testing

/// Files of data sets, damaged at random, are read or refused with one line; nothing traps.
@Suite struct ReaderFuzzTests {
  /// One to four changes such as disks, networks and enemies make.
  private func damage(_ original: [UInt8], _ random: inout Seeded) -> [UInt8] {
    var bytes = original
    for _ in 0...Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
      // Every second change hits the first bytes, where headers are.
      let reach = Bool.random(using: &random) ? min(24, bytes.count) : bytes.count
      let place = Int.random(in: 0..<reach, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
      case 3: bytes.removeSubrange(place...)
      case 4: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
      default: bytes.removeSubrange(place..<min(place + 8, bytes.count))
      }
    }
    return bytes
  }

  /// Reads damaged copies of `corpus`: each is accepted or refused as bad data, and both happen.
  private func fuzz(
    _ corpus: [[UInt8]], _ read: ([UInt8], String) throws(DataError) -> Void
  ) {
    var accepted = 0
    let seeds = UInt64(1)...3000
    for seed in seeds {
      var random = Seeded(state: seed)
      let bytes = damage(corpus[Int(seed) % corpus.count], &random)
      do throws(DataError) {
        try read(bytes, "seed \(seed)")
        accepted += 1
      } catch {
        #expect(error.kind == .badData && !error.description.contains("\n"), "seed \(seed)")
      }
    }
    #expect((10..<seeds.count - 10).contains(accepted), "\(accepted) of \(seeds.count)")
  }

  @Test func idx() {
    let corpus = [
      idxFile([3, 4, 4], Array(0..<48)), idxFile([5], [0, 1, 2, 3, 4]), idxFile([0, 2, 2], []),
      idxFile([1, 1, 1, 1, 1], [7]),
    ]
    fuzz(corpus) { (bytes, seed) throws(DataError) in
      let idx = try IDX.parse(bytes, name: "f")
      #expect(idx.values.count == idx.dimensions.reduce(1, *), "\(seed)")
    }
  }

  @Test func gzipStreams() {
    let words = (0..<5000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let corpus = [
      gzip(words), gzip(idxFile([3, 4, 4], Array(0..<48))), gzip([1]) + gzip(words), gzip([]),
    ]
    fuzz(corpus) { (bytes, seed) throws(DataError) in
      let contents = try Gzip.unpack(bytes, name: "f", largest: 1 << 20)
      #expect(contents.count <= 1 << 20, "\(seed)")
    }
  }

  @Test(arguments: [DataSet.cifar10, .cifar100]) func cifar(source: DataSet) {
    let size = source.classes == 10 ? 3073 : 3074
    let corpus = (1...3).map { [UInt8](repeating: 5, count: $0 * size) }
    fuzz(corpus) { (bytes, seed) throws(DataError) in
      var records = CIFARRecords(
        shape: source.shape, labelBounds: source.classes == 100 ? [20, 100] : [10])
      try records.append(bytes, name: "f")
      let images = records.images(classNames: [])
      #expect(images.count == bytes.count / size && images.pixels.count == images.count * 3072)
      #expect(images.labels.allSatisfy { $0 < source.classes }, "\(seed)")
    }
  }

  @Test func recordings() {
    let events = (0..<60).map { Event($0 * 2, 127 - $0, $0 % 2) }
    let corpus = [
      recording(events), recording(events, header: "#!AER-DAT2.0\n"), recording([events[0]]),
    ]
    fuzz(corpus) { (bytes, seed) throws(DataError) in
      let file = try EventFile(
        head: Array(bytes.prefix(EventFile.largestHeader)), size: bytes.count, name: "f")
      var rest = bytes[file.headerSize...]
      var total = 0
      try file.forEachFrame(
        7,
        from: { (size) throws(DataError) in
          defer { rest = rest.dropFirst(size) }
          return Array(rest.prefix(size))
        }, { counts in total += Int(counts.reduce(0, +)) })
      #expect(total == file.eventCount, "\(seed)")
    }
  }

  /// An entry that differs in anything is not used; damage that undoes itself leaves the old frames.
  @Test func cacheEntries() throws {
    let frames = (0..<300).map { UInt32($0 * $0 % 65536) }
    var status = stat()
    status.st_size = 300
    let key = FrameCache.Key(path: "/d/f.aedat", status: status, frames: 3, count: 300)
    let entry = try #require(FrameCache.encode(frames, key))
    for seed in UInt64(1)...3000 {
      var random = Seeded(state: seed)
      let damaged = damage(entry, &random)
      #expect(FrameCache.decode(damaged, key) == (damaged == entry ? frames : nil), "seed \(seed)")
    }
  }
}
