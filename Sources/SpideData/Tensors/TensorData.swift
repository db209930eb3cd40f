import SpideFiles

/// The bytes behind the header of a safetensors file.
protocol TensorData: Sendable {
  /// Fills `room` with the bytes from `start` on, counted from the end of the header; false where they end before.
  func copy(from start: Int, to room: UnsafeMutableRawBufferPointer) throws(SystemError) -> Bool
}

/// Bytes in memory.
struct MemoryTensorData: TensorData {
  let bytes: ArraySlice<UInt8>

  func copy(from start: Int, to room: UnsafeMutableRawBufferPointer) -> Bool {
    let source = bytes.dropFirst(start).prefix(room.count)
    room.copyBytes(from: source)
    return source.count == room.count
  }
}

/// Bytes in a file that stays open, so that they are the same even after another file has taken its name.
final class FileTensorData: TensorData {
  private let file: OpenFile
  private let start: Int

  /// The bytes of `file` from `start` on.
  init(_ file: consuming OpenFile, start: Int) {
    self.file = file
    self.start = start
  }

  func copy(from start: Int, to room: UnsafeMutableRawBufferPointer) throws(SystemError) -> Bool {
    try file.read(into: room, from: self.start + start)
  }
}
