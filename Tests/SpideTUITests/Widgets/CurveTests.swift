import SpideTUI
import Testing

/// Curves: where they stand, whose a cell is, what tells them apart, what the legend says.
@Suite struct CurveTests {
  private func flat(_ values: [Double], _ range: ClosedRange<Double>? = nil) -> CurvePlot {
    CurvePlot(
      series: values.enumerated().map { index, value in
        .init("s\(index)", [.init(0, value), .init(100, value)])
      }, yRange: range)
  }

  private func rows(_ canvas: Canvas, where isWanted: (Cell) -> Bool) -> Set<Int> {
    Set((0..<canvas.height).filter { y in (0..<canvas.width).contains { isWanted(canvas[$0, y]) } })
  }

  /// A tick, a curve at its value and the curve's mark stand in one row; what is above a tick is never drawn below it.
  @Test(arguments: Glyphs.allCases) func ticksCurvesAndMarksShareTheirRows(_ glyphs: Glyphs) {
    var ticks = 0
    for height in 6...30 {
      let empty = picture(flat([0.5], 0...1), glyphs, 30, height)
      for y in 0..<height {
        guard let axis = (0..<8).first(where: { empty[$0, y].character == glyphs.verticalTick }),
          let tick = Double(String((0..<axis).map { empty[$0, y].character }).filter { $0 != " " })
        else { continue }
        ticks += 1
        for (value, isExact) in [(tick, true), (min(1, tick + 0.02), false)] {
          let canvas = picture(flat([value], 0...1), glyphs, 30, height)
          let drawn = rows(canvas) { $0.style.tone == .series(0) }.subtracting([0])
          #expect(drawn.count == 1)
          if isExact { #expect(drawn == [y], "\(glyphs) \(tick) in \(height) rows") }
          #expect(drawn.allSatisfy { $0 <= y }, "\(value) below the tick \(tick)")
          let mark = rows(canvas) { $0.character == glyphs.seriesMark(0) && $0.style.isBold }
          if !glyphs.isASCII { #expect(mark.subtracting([0]) == drawn) }
        }
      }
    }
    #expect(ticks > 60)
  }

  /// A place on the horizontal axis is one column for ticks and curves.
  @Test func ticksShareTheirColumnsWithCurves() {
    for width in 80...120 {
      let points = (0...50).map { CurvePlot.Point(Double($0) / 5, $0 == 40 ? 1 : 0) }
      let canvas = picture(
        CurvePlot(series: [.init("a", points)], yRange: 0...1), .braille, width, 12)
      let tick = (0..<width).first {
        canvas[$0, 11].character == "8" && canvas[$0, 10].character == "┬"
      }
      #expect(
        tick.map { canvas[$0, 1].style.tone == .series(0) } ?? false, "\(width)\n\(canvas.text)")
    }
  }

  /// A cell that several curves pass has the colour of none of them; beside it each has its own.
  @Test(arguments: Glyphs.allCases) func aSharedCellHasNoColour(_ glyphs: Glyphs) {
    let zigzag = (0...20).map { CurvePlot.Point(Double($0), Double($0 % 2)) }
    let plot = CurvePlot(
      series: [.init("a", [.init(0, 0.5), .init(20, 0.5)]), .init("b", zigzag)], yRange: 0...1)
    func drawn(_ canvas: Canvas) -> [Cell] {
      (0..<240).filter { $0 % 60 >= 8 }.map { canvas[$0 % 60, $0 / 60] }
        .filter { $0.character != " " }
    }
    let tones = drawn(picture(plot, glyphs, 60, 4)).map(\.style.tone)
    #expect(Set(tones) == [.series(0), .series(1), .normal])
    // Two that are one: where the second has a dash, the first is not alone.
    let same = drawn(picture(flat([0.7, 0.7], 0...1), glyphs, 60, 4))
    let normal = same.count { $0.style.tone == .normal }
    #expect(2 * normal > same.count)
    if !glyphs.isASCII {
      // Each has its mark all the same, at the end and beside it.
      #expect(same.suffix(2).map(\.character) == ["◆", "●"])
      #expect(same.count { $0.style.tone == .series(1) } == 1)
    }
  }

  /// Without colour, curves differ all along, not at their ends alone.
  @Test(arguments: Glyphs.allCases) func curvesDifferAlongTheirLength(_ glyphs: Glyphs) {
    let values = (0..<6).map { Double($0) / 5 }
    let canvas = picture(flat(values, 0...1), glyphs, 120, 26)
    // Without the legend and the axis.
    let lines = (1..<canvas.height - 2).map { y in
      (20..<100).map { String(canvas[$0, y].character) }.joined()
    }.filter { $0.contains { $0 != " " } }
    #expect(lines.count == 6)
    for (index, line) in lines.enumerated() {
      for other in lines[(index + 1)...] {
        // Not even shifted: the same dashes elsewhere look the same.
        let turned = (0..<40).map { String(other.dropFirst($0).prefix(40)) }
        #expect(!turned.contains(String(line.prefix(40))), "\(line)\n\(other)")
      }
    }
  }

  /// No legend loses a name, however narrow the plot.
  @Test(arguments: [1, 2, 3, 6, 9]) func legendsAreWhole(_ count: Int) {
    let names = (0..<count).map { "L\($0)" }
    let plot = CurvePlot(
      series: names.enumerated().map { index, name in
        .init(name, [.init(0, 0.1), .init(1, Double(index))])
      }, format: .rate)
    for width in 22...80 {
      for height in 8...15 {
        let text = picture(plot, .braille, width, height).text
        for name in names { #expect(text.contains(name), "\(width)×\(height)\n\(text)") }
        if count == 1 { #expect(text.contains("L0 0.000")) }
      }
    }
  }

  /// A value that is no number is said to be none, and the axis goes on to where the data end.
  @Test func whatIsNoNumberIsSaid() {
    let points = (1...40).map { CurvePlot.Point(Double($0), $0 < 10 ? 1 : .nan) }
    let plot = CurvePlot(series: [.init("loss", points)], xLabel: "epoch")
    let text = picture(plot, .braille, 60, 12).text
    #expect(text.contains("loss no number"))
    #expect(text.split(separator: "\n").last?.contains("30") ?? false, "\(text)")
    let never = picture(
      CurvePlot(series: [.init("loss", [.init(1, .nan)])]), .braille, 60, 12
    ).text
    #expect(never.contains("loss no number") && never.contains("no numbers to draw"))
  }

  /// The line is the mean; the band reaches from the least to the largest, and no further.
  @Test(arguments: Glyphs.allCases) func bandsReachFromLeastToLargest(_ glyphs: Glyphs) {
    let points = (0...200).map { CurvePlot.Point(Double($0), 50, range: 20, 90) }
    let canvas = picture(
      CurvePlot(series: [.init("a", points)], yRange: 0...100), glyphs, 60, 4)
    let inside = (10..<50).map { x in
      (0..<4).filter { y in [x, x + 1].contains { canvas[$0, y].character != " " } }
    }
    let least = picture(flat([20], 0...100), glyphs, 60, 4)
    let largest = picture(flat([90], 0...100), glyphs, 60, 4)
    let mean = picture(flat([50], 0...100), glyphs, 60, 4)
    func row(_ canvas: Canvas) -> Int? { (0..<4).first { canvas[20, $0].character != " " } }
    #expect(inside.allSatisfy { $0.first == row(largest) && $0.last == row(least) })
    let lines = (0..<4).filter { !canvas[20, $0].style.isDim && canvas[20, $0].character != " " }
    #expect(lines == [row(mean)])
  }

  /// A curve of single values has none, however steep it is.
  @Test(arguments: Glyphs.allCases) func singleValuesHaveNoBand(_ glyphs: Glyphs) {
    let points = (0...20).map { CurvePlot.Point(Double($0), Double($0 * 7 % 5)) }
    let canvas = picture(CurvePlot(series: [.init("a", points)]), glyphs, 70, 12)
    #expect(canvas.cells.contains { $0.style.tone == .series(0) && !$0.style.isDim })
    #expect(!canvas.cells.contains { $0.style.isDim })
  }

  /// Points that share a column of dots weigh alike in its mean.
  @Test func manyPointsBecomeTheirMean() {
    let points = (0..<12_000).map { CurvePlot.Point(Double($0), $0 % 4 == 0 ? 0 : 100) }
    let canvas = picture(
      CurvePlot(series: [.init("a", points)], yRange: 0...100), .braille, 40, 4)
    let mean = picture(flat([75], 0...100), .braille, 40, 4)
    for x in 8..<38 {
      let row = (0..<4).first { mean[x, $0].character != " " }
      let lines = (0..<4).filter {
        canvas[x, $0].character != " " && !canvas[x, $0].style.isDim
      }
      #expect(lines == [row])
    }
  }

  /// A change on the way stands in the plot and in the legend.
  @Test func marksAreNamed() {
    let canvas = picture(Samples.noisyCurves, .braille, 64, 16)
    #expect(canvas.text.contains("┊ Vth 1.1/0.5"))
    let columns = (0..<64).filter { x in (1..<14).contains { canvas[x, $0].character == "┊" } }
    #expect(columns.count == 1)
  }
}
