import SpideTUI
import Testing

@Suite struct CanvasTests {
  @Test func writingIsClippedOnEverySide() {
    var canvas = Canvas(width: 6, height: 2)
    canvas.write("abcdefghij", x: -2, y: 0)
    canvas.write("abcdefghij", x: 1, y: 1, maxWidth: 3)
    canvas.write("above", x: 0, y: -1)
    canvas.write("below", x: 0, y: 2)
    #expect(canvas.text == "cdefgh\n abc")
    #expect(canvas.write("xyz", x: 1, y: 0) == 4)
  }

  /// Control characters would move everything after them.
  @Test(arguments: [
    ("a\u{1B}[31mb\n\tc", "a?[31mb??c"), ("Vth −1 λ·β", "Vth −1 λ·β"),
  ])
  func cellsHoldOneColumnEach(_ text: String, _ shown: String) {
    var canvas = Canvas(width: 20, height: 1)
    canvas.write(text, x: 0, y: 0)
    #expect(canvas.text == shown)
  }

  @Test(arguments: [
    ("β × 2 − λ·u", "beta x 2 - lambda-u"), ("conv 5×5 /2", "conv 5x5 /2"), ("日本 ok", "?? ok"),
    ("‖ paused ▸ ▴ ▾", "| paused > ^ v"), ("e\u{301} 🇩🇪 a\u{200D}b", "e DE ab"),
  ])
  func asciiIsSpelt(_ text: String, _ shown: String) {
    var canvas = Canvas(width: 30, height: 1, glyphs: .ascii)
    canvas.write(text, x: 0, y: 0)
    #expect(canvas.text == shown)
    canvas[0, 0] = Cell("█")
    canvas[1, 0] = Cell("λ")
    #expect(canvas.text.hasPrefix("#?"))
  }

  @Test(arguments: [
    ("threshold", 9, "threshold"), ("threshold", 6, "thres…"), ("abc", 1, "a"), ("abc", 0, ""),
    ("abc", -1, ""),
  ])
  func clippedTextEndsInAnEllipsis(_ text: String, _ width: Int, _ shown: String) {
    #expect(Glyphs.braille.clipped(text, to: width) == shown)
    #expect(Glyphs.ascii.clipped(text, to: width).count <= max(0, width))
  }

  @Test func fillAndFrameStayInside() {
    var canvas = Canvas(width: 5, height: 4)
    canvas.fill(Rect(x: -3, y: 2, width: 5, height: 9), Cell("x"))
    #expect(canvas.text == "\n\nxx\nxx")
    let large = Rect(x: -2, y: -2, width: 9, height: 9)
    #expect(canvas.frame(large, title: "beyond") == large.inset(1))
    let small = Rect(x: 0, y: 0, width: 3, height: 2)
    #expect(canvas.frame(small, title: "none") == small)
    canvas.fill(Rect(x: 7, y: 7, width: 2, height: 2), Cell("y"))
    #expect(!canvas.text.contains("y"))
  }

  @Test func stylesHaveAPicture() {
    var canvas = Canvas(width: 8, height: 1)
    let styles: [Style] = [
      .plain, Style(.spike), Style(.accent, bold: true), Style(.series(2)), Style(.heat(-3)),
      Style(.gray(9)), Style(.bad, reversed: true),
    ]
    for (x, style) in styles.enumerated() { canvas[x, 0] = Cell("o", style) }
    #expect(canvas.styleMap == "nsA2-i#")
  }
}
