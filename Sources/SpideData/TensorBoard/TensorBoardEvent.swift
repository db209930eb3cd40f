/// One record of an event file, as TensorBoard's `event.proto` and `summary.proto` have it.
struct TensorBoardEvent {
  /// What a record says.
  enum Content {
    /// The first record of every file.
    case version
    /// A part of a run begins: readers forget what they have of this step and of later ones. The text is the run's
    /// (``TensorBoardRun``).
    case start(String)
    /// Numbers under their tags.
    case scalars([(tag: String, value: Float)])
  }

  /// Seconds since 1970.
  let wallTime: Double
  /// The horizontal axis.
  let step: Int
  let content: Content

  /// The record with its length and checksums (TFRecord).
  var record: [UInt8] {
    let message = message
    let length = littleEndian(UInt64(message.count))
    return length + TensorBoardEvent.checksum(length) + message + TensorBoardEvent.checksum(message)
  }

  /// What follows a length and a message, by which a reader tells that they are whole.
  static func checksum(_ bytes: [UInt8]) -> [UInt8] { littleEndian(CRC32C.masked(bytes)) }

  /// `Event { wall_time = 1, step = 2, file_version = 3 or summary = 5 or session_log = 7 }`.
  private var message: [UInt8] {
    var event = ProtobufMessage()
    event.add(1, wallTime)
    event.add(2, step)
    switch content {
    case .version: event.add(3, Array("brain.Event:2".utf8))
    case .start(let text):
      // SessionLog { status = 1 (START is 1), msg = 3 }
      var log = ProtobufMessage()
      log.add(1, 1)
      log.add(3, Array(text.utf8))
      event.add(7, log.bytes)
    case .scalars(let scalars):
      // Summary { repeated Value { tag = 1, simple_value = 2 } = 1 }
      var summary = ProtobufMessage()
      for scalar in scalars {
        var value = ProtobufMessage()
        value.add(1, Array(scalar.tag.utf8))
        value.add(2, scalar.value)
        summary.add(1, value.bytes)
      }
      event.add(5, summary.bytes)
    }
    return event.bytes
  }
}

/// A protobuf message in the making: fields with their numbers, one after another.
private struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  /// An `int64`.
  mutating func add(_ field: Int, _ value: Int) {
    begin(field, wireType: 0)
    addVariable(UInt64(bitPattern: Int64(value)))
  }

  /// A `double`.
  mutating func add(_ field: Int, _ value: Double) {
    begin(field, wireType: 1)
    bytes += littleEndian(value.bitPattern)
  }

  /// A string or an embedded message.
  mutating func add(_ field: Int, _ value: [UInt8]) {
    begin(field, wireType: 2)
    addVariable(UInt64(value.count))
    bytes += value
  }

  /// A `float`.
  mutating func add(_ field: Int, _ value: Float) {
    begin(field, wireType: 5)
    bytes += littleEndian(value.bitPattern)
  }

  private mutating func begin(_ field: Int, wireType: UInt64) {
    addVariable(UInt64(field) << 3 | wireType)
  }

  /// Seven bits a byte, the lowest first; all but the last byte have the top bit.
  private mutating func addVariable(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
