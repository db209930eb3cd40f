import SpideConfiguration
import SpideTUI
import Testing

@Suite struct PlayedSessionTests {
  private func acts(_ text: String) throws -> [PlayedSession.Act] {
    try PlayedSession(text, file: "f").acts
  }

  private func keys(_ keys: Key...) -> [PlayedSession.Act] { keys.map { .input(.key($0)) } }

  @Test func aLineIsKeys() throws {
    #expect(
      try acts("s  S\tspace Tab") == keys(.character("s"), .character("S"), .character(" "), .tab))
    #expect(
      try acts("  PgUp PgDn Esc Enter Shift-Tab\r\nUp F1 F Ctrl-C")
        == keys(
          .pageUp, .pageDown, .escape, .enter, .backTab, .up, .function(1), .character("F"),
          .control("c")))
    #expect(
      try acts("/ hash 5 : colon hash U+A0 β 日")
        == keys(
          .character("/"), .character("#"), .character("5"), .character(":"), .character(":"),
          .character("#"), .character("\u{A0}"), .character("β"), .character("日")))
  }

  @Test func aRemarkMayStandAfterKeys() throws {
    #expect(try acts("s # ? and more\n") == keys(.character("s")))
    #expect(try acts("s #s") == keys(.character("s")))
  }

  /// As some editors begin a file.
  @Test func aByteOrderMarkIsNoKey() throws {
    #expect(try acts("\u{FEFF}s\n") == keys(.character("s")))
    #expect(throws: ConfigurationError.self) { try acts("s\n\u{FEFF}s") }
  }

  @Test func aLineIsSomethingElse() throws {
    #expect(try acts("\n# a remark\n   \n  # another\n").isEmpty)
    #expect(
      try acts(" :a b ")
        == keys(.character(":"), .character("a"), .character(" "), .character("b"), .character(" "))
        + keys(.enter))
    #expect(
      try acts("wait 0.5\nwait 1 batch\nwait 46 batches")
        == [.wait(seconds: 0.5), .batches(1), .batches(46)])
    #expect(
      try acts("click 1 2\ndrag 3 4\nwheel up 5 6\nwheel down 7 8\nsize 120x36") == [
        .input(.mouse(MouseEvent(.press, button: .left, x: 0, y: 1))),
        .input(.mouse(MouseEvent(.drag, button: .left, x: 2, y: 3))),
        .input(.mouse(MouseEvent(.wheelUp, x: 4, y: 5))),
        .input(.mouse(MouseEvent(.wheelDown, x: 6, y: 7))),
        .input(.resized(width: 120, height: 36)),
      ])
    #expect(try acts(#"paste a\n\\ \u{301}b"#) == [.input(.paste("a\n\\ \u{301}b"))])
  }

  @Test(
    arguments: [
      ("s\n s spcae", 2, 4, "no key spcae"), ("s :reset", 1, 3, "no key :reset"),
      ("wait", 1, 1, "wait; expected wait SECONDS"), ("wait -1", 1, 1, "wait -1"),
      ("wait 1e3", 1, 1, "wait 1e3"), ("wait nan", 1, 1, "wait nan"),
      ("wait 2 batch", 1, 1, "wait 2 batch"), ("wait 0 batches", 1, 1, "wait 0 batches"),
      ("#\n\nclick 0 1", 3, 1, "COLUMN ROW, both from 1"), ("click 1", 1, 1, "click 1"),
      ("click 1 2 3", 1, 1, "click"), ("wheel left 1 1", 1, 1, "wheel up COLUMN ROW"),
      ("size 0x5", 1, 1, "each 1 to 1000"), ("size 80x24x1", 1, 1, "size"),
      ("size +8x24", 1, 1, "size"), (#"paste a\x"#, 1, 1, "paste"), ("Ctrl-é", 1, 1, "Ctrl-"),
      ("U+110000", 1, 1, "no key"), ("F0", 1, 1, "no key F0"), (":a\tb", 1, 1, "U+9"),
      ("  :a\u{7}", 1, 3, "U+7"),
    ] as [(String, Int, Int, String)])
  func aWrongLineSaysWhere(_ text: String, _ line: Int, _ column: Int, _ what: String) {
    do {
      let session = try PlayedSession(text, file: "f")
      Issue.record("\(session)")
    } catch {
      #expect(error.description.hasPrefix("f:\(line):\(column): "), "\(error)")
      #expect(error.description.contains(what), "\(error)")
    }
  }

  /// Whatever has been done, its text says the same again.
  @Test(arguments: 0..<40) func aLogIsReadBack(_ seed: UInt64) throws {
    var random = Draw(seed)
    let acts = (0..<200).map { _ in random.act() }
    let text = SessionLog(acts).text
    #expect(try PlayedSession(text, file: "f").acts == acts, "seed \(seed)\n\(text)")
  }
}

/// Draws what somebody might do.
struct Draw {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  /// Less than `bound`.
  mutating func number(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  mutating func one<Element>(of elements: [Element]) -> Element { elements[number(elements.count)] }

  mutating func act() -> PlayedSession.Act {
    let place = (number(200), number(60))
    switch number(20) {
    case 0: return .wait(seconds: Double(1 + number(5000)) / 1000)
    case 1: return .batches(1 + number(3))
    case 2: return .input(.resized(width: place.0 + 1, height: place.1 + 1))
    case 3: return .input(.mouse(MouseEvent(.press, button: .left, x: place.0, y: place.1)))
    case 4: return .input(.mouse(MouseEvent(.drag, button: .left, x: place.0, y: place.1)))
    case 5: return .input(.mouse(MouseEvent(.wheelUp, x: place.0, y: place.1)))
    case 6: return .input(.mouse(MouseEvent(.wheelDown, x: place.0, y: place.1)))
    case 7: return .input(.paste((0...number(9)).map { _ in String(text()) }.joined()))
    case 8: return .input(.key(.character(":")))
    case 9: return .input(.key(.enter))
    case 10: return .input(.key(.control(one(of: Array("abcz@[\\]^_")))))
    case 11: return .input(.key(.function(1 + number(12))))
    case 12:
      return .input(
        .key(
          one(of: [
            .escape, .tab, .backTab, .backspace, .delete, .insert, .up, .down, .left, .right, .home,
            .end, .pageUp, .pageDown,
          ])))
    default: return .input(.key(.character(text())))
    }
  }

  private mutating func text() -> Character {
    one(of: Array("aZ09 #:\\/-+FU\u{A0}\u{301}\u{200B}\u{2028}βé日🙂"))
  }
}
