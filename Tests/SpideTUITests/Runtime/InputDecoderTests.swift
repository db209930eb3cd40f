import SpideTUI
import Testing

@Suite struct InputDecoderTests {
  /// Characters as raw input, then a pause.
  private static func typed(_ text: String) -> [RawInput] {
    text.unicodeScalars.map { .character($0.value) } + [.pause]
  }

  private static func decode(_ input: [RawInput]) -> [InputEvent] {
    var decoder = InputDecoder()
    return input.flatMap { decoder.decode($0) }
  }

  @Test(
    arguments: [
      ("a", [.character("a")]),
      ("λ", [.character("λ")]),
      (" ", [.character(" ")]),
      ("\r", [.enter]),
      ("\n", [.enter]),
      ("\t", [.tab]),
      ("\u{7f}", [.backspace]),
      ("\u{8}", [.backspace]),
      ("\u{1}\u{1a}\u{0}\u{1f}", [.control("a"), .control("z"), .control("@"), .control("_")]),
      ("\u{1b}", [.escape]),
      ("\u{1b}\u{1b}", [.escape, .escape]),
      ("\u{1b}q", [.escape, .character("q")]),
      ("\u{1b}[1;5Cq", [.character("q")]),
      ("\u{1b}Oxq", [.character("q")]),
      ("\u{85}", []),
    ] as [(String, [Key])])
  func keys(_ text: String, _ keys: [Key]) {
    #expect(Self.decode(Self.typed(text)) == keys.map { .key($0) })
  }

  @Test(arguments: [
    ("0;1;1M", MouseEvent(.press, button: .left, x: 0, y: 0)),
    ("2;80;24M", MouseEvent(.press, button: .right, x: 79, y: 23)),
    ("1;300;7m", MouseEvent(.release, button: .middle, x: 299, y: 6)),
    ("32;5;6M", MouseEvent(.drag, button: .left, x: 4, y: 5)),
    ("16;5;6M", MouseEvent(.press, button: .left, x: 4, y: 5)),
    ("64;5;6M", MouseEvent(.wheelUp, x: 4, y: 5)),
    ("69;5;6M", MouseEvent(.wheelDown, x: 4, y: 5)),
    ("66;5;6M", nil),
    ("128;5;6M", nil),
    ("35;5;6M", nil),
    ("0;0;1M", nil),
    ("0;1M", nil),
    ("0;;1M", nil),
    ("0;99999999999999999999;1M", nil),
    ("0;1;1X", nil),
  ])
  func mouse(_ report: String, _ event: MouseEvent?) {
    let expected: [InputEvent] = (event.map { [.mouse($0)] } ?? []) + [.key(.character("q"))]
    #expect(Self.decode([.mouse] + Self.typed(report) + Self.typed("q")) == expected)
  }

  @Test func reportsAndPastesArriveInParts() {
    #expect(
      Self.decode([.mouse] + Self.typed("0;1") + Self.typed("2;3M"))
        == [.mouse(MouseEvent(.press, button: .left, x: 11, y: 2))])
    #expect(
      Self.decode(
        [.pasteBegin] + Self.typed("a\r\nb") + Self.typed("\rc\td\u{1b}[\u{7}") + [.pasteEnd])
        == [.paste("a\nb\nc\td[")])
    #expect(Self.decode([.pasteBegin, .pasteEnd] + Self.typed("q")) == [.key(.character("q"))])
    // An escape key is known as one only when nothing follows it at once.
    #expect(Self.decode([.character(0x1b), .mouse] + Self.typed("0;1;1M")).first == .key(.escape))
    #expect(Self.decode([.mouse, .character(0x31), .key(.up)]) == [.key(.up)])
  }

  @Test func aLongPasteIsCut() throws {
    let limit = InputDecoder.pasteLimit
    let long = [RawInput](repeating: .character(0x61), count: 3 * limit)
    let events = Self.decode([.pasteBegin] + long + [.pasteEnd] + Self.typed("q"))
    #expect(events == [.paste(String(repeating: "a", count: limit)), .key(.character("q"))])
  }

  /// A paste whose end marker never comes ends when the loop says so, and keys are keys again.
  @Test func aPasteWithoutItsEnd() {
    var decoder = InputDecoder()
    #expect(!decoder.isPasting && decoder.endPaste() == [])
    for raw in [.pasteBegin] + Self.typed("ab\r") + Self.typed("c") {
      #expect(decoder.decode(raw) == [])
    }
    #expect(decoder.isPasting)
    #expect(decoder.endPaste() == [.paste("ab\nc")])
    #expect(!decoder.isPasting && decoder.endPaste() == [])
    #expect(decoder.decode(.character(0x71)) == [.key(.character("q"))])
    // An end marker that comes late is nothing.
    #expect(decoder.decode(.pasteEnd) == [])
  }

  @Test func anyInputIsBorne() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var state = seed
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    var decoder = InputDecoder()
    for _ in 0..<100_000 {
      let raw: RawInput =
        switch random(40) {
        case 0: .mouse
        case 1: .pasteBegin
        case 2, 3: .pasteEnd
        case 4: .unknown
        case 5, 6: .pause
        case 7: .key(.up)
        case 8: .character(0x1b)
        case 9: .character(UInt32(random(0x20_0000)))
        default: .character(UInt32(random(0x80)))
        }
      for case .mouse(let event) in decoder.decode(raw) {
        #expect(event.x >= 0 && event.y >= 0, "seed \(seed)")
      }
    }
    _ = decoder.decode(.pasteEnd)
    _ = decoder.decode(.pause)
    _ = decoder.decode(.key(.up))
    #expect(decoder.decode(.character(0x71)) == [.key(.character("q"))], "seed \(seed)")
  }
}
