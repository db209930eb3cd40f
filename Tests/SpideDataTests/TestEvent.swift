import Foundation
import Testing

/// A record of an event file, decoded from the definition of TFRecord and protobuf, bit by bit and without a table.
struct TestEvent {
  var wallTime = 0.0
  var step = 0
  var version: String?
  /// The text of a session's start.
  var start: String?
  var scalars: [String: Float] = [:]

  /// All records of a file; fails where a length, a checksum or a field is not right, or bytes are left.
  static func read(_ path: String) throws -> [TestEvent] {
    var rest = try Array(Data(contentsOf: URL(fileURLWithPath: path)))[...]
    var events: [TestEvent] = []
    while !rest.isEmpty {
      let length = try take(8, &rest)
      try #require(number(try take(4, &rest)) == masked(Array(length)))
      let message = try take(Int(number(length)), &rest)
      try #require(number(try take(4, &rest)) == masked(Array(message)))
      events.append(try TestEvent(message))
    }
    return events
  }

  /// A file of one record, an empty graph, as another program may write it.
  static func foreign(step: UInt8) -> [UInt8] {
    let message: [UInt8] = [0x10, step, 0x22, 0]
    func sum(_ bytes: [UInt8]) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: masked(bytes) >> (8 * $0)) }
    }
    let length: [UInt8] = [UInt8(message.count)] + [UInt8](repeating: 0, count: 7)
    return length + sum(length) + message + sum(message)
  }

  private init(_ message: ArraySlice<UInt8>) throws {
    for field in try fields(message) {
      switch (field.number, field.wireType) {
      case (1, 1): wallTime = Double(bitPattern: number(field.bytes))
      case (2, 0): step = Int(bitPattern: UInt(field.variable))
      case (3, 2): version = String(decoding: field.bytes, as: UTF8.self)
      case (7, 2):
        let parts = try fields(field.bytes)
        try #require(parts.map(\.number) == [1, 3] && parts.map(\.wireType) == [0, 2])
        try #require(parts[0].variable == 1)
        start = String(decoding: parts[1].bytes, as: UTF8.self)
      case (5, 2):
        for value in try fields(field.bytes) {
          try #require(value.number == 1 && value.wireType == 2)
          let parts = try fields(value.bytes)
          try #require(parts.map(\.number) == [1, 2] && parts.map(\.wireType) == [2, 5])
          let tag = String(decoding: parts[0].bytes, as: UTF8.self)
          try #require(scalars[tag] == nil, "\(tag) twice in one record")
          scalars[tag] = Float(bitPattern: UInt32(number(parts[1].bytes)))
        }
      default: Issue.record("field \(field.number) of wire type \(field.wireType)")
      }
    }
  }
}

/// The checksum by its definition: one bit after another.
func crc32c(_ bytes: [UInt8]) -> UInt32 {
  var sum = UInt32.max
  for byte in bytes {
    for bit in 0..<8 {
      let isOdd = (sum ^ UInt32(byte >> bit)) & 1 == 1
      sum = sum >> 1 ^ (isOdd ? 0x82F6_3B78 : 0)
    }
  }
  return ~sum
}

private func masked(_ bytes: [UInt8]) -> UInt64 {
  let sum = crc32c(bytes)
  return UInt64((sum >> 15 | sum << 17) &+ 0xA282_EAD8)
}

private typealias Field = (
  number: Int, wireType: Int, variable: UInt64, bytes: ArraySlice<UInt8>
)

private func fields(_ message: ArraySlice<UInt8>) throws -> [Field] {
  var rest = message
  var fields: [Field] = []
  while !rest.isEmpty {
    let key = try takeVariable(&rest)
    var field: Field = (Int(key >> 3), Int(key & 7), 0, [])
    switch field.wireType {
    case 0: field.variable = try takeVariable(&rest)
    case 1: field.bytes = try take(8, &rest)
    case 2: field.bytes = try take(Int(takeVariable(&rest)), &rest)
    default: field.bytes = try take(4, &rest)
    }
    fields.append(field)
  }
  return fields
}

private func takeVariable(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
  var value: UInt64 = 0
  for shift in stride(from: 0, to: 64, by: 7) {
    let byte = try take(1, &rest).reduce(0, +)
    value |= UInt64(byte & 0x7F) << shift
    if byte < 0x80 { break }
  }
  return value
}

private func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
  try #require(count >= 0 && count <= rest.count, "the file ends within a record")
  defer { rest = rest.dropFirst(count) }
  return rest.prefix(count)
}

private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
  bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}
