/// A recording of the DVS128 event camera: AEDAT 2.0, as CIFAR10-DVS is published (TheMethod.md, "The authors' five networks").
///
/// Lines that begin with `#`, then for each event a big-endian address and time stamp of 32 bits each. Time stamps are
/// not looked at: frames are cut by numbers of events, and a camera's clock may jump.
package struct EventFile {
  /// The file, for error messages.
  package let name: String
  /// Bytes before the first event.
  package let headerSize: Int
  /// Events in the file, at least one.
  package let eventCount: Int

  /// Rows, and columns, of the camera.
  package static let side = 128
  /// No header may be longer (4 MiB): those of DAVIS cameras, which list all settings, have 300 KiB.
  package static let largestHeader = 4 << 20
  /// No file may be larger (2 GiB), so that no sum of counts overflows.
  static let largest = 1 << 31

  /// Checks all but the events.
  ///
  /// - Parameters:
  ///   - head: The first bytes, to beyond the header or to ``largestHeader``; all where the file is smaller.
  ///   - size: Bytes in the file.
  /// - Throws: ``DataError`` of kind `badData` for another format or version, a header without an end, a part of an
  ///   event, and a file without events or too large.
  package init(head: [UInt8], size: Int, name: String) throws(DataError) {
    func wrong(_ problem: String, _ expected: String) -> DataError {
      DataError(.badData, path: name, problem: problem, expected: expected)
    }
    let magic = Array("#!AER-DAT2.0".utf8)
    guard head.starts(with: magic) else {
      let isOther = head.starts(with: magic.dropLast(3))
      throw wrong(
        head.isEmpty ? "0 bytes" : isOther ? "another version of AEDAT" : "not an AEDAT file",
        "#!AER-DAT2.0 first")
    }
    guard size <= EventFile.largest else {
      throw wrong("\(size) bytes", "at most \(EventFile.largest)")
    }
    guard let start = EventFile.headerSize(head, of: size), start <= EventFile.largestHeader else {
      throw wrong("its header has no end", "at most \(EventFile.largestHeader) bytes of # lines")
    }
    guard (size - start) % 8 == 0 else {
      throw wrong("\(size - start) bytes after its header", "events of 8 bytes")
    }
    guard size > start else { throw wrong("no events", "at least one") }
    self.name = name
    headerSize = start
    eventCount = (size - start) / 8
  }

  /// Bytes of the lines that begin with `#`; nil where `head`, the first bytes of a file of `size`, ends within them.
  static func headerSize(_ head: [UInt8], of size: Int) -> Int? {
    var start = 0
    while start < head.count {
      guard head[start] == UInt8(ascii: "#") else { return start }
      guard let end = head[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      start = end + 1
    }
    return head.count >= size ? start : nil
  }

  /// Counts the events into frames: an equal number for each, the last frame taking the rest.
  ///
  /// - Parameters:
  ///   - frames: Number of frames; with more of them than events all but the last stay empty.
  ///   - next: Gives at most so many of the bytes after the header, and fewer only at their end.
  ///   - body: Takes each frame, counts of events `[2, 128, 128]`: polarity, row, column.
  /// - Throws: What `next` throws, and ``DataError`` of kind `badData` for fewer events than the file had when it
  ///   was checked.
  package func forEachFrame(
    _ frames: Int, from next: (Int) throws(DataError) -> [UInt8], _ body: ([UInt32]) -> Void
  ) throws(DataError) {
    var counts = [UInt32](repeating: 0, count: 2 * EventFile.side * EventFile.side)
    let share = eventCount / frames
    var left = frames == 1 ? eventCount : share
    var frame = 0
    func finishFrames() {
      while frame < frames - 1, left == 0 {
        body(counts)
        for index in counts.indices { counts[index] = 0 }
        frame += 1
        left = frame == frames - 1 ? eventCount - share * frame : share
      }
    }
    finishFrames()
    var event = 0
    while event < eventCount {
      let bytes = try next(8 * min(eventCount - event, 1 << 17))
      guard !bytes.isEmpty, bytes.count % 8 == 0 else {
        throw DataError(
          .badData, path: name, problem: "it ends after \(event) events",
          expected: "\(eventCount), as when it was opened")
      }
      for start in stride(from: 0, to: bytes.count, by: 8) {
        // TheMethod.md: x = 127 - ((address & 0xFE) >> 1), y = (address & 0x7F00) >> 8, polarity = 1 - (address & 1). The
        // bits above tell of triggers; without them every address is that of a pixel.
        let low = Int(bytes[start + 3])
        let (row, column) = (Int(bytes[start + 2] & 0x7F), 127 - (low >> 1))
        let plane = (1 - (low & 1)) * EventFile.side
        counts[(plane + row) * EventFile.side + column] += 1
        event += 1
        left -= 1
        if left == 0 { finishFrames() }
      }
    }
    body(counts)
  }
}
