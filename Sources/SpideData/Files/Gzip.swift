import CZlib

/// Files packed by gzip (RFC 1952), unpacked by zlib.
package enum Gzip {
  /// No file may unpack to more (512 MiB, eleven times the largest of MNIST): a few packed bytes can stand for
  /// more than memory holds.
  package static let largest = 1 << 29

  /// Whether bytes begin as a packed file does.
  static func isPacked(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// What `packed` stands for; several gzip members stand for their contents one after another.
  ///
  /// - Parameters:
  ///   - name: The file, for error messages.
  ///   - largest: The most bytes that come out.
  /// - Throws: ``DataError`` of kind `badData` for a wrong checksum, a stream that is damaged, ends early or is
  ///   followed by something else, and for contents that are too large.
  package static func unpack(
    _ packed: [UInt8], name: String, largest: Int = Gzip.largest
  ) throws(DataError) -> [UInt8] {
    func wrong(_ problem: String) -> DataError {
      DataError(.badData, path: name, problem: problem, expected: "a file whole as gzip wrote it")
    }
    guard var stream = InflateStream() else { throw wrong("zlib has no memory to unpack it") }
    defer { stream.end() }
    var contents: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let (status, written) = stream.step(packed, into: &room)
      contents.append(contentsOf: room[..<written])
      guard contents.count <= largest else {
        throw wrong("it unpacks to more than \(largest) bytes")
      }
      switch status {
      case Z_OK: continue
      case Z_STREAM_END:
        let rest = packed.count - stream.consumed
        if rest == 0 { return contents }
        guard isPacked(Array(packed[stream.consumed...].prefix(2))) else {
          throw wrong("\(rest) bytes after the end of its packed contents")
        }
        stream.reset()
      case Z_BUF_ERROR: throw wrong("it ends within its packed contents")
      default: throw wrong("its packed contents are damaged (\(stream.message))")
      }
    }
  }
}

/// zlib's state of one unpacking, at an address of its own because zlib points back to it.
private struct InflateStream {
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  /// Bytes of the packed file taken in.
  private(set) var consumed = 0

  /// Nil where memory is short.
  init?() {
    stream.initialize(to: z_stream())
    // The largest window, and 16 for a gzip header.
    let status = inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      stream.deallocate()
      return nil
    }
  }

  func end() {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Makes ready for another member of the same file.
  func reset() { inflateReset(stream) }

  /// What zlib says about its last failure.
  var message: String { stream.pointee.msg.map { String(cString: $0) } ?? "no reason given" }

  /// Unpacks until `room` is full or the input is at its end: zlib's status, and the bytes written to `room`.
  mutating func step(_ packed: [UInt8], into room: inout [UInt8]) -> (status: Int32, written: Int) {
    let offered = min(packed.count - consumed, 1 << 30)
    let status = packed.withUnsafeBufferPointer { input in
      room.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_in = input.baseAddress.map {
          UnsafeMutablePointer(mutating: $0 + consumed)
        }
        stream.pointee.avail_in = UInt32(offered)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        return inflate(stream, Z_NO_FLUSH)
      }
    }
    consumed += offered - Int(stream.pointee.avail_in)
    return (status, room.count - Int(stream.pointee.avail_out))
  }
}
