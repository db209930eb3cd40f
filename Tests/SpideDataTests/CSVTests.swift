import SpideData
import Testing

/// Lines of CSV files.
@Suite struct CSVTests {
  @Test(arguments: [
    (["a", "b"], "a,b"), ([""], ""), (["", ""], ","), (["a,b", "c"], #""a,b",c"#),
    ([#"{sgd: {momentum: 0.9}}"#], "{sgd: {momentum: 0.9}}"),
    ([#"say "no""#, "2"], #""say ""no""",2"#), ([#"""#], #""""""#), ([",", "é"], #"",",é"#),
  ])
  func linesAndBack(_ cells: [String], _ line: String) {
    #expect(CSV.line(cells) == line)
    #expect(CSV.cells(line.utf8) == cells)
    #expect(CSV.cells((line + "\r").utf8) == cells)
  }

  @Test func whateverCellsAreWrittenIsRead() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let cells = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
        String(
          (0..<Int.random(in: 0...4, using: &generator)).map { _ in #","a' é{}"#.randomElement()! })
      }
      let line = CSV.line(cells)
      #expect(CSV.cells(line.utf8) == cells, "\(line)")
    }
  }

  @Test(arguments: [#"a"b"#, #""a"#, #""a"b"#, #""a"",b"#, "a\rb", "\""])
  func whatIsNoLine(_ line: String) { #expect(CSV.cells(line.utf8) == nil) }

  @Test func whatIsNotUTF8() { #expect(CSV.cells([0x61, 0xFF]) == nil) }

  /// Quotation marks may stand where none are needed.
  @Test func quotedWithoutNeed() {
    #expect(CSV.cells(#""a","","1""#.utf8) == ["a", "", "1"])
  }
}
