import Glibc
import SpideFiles

/// What the event files of a folder tell a reader.
public struct TensorBoardHistory: Sendable {
  /// What the names of event files begin with; a time follows, in seconds since 1970.
  static let prefix = "events.out.tfevents."

  /// The run whose curves are there; nil where there are none, or another program wrote some.
  public let run: TensorBoardRun?
  /// Whether there are no curves: a run that was killed at its start leaves files without any.
  public let isEmpty: Bool
  /// The batches that epochs ended with, those left out that a later file made readers forget.
  let epochs: [Int]
  /// The latest time in a file's name.
  let newestTime: Int

  /// Reads the event files of a folder; nil where it has none.
  ///
  /// - Throws: ``DataError`` where one cannot be read.
  public init?(folder: String) throws(DataError) {
    let names = TensorBoardHistory.files(in: folder)
    guard !names.isEmpty else { return nil }
    var runs: [TensorBoardRun?] = []
    var (epochs, newest): ([Int], Int) = ([], 0)
    for name in names {
      var run: TensorBoardRun?
      var hasCurves = false
      for event in TensorBoardEvents(try FileBytes.read("\(folder)/\(name)", expected: "events")) {
        switch event.content {
        case .version: break
        case .start(let text):
          run = TensorBoardRun(text: text)
          epochs.removeAll { $0 >= event.step }
        case .scalars(let first):
          hasCurves = true
          if first == "loss/train" { epochs.append(event.step) }
        case .other: hasCurves = true
        }
      }
      if hasCurves { runs.append(run) }
      newest = max(newest, TensorBoardHistory.time(name))
    }
    isEmpty = runs.isEmpty
    run = runs.contains(nil) ? nil : runs.last ?? nil
    (self.epochs, newestTime) = (epochs, newest)
  }

  /// The names of what readers take for event files.
  static func files(in folder: String) -> [String] {
    ((try? FolderNames.read(folder)) ?? []).filter {
      $0.contains("tfevents") && FileKind.isRegular("\(folder)/\($0)")
    }
  }

  /// The time in a file's name; 0 for a name that another program gave. It has ten digits, as it will until the year
  /// 2286: among more a longer number would come first.
  private static func time(_ name: String) -> Int {
    guard name.hasPrefix(prefix) else { return 0 }
    let time = Int(name.dropFirst(prefix.count).prefix { $0 != "." }) ?? 0
    return time < 9_999_999_999 ? time : 0
  }
}

/// The whole records of an event file, one after another. It ends before a record that was cut short.
private struct TensorBoardEvents: Sequence, IteratorProtocol {
  struct Event {
    enum Content {
      case version
      case start(ArraySlice<UInt8>)
      /// The tag of the first number.
      case scalars(String)
      case other
    }

    var step = 0
    var content = Content.other
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Length, its checksum, message, its checksum. A message with a wrong checksum ends the file, as it does for others.
  mutating func next() -> Event? {
    let start = position + 12
    guard start + 4 <= bytes.count else { return nil }
    let head = Array(bytes[position..<position + 8])
    let length = head.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(bytes.count - start - 4) else { return nil }
    let end = start + Int(length)
    let message = Array(bytes[start..<end])
    guard bytes[position + 8..<start].elementsEqual(TensorBoardEvent.checksum(head)),
      bytes[end..<end + 4].elementsEqual(TensorBoardEvent.checksum(message))
    else { return nil }
    position = end + 4
    return event(message[...])
  }

  private func event(_ message: ArraySlice<UInt8>) -> Event {
    var event = Event()
    for field in ProtobufFields(message) {
      switch field.number {
      case 2: event.step = Int(truncatingIfNeeded: field.variable)
      case 3: event.content = .version
      case 5:
        let value = ProtobufFields(field.bytes).first { $0.number == 1 }
        let tag = value.flatMap { ProtobufFields($0.bytes).first { $0.number == 1 } }
        event.content = .scalars(String(decoding: tag?.bytes ?? [], as: UTF8.self))
      case 7:
        let text = ProtobufFields(field.bytes).first { $0.number == 3 }
        event.content = .start(text?.bytes ?? [])
      default: break
      }
    }
    return event
  }
}

/// The fields of a protobuf message, one after another, up to the first that is not whole.
private struct ProtobufFields: Sequence, IteratorProtocol {
  private var rest: ArraySlice<UInt8>

  init(_ message: ArraySlice<UInt8>) { rest = message }

  /// A number of variable length, or the bytes of any other field.
  mutating func next() -> (number: UInt64, variable: UInt64, bytes: ArraySlice<UInt8>)? {
    guard let key = variable() else { return nil }
    let count: UInt64
    switch key & 7 {
    case 0: return variable().map { (key >> 3, $0, []) }
    case 1: count = 8
    case 2:
      guard let length = variable() else { return nil }
      count = length
    case 5: count = 4
    default: return nil
    }
    guard count <= UInt64(rest.count) else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return (key >> 3, 0, rest.prefix(Int(count)))
  }

  /// Seven bits a byte, the lowest first.
  private mutating func variable() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
