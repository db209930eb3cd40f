/// One piece of input as the terminal library reads it, before it means anything.
package enum RawInput: Hashable, Sendable {
  /// A code point.
  case character(UInt32)
  /// A key known by name.
  case key(Key)
  /// `ESC [ <`: `b;x;yM` or `b;x;ym` follows as characters.
  case mouse
  case pasteBegin
  case pasteEnd
  /// A key without a meaning here.
  case unknown
  /// Nothing more has arrived for now.
  case pause
}

/// Puts raw input together into events. A mouse report or a paste may arrive in several parts.
package struct InputDecoder: Sendable {
  /// Longest paste kept, in code points; the rest of a longer one is dropped.
  package static let pasteLimit = 65_536

  private enum State {
    case ground
    /// After an escape character that may begin a sequence.
    case escape
    /// Inside a sequence that no key is known for, until its final character.
    case unknownSequence
    case mouse(String)
    case paste
  }

  private var state = State.ground
  private var pasted = Paste()

  package init() {}

  /// Whether a paste has begun and its end has not been told.
  package var isPasting: Bool {
    if case .paste = state { return true }
    return false
  }

  /// Ends a paste whose end marker is lost: otherwise keys would be taken for its text for ever.
  package mutating func endPaste() -> [InputEvent] {
    guard isPasting else { return [] }
    return decode(.pasteEnd)
  }

  /// The events that this piece completes, in order.
  package mutating func decode(_ input: RawInput) -> [InputEvent] {
    switch (state, input) {
    case (.paste, .pasteEnd):
      state = .ground
      return pasted.text.isEmpty ? [] : [.paste(String(pasted.text))]
    case (.paste, .character(let code)):
      pasted.append(code)
      return []
    case (.paste, _):
      return []
    case (.mouse, .pause), (.unknownSequence, .pause), (.ground, .pause):
      return []
    case (.mouse(let text), .character(let code)):
      return continueMouse(text, code)
    case (.unknownSequence, .character(let code)):
      if (0x40...0x7e).contains(code) { state = .ground }
      return []
    case (.escape, .character(0x5b)), (.escape, .character(0x4f)):
      state = .unknownSequence
      return []
    case (.escape, _):
      state = .ground
      return [.key(.escape)] + decode(input)
    case (_, .mouse):
      state = .mouse("")
    case (_, .pasteBegin):
      state = .paste
      pasted = Paste()
    case (_, .character(0x1b)):
      state = .escape
    case (_, .character(let code)):
      state = .ground
      return Self.key(for: code).map { [.key($0)] } ?? []
    case (_, .key(let key)):
      state = .ground
      return [.key(key)]
    case (_, .pasteEnd), (_, .unknown):
      state = .ground
    }
    return []
  }

  private mutating func continueMouse(_ text: String, _ code: UInt32) -> [InputEvent] {
    guard let scalar = Unicode.Scalar(code), scalar.isASCII, text.utf8.count < 24 else {
      state = .ground
      return []
    }
    switch scalar {
    case "0"..."9", ";":
      state = .mouse(text + String(scalar))
      return []
    default:
      state = .ground
      return Self.mouseEvent(text, final: scalar).map { [.mouse($0)] } ?? []
    }
  }

  /// Reads `b;x;y` with the final `M` (press, drag, wheel) or `m` (release); cells count from 1.
  static func mouseEvent(_ text: String, final: Unicode.Scalar) -> MouseEvent? {
    let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 3, let code = numbers[0], let x = numbers[1], let y = numbers[2],
      x > 0, y > 0, final == "M" || final == "m"
    else { return nil }
    // Bits 2 to 4 tell shift, meta and control; bit 5 a movement; bit 6 the wheel.
    let buttons: [MouseEvent.Button] = [.left, .middle, .right]
    let low = code & 3
    let (isMovement, isWheel) = (code & 32 != 0, code & 64 != 0)
    switch (isWheel, low) {
    case (true, 0) where final == "M": return MouseEvent(.wheelUp, x: x - 1, y: y - 1)
    case (true, 1) where final == "M": return MouseEvent(.wheelDown, x: x - 1, y: y - 1)
    case (false, 0...2) where code < 64:
      let kind: MouseEvent.Kind = final == "m" ? .release : isMovement ? .drag : .press
      return MouseEvent(kind, button: buttons[low], x: x - 1, y: y - 1)
    default: return nil
    }
  }

  private static func key(for code: UInt32) -> Key? {
    switch code {
    case 0x0a, 0x0d: return .enter
    case 0x09: return .tab
    case 0x08, 0x7f: return .backspace
    case 0x00..<0x20:
      let letter = Unicode.Scalar(UInt8(code + 0x40))
      return .control(Character(String(letter).lowercased()))
    case 0x80..<0xa0: return nil
    default: return Unicode.Scalar(code).map { .character(Character($0)) }
    }
  }
}

/// The text of a paste: bounded, with line ends as `\n` and other control characters left out.
private struct Paste: Sendable {
  var text = String.UnicodeScalarView()
  private var count = 0
  private var endedWithReturn = false

  mutating func append(_ code: UInt32) {
    let followsReturn = endedWithReturn
    endedWithReturn = code == 0x0d
    guard count < InputDecoder.pasteLimit, let scalar = Unicode.Scalar(code) else { return }
    switch scalar {
    case "\n" where followsReturn: return
    case "\r", "\n": text.append("\n")
    case _ where scalar != "\t" && scalar.properties.generalCategory == .control: return
    default: text.append(scalar)
    }
    count += 1
  }
}
