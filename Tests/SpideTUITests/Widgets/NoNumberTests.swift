import SpideTUI
import Testing

/// Curves that end in what is no number say so.
@Suite struct NoNumberTests {
  private func plot(_ values: [Double], isLogarithmic: Bool = false) -> CurvePlot {
    CurvePlot(
      series: [.init("loss", values.enumerated().map { .init(Double($0.offset), $0.element) })],
      isLogarithmic: isLogarithmic, emptyText: "t starts training")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func theLegendHasTheCurrentValueAndTheAxisGoesOn(_ value: Double) {
    let values = [3, 2, 1] + [Double](repeating: value, count: 38)
    let canvas = picture(plot(values), .braille, 60, 14)
    #expect(canvas.text.contains("loss no number"))
    #expect(canvas.text.contains("40"), "the axis ends where the numbers end:\n\(canvas.text)")
    // The curve itself ends where the numbers do: nothing is drawn right of the first tenth.
    let plotted = canvas.cells.indices.filter { index in
      let (x, y) = (index % canvas.width, index / canvas.width)
      return (1...10).contains(y) && x > 14 && canvas.cells[index].character != " "
    }
    #expect(plotted.isEmpty)
  }

  @Test func aCurveThatComesBackHasItsValue() {
    #expect(picture(plot([3, .nan, 1.5]), .braille, 60, 14).text.contains("loss 1.500"))
  }

  @Test func noNumberAtAllIsNotNothing() {
    let text = picture(plot([.nan, .nan]), .braille, 60, 14).text
    #expect(text.contains("no number") && !text.contains("t starts training"))
    #expect(picture(plot([]), .braille, 60, 14).text.contains("t starts training"))
  }

  /// A logarithmic axis leaves out 0, which is a number that it has no place for.
  @Test func logarithmsAreAsBefore() {
    let text = picture(plot([1, 0.1, 0], isLogarithmic: true), .braille, 60, 14).text
    #expect(text.split(separator: "\n").first?.hasSuffix("loss 0") == true)
  }
}
