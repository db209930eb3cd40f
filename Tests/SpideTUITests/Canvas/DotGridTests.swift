import SpideTUI
import Testing

@Suite struct DotGridTests {
  @Test(arguments: [
    (Glyphs.braille, "⠁⠂⠄⡀⠈⠐⠠⢀"), (.block, "▘▖    ▝▗    "), (.ascii, "*   "),
  ])
  func everyDotHasItsPlace(_ glyphs: Glyphs, _ expected: String) {
    var shown = ""
    for x in 0..<2 {
      for y in 0..<4 {
        var grid = DotGrid(columns: 1, rows: 1, glyphs: glyphs)
        grid.set(x: x, y: y, style: .plain)
        var canvas = Canvas(width: 1, height: 1, glyphs: glyphs)
        grid.draw(on: &canvas, x: 0, y: 0)
        shown += canvas.text
      }
    }
    #expect(shown == expected.filter { $0 != " " })
  }

  @Test func theFirstDotGivesACellItsStyle() {
    var grid = DotGrid(columns: 1, rows: 1, glyphs: .braille)
    grid.set(x: 0, y: 0, style: Style(.positive))
    for y in 1..<4 { grid.set(x: 1, y: y, style: Style(.negative)) }
    var canvas = Canvas(width: 1, height: 1)
    grid.draw(on: &canvas, x: 0, y: 0)
    #expect(canvas.styleMap == "p")
    #expect(canvas.text == "⢱")
  }

  @Test func linesHaveBothEndsAndTheirDashes() {
    var grid = DotGrid(columns: 8, rows: 1, glyphs: .ascii)
    var pen = Pen(.plain, mark: "o")
    grid.line(from: (1, 0), to: (6, 0), pen: &pen)
    var canvas = Canvas(width: 8, height: 1, glyphs: .ascii)
    grid.draw(on: &canvas, x: 0, y: 0)
    #expect(canvas.text == " oooooo")

    grid = DotGrid(columns: 4, rows: 1, glyphs: .braille)
    pen = Pen(.plain, dashes: [1, 1])
    grid.line(from: (-4, 0), to: (99, 0), pen: &pen)
    canvas = Canvas(width: 4, height: 1)
    grid.draw(on: &canvas, x: 0, y: 0)
    #expect(canvas.text == "⠁⠁⠁⠁")
  }
}
