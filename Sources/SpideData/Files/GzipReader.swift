import CZlib

/// Unpacks as much of a file as is asked for, so that neither a packed file nor its contents need be in memory whole.
package final class GzipReader {
  static let expected = "a file whole as gzip wrote it"

  private let name: String
  private let next: (Int) throws(DataError) -> [UInt8]
  private let stream = InflateStream()
  /// Packed bytes at hand; those before ``place`` are used up.
  private var packed: [UInt8] = []
  private var place = 0
  private var room = [UInt8](repeating: 0, count: GzipReader.portion)
  /// Whether another member may follow, as nothing of the last one is left.
  private var isBetweenMembers = false

  /// Bytes that are read, and unpacked, at a time.
  private static let portion = 1 << 18

  /// - Parameters:
  ///   - name: The file, for error messages.
  ///   - next: Gives at most so many of the packed bytes, and none only at their end.
  package init(name: String, _ next: @escaping (Int) throws(DataError) -> [UInt8]) {
    self.name = name
    self.next = next
  }

  /// The next `count` bytes of the contents; fewer only at the end. Several members stand for their contents one after
  /// another.
  ///
  /// - Throws: ``DataError`` of kind `badData` for a wrong checksum, a stream that is damaged, ends early or is
  ///   followed by something else, and what the packed bytes' source throws.
  package func read(upTo count: Int) throws(DataError) -> [UInt8] {
    guard let stream else { throw wrong("zlib has no memory to unpack it") }
    var contents: [UInt8] = []
    contents.reserveCapacity(min(count, 1 << 26))
    while contents.count < count {
      if isBetweenMembers {
        let rest = try atHand(Gzip.magic.count)
        if rest.isEmpty { break }
        guard Gzip.isPacked(rest) else { throw wrong("bytes after the end of its packed contents") }
        stream.reset()
        isBetweenMembers = false
      }
      let offered = try atHand(1)
      let wanted = min(room.count, count - contents.count)
      let (status, taken, written) = stream.step(offered, into: &room, wanted)
      place += taken
      contents.append(contentsOf: room[..<written])
      switch status {
      case Z_OK: continue
      case Z_STREAM_END: isBetweenMembers = true
      case Z_BUF_ERROR: throw wrong("it ends within its packed contents")
      default: throw wrong("its packed contents are damaged (\(stream.message))")
      }
    }
    return contents
  }

  /// The packed bytes that come next: at least `count` of them, fewer only at their end.
  private func atHand(_ count: Int) throws(DataError) -> ArraySlice<UInt8> {
    while packed.count - place < count {
      let more = try next(GzipReader.portion)
      if more.isEmpty { break }
      packed = packed[place...] + more
      place = 0
    }
    return packed[place...]
  }

  private func wrong(_ problem: String) -> DataError {
    DataError(.badData, path: name, problem: problem, expected: GzipReader.expected)
  }
}

/// zlib's state of one unpacking, at an address of its own because zlib points back to it.
private final class InflateStream {
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  /// Nil where memory is short.
  init?() {
    stream.initialize(to: z_stream())
    // The largest window, and 16 for a gzip header.
    let status = inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    // Whether or not it worked, `deinit` follows.
    guard status == Z_OK else { return nil }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Makes ready for another member of the same file.
  func reset() { inflateReset(stream) }

  /// What zlib says about its last failure.
  var message: String { stream.pointee.msg.map { String(cString: $0) } ?? "no reason given" }

  /// Unpacks until the first `wanted` bytes of `room` are full or the input is at its end: zlib's status, the bytes
  /// taken in, and those written to `room`.
  func step(
    _ packed: ArraySlice<UInt8>, into room: inout [UInt8], _ wanted: Int
  ) -> (status: Int32, taken: Int, written: Int) {
    let status = packed.withUnsafeBufferPointer { input in
      room.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_in = input.baseAddress.map(UnsafeMutablePointer.init(mutating:))
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(wanted)
        return inflate(stream, Z_NO_FLUSH)
      }
    }
    return (
      status, packed.count - Int(stream.pointee.avail_in), wanted - Int(stream.pointee.avail_out)
    )
  }
}
