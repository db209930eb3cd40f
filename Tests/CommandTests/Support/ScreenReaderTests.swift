import Testing

@Suite struct ScreenReaderTests {
  /// What is written on a screen of 6 × 3 after `abcdef` `ghijkl` in its first two rows, and what
  /// it then shows.
  @Test(arguments: [
    ("", ["abcdef", "ghijkl"]),
    ("X", ["abcdef", "ghijkl", "X"]),
    ("\u{1b}[2;3HX", ["abcdef", "ghXjkl"]),
    ("\u{1b}[1d\u{1b}[2GX", ["aXcdef", "ghijkl"]),
    ("\u{1b}[1;3H\u{1b}[K", ["ab", "ghijkl"]),
    ("\u{1b}[1;3H\u{1b}[1K", ["   def", "ghijkl"]),
    ("\u{1b}[1;3H\u{1b}[J", ["ab"]),
    ("\u{1b}[2;3H\u{1b}[1J", ["", "   jkl"]),
    ("\u{1b}[1;2H\u{1b}[2P", ["adef", "ghijkl"]),
    ("\u{1b}[1;2H\u{1b}[2@", ["a  bcd", "ghijkl"]),
    ("\u{1b}[1;2H\u{1b}[2X", ["a  def", "ghijkl"]),
    ("\u{1b}[1;1H\u{1b}[L", ["", "abcdef", "ghijkl"]),
    ("\u{1b}[1;1H\u{1b}[M", ["ghijkl"]),
    ("\u{1b}[1;2r\u{1b}[2;1H\nX", ["ghijkl", "X"]),
    ("\u{1b}[1;1H\u{1b}M", ["", "abcdef", "ghijkl"]),
    ("\u{1b}[3;1Hz\u{1b}[3b", ["abcdef", "ghijkl", "zzzz"]),
    ("\u{1b}[3;1H⠿é−\u{1b}]0;title\u{7}.", ["abcdef", "ghijkl", "⠿é−."]),
    ("\u{1b}[3;6HXY", ["ghijkl", "     X", "Y"]),
    ("\u{1b}[?1049h\u{1b}[HX", ["X"]),
    ("\u{1b}[?1049hX\u{1b}[?1049l\u{1b}[22;0;0t\u{1b}(B", ["abcdef", "ghijkl"]),
  ])
  func shows(_ text: String, _ lines: [String]) {
    var screen = ScreenReader(columns: 6, rows: 3)
    screen.read("abcdef\r\nghijkl\r\n")
    screen.read(text)
    #expect(screen.text == lines.joined(separator: "\n"))
    #expect(screen.unknown == [])
  }

  @Test func styles() {
    var screen = ScreenReader(columns: 9, rows: 1)
    screen.read("\u{1b}[1;38;5;208;44ma\u{1b}[22;7;39mb\u{1b}[mc\u{1b}[97;4md")
    let styles = (0..<4).map { screen[$0, 0].style }
    #expect(styles[0] == .init(foreground: 208, background: 4, isBold: true))
    #expect(styles[1] == .init(background: 4, isReversed: true))
    #expect(styles[2] == .init())
    #expect(styles[3] == .init(foreground: 15, isUnderlined: true))
  }

  /// As terminals do, it takes up a sequence behind one that was torn off, wherever that was.
  @Test(arguments: ["\u{1b}", "\u{1b}(", "\u{1b}[", "\u{1b}[38;5;", "\u{e2}\u{1b}"])
  func tornSequences(_ torn: String) {
    var screen = ScreenReader(columns: 9, rows: 1)
    screen.read("\u{1b}[?1000h" + torn + "\u{1b}[?1000l")
    #expect(!screen.modes.contains(1000) && screen.unknown.isEmpty)
    screen.read([0x1b, 0x5b, 0x3f, 0x37, 0x68, 0xe2, 0xa0, 0x1b, 0x5b, 0x3f, 0x37, 0x6c])
    #expect(!screen.modes.contains(7))
  }

  @Test func modesAndBytesInParts() {
    var screen = ScreenReader(columns: 9, rows: 1)
    for byte in "\u{1b}[?1000;1006;2004h\u{1b}[?25l⠿".utf8 { screen.read([byte]) }
    #expect(screen.modes == [7, 1000, 1006, 2004])
    #expect(!screen.isCursorVisible)
    #expect(screen.position(of: "⠿")?.x == 0)
    screen.read("\u{1b}[5z")
    #expect(screen.unknown == ["ESC [ 5 z"])
  }
}
