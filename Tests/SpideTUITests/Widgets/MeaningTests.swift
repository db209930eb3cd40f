import SpideEngine
import SpideTUI
import Testing

/// What a picture says is what the data say.
@Suite struct MeaningTests {
  @Test(arguments: Glyphs.allCases)
  func everySpikeHasItsMark(_ glyphs: Glyphs) {
    let events = Array(Samples.spikes(units: 20, steps: 25, rate: 0.2, isSigned: true))
    let raster = SpikeRaster(
      kind: .ternary, steps: events, stepCount: 25, cursor: nil, unitCount: 20)
    let canvas = picture(raster, glyphs, 40, 22)
    func marks(_ tone: Tone) -> Int { canvas.cells.count { $0.style.tone == tone } }
    let signs = events.flatMap { $0.codes.map(SpikeEvents.sign) }
    #expect(marks(.positive) == signs.count { $0 > 0 })
    #expect(marks(.negative) == signs.count { $0 < 0 })
    // Marks tell the sign without colour.
    let up = Set(canvas.cells.filter { $0.style.tone == .positive }.map(\.character))
    let down = Set(canvas.cells.filter { $0.style.tone == .negative }.map(\.character))
    #expect(up.count == 1 && down.count == 1 && up != down)
  }

  @Test func packedNeuronsKeepEveryDot() {
    let events = Array(Samples.spikes(units: 32, steps: 60, rate: 0.3, isSigned: false))
    let raster = SpikeRaster(
      kind: .binary, steps: events, stepCount: 60, cursor: nil, unitCount: 32, unitsPerRow: 4)
    let canvas = picture(raster, .braille, 34, 10)
    let dots = canvas.cells.compactMap { $0.character.unicodeScalars.first?.value }
      .filter { $0 > 0x2800 && $0 <= 0x28FF }.reduce(0) { $0 + ($1 - 0x2800).nonzeroBitCount }
    #expect(dots == events.reduce(0) { $0 + $1.count })
  }

  @Test func stepsAfterTheCursorAreBlank() {
    var raster = Samples.forwardRaster()
    raster.steps = Samples.forward
    #expect(picture(raster, .braille, 60, 16) == picture(Samples.forwardRaster(), .braille, 60, 16))
  }

  @Test(arguments: Glyphs.allCases)
  func shadeTimesToneIsBrightness(_ glyphs: Glyphs) {
    for value in stride(from: 0.0, through: 1, by: 1.0 / 64) {
      let cell = glyphs.shade(value)
      let coverage = glyphs.shades.first { $0.character == cell.character }?.coverage ?? -1
      guard case .gray(let tone) = cell.style.tone else {
        Issue.record("no gray for \(value)")
        continue
      }
      // A tone is rounded to one part in 255, and half of one is the grace at the edge of a shade.
      #expect(abs(coverage * Double(tone) / 255 - value) <= 1.0 / 255)
    }
  }

  @Test(arguments: Glyphs.allCases)
  func heatShowsItsSignWithoutColour(_ glyphs: Glyphs) {
    let values = (1...8).map { Float($0) / 8 }
    func shown(_ values: [Float]) -> Set<Character> {
      Set(picture(HeatMap(columns: 8, rows: 1, values: values), glyphs, 16, 1).text)
    }
    #expect(shown(values).count == 4)
    #expect(shown(values).isDisjoint(with: shown(values.map(-))))
  }

  @Test(arguments: [(0.0, 0), (0.001, 1), (0.5, 40), (1, 80), (7, 80), (-1, 0)])
  func barsAreExactToAnEighth(_ value: Double, _ eighths: Int) {
    let list = BarList(items: [.init("a", value: value, text: "")])
    let canvas = picture(list, .braille, 12, 1)
    let drawn = canvas.cells.dropFirst(2).reduce(0) {
      $0 + (Glyphs.braille.horizontalEighths.firstIndex(of: $1.character) ?? 0)
    }
    #expect(drawn == eighths)
  }

  /// Bars stand apart where there is room, all in sight.
  @Test(arguments: [
    (2, [0, 1]), (3, [0, 1, 2]), (5, [0, 1, 2]), (6, [0, 2, 4]), (40, [0, 3, 6]),
  ])
  func barsUseTheirRoom(_ height: Int, _ rows: [Int]) {
    let list = BarList(items: ["a", "b", "c"].map { .init($0, value: 1, text: "") })
    let canvas = picture(list, .braille, 12, height)
    #expect((0..<height).filter { canvas[0, $0].character != " " } == rows)
  }

  /// Where not all bars have room, what stands out and what is right stay, then the longest.
  @Test func whatMattersStaysInSight() {
    let list = BarList(
      items: (0..<10).map {
        .init(
          "\($0)", value: $0 == 5 ? 0.9 : 0.01, text: "", isChecked: $0 == 9,
          isHighlighted: $0 == 7)
      })
    let canvas = picture(list, .braille, 20, 4)
    #expect((0..<3).map { canvas[0, $0].character } == ["5", "7", "9"])
    #expect(canvas.text.contains("7 more"))
  }

  /// A single low value among many high ones must not be lost when points share a column.
  @Test func curvesKeepTheirExtremes() {
    let points = (0..<10_000).map { CurvePlot.Point(Double($0), $0 == 4_321 ? 0 : 1) }
    let canvas = picture(CurvePlot(series: [.init("x", points)]), .braille, 20, 4)
    let bottom = (0..<20).map { canvas[$0, 3].character }
    #expect(bottom.contains { $0 != " " })
  }

  /// However many epochs there are, the title of the axis leaves at least one of their numbers.
  @Test func anAxisHasNumbers() {
    for epochs in 4...120 {
      let points = (1...epochs).map { CurvePlot.Point(Double($0), 1 / Double($0)) }
      for width in [24, 36, 38, 60] {
        let canvas = picture(
          CurvePlot(series: [.init("x", points)], xLabel: "epoch"), .braille, width, 12)
        let axis = (0..<width).map { canvas[$0, 11].character }
        #expect(axis.contains { $0.isNumber }, "\(epochs) epochs in \(width) columns")
      }
    }
  }
}
