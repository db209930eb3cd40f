import SpideTUI
import Testing

/// Texts are as wide as they are drawn, whatever is in them.
@Suite struct TextTests {
  /// Accents lie over their letters, wide characters take two cells, what joins shows nothing.
  @Test(arguments: [
    ("e\u{301}x", "e\u{301}x", 2), ("日本", "日本", 4), ("a🙂b", "a🙂b", 4), ("🇩🇪!", "DE!", 3),
    ("👩\u{200D}🔬", "👩🔬", 4), ("👍🏽", "👍", 2), ("\u{301}e", "e", 1), ("a\r\nb", "a??b", 4),
    ("한\u{1112}\u{1161}\u{11AB}", "한\u{1112}\u{1161}\u{11AB}", 4), ("❤\u{FE0F}", "?", 1),
    ("e\u{301}\u{302}\u{303}", "e\u{301}\u{302}", 1), ("\u{202E}abc", "abc", 3), ("ไทย", "???", 3),
  ])
  func isDrawnAsWideAsItIsMeasured(_ text: String, _ shown: String, _ columns: Int) {
    #expect(Glyphs.braille.width(text) == columns)
    var canvas = Canvas(width: 12, height: 1)
    #expect(canvas.write(text, x: 0, y: 0) == columns)
    #expect(Array(canvas.text.unicodeScalars) == Array(shown.unicodeScalars))
    for glyphs in Glyphs.allCases {
      // Measured part by part or as a whole: nothing merges.
      let parts = text.unicodeScalars.map { glyphs.width(String($0)) }
      #expect(glyphs.width(text) == parts.reduce(0, +))
      #expect(glyphs.width(text + text) == 2 * glyphs.width(text))
      for width in 0...12 {
        let cut = glyphs.clipped(text, to: width)
        #expect(glyphs.width(cut) <= width)
        for line in glyphs.wrapped("ab \(text) \(text)", to: width) {
          #expect(glyphs.width(line) <= max(width, 2))
        }
      }
    }
  }

  /// Half of a wide character never stays behind.
  @Test func halvesThatAreWrittenOverLeaveBlanks() {
    var canvas = Canvas(width: 6, height: 4)
    for y in 0..<4 { canvas.write("日本語", x: 0, y: y) }
    canvas[1, 0] = Cell("x")
    canvas[2, 1] = Cell("x")
    var picture = Canvas(width: 2, height: 1)
    picture.write("ab", x: 0, y: 0)
    canvas.paste(picture, x: 1, y: 2)
    canvas.write("|", x: 5, y: 3)
    #expect(canvas.text == " x本語\n日x 語\n ab 語\n日本 |")
    #expect(canvas.cells.count { $0.isCovered } == 2 + 2 + 1 + 2)
  }

  @Test func wideCharactersAreCutAtTheEdges() {
    var canvas = Canvas(width: 4, height: 3)
    #expect(canvas.write("日本語", x: -1, y: 0) == 5)
    canvas.write("日本語", x: 1, y: 1)
    canvas.write("日本", x: 0, y: 2, maxWidth: 3)
    #expect(canvas.text == " 本\n 日\n日")
    var large = Canvas(width: 6, height: 1)
    large.write("日本語", x: 0, y: 0)
    canvas.paste(large, x: -1, y: 0)
    #expect(canvas.text.hasPrefix(" 本\n"))
    #expect(canvas[1, 0].isCovered == false && canvas[2, 0].isCovered)
  }

  @Test(arguments: [
    ("one two three", 7, ["one two", "three"]), ("one two", 3, ["one", "two"]),
    ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]), ("a\nb c\n", 9, ["a", "b c", ""]),
    ("日本語", 4, ["日本", "語"]), ("日", 1, ["日"]), ("anything", 0, []),
  ])
  func linesBreakBetweenWords(_ text: String, _ width: Int, _ lines: [String]) {
    #expect(Glyphs.braille.wrapped(text, to: width) == lines)
  }
}
