import SpideTUI
import Testing

@Suite struct HistogramTests {
  /// However little room there is, every distribution has its name and every group its own.
  @Test func namesAreWhole() {
    for (width, height) in [(38, 7), (38, 9), (40, 9), (58, 15), (98, 27)] {
      let group = { (name: String) in
        Histogram.Group(
          name, series: ["−Vth", "−Vth/2", "0"].map { .init($0, counts: [3, 2, 1, 0]) })
      }
      let text = picture(
        Histogram(
          groups: [group("forward u/V"), group("backward u/V_b")], edges: [-1, -0.5, 0, 0.5, 1]),
        .braille, width, height
      ).text
      let lines = text.split(separator: "\n").map(String.init)
      #expect(lines[0].contains("forward u/V") && lines[0].contains("backward u/V_b"))
      for name in ["−Vth ", "−Vth/2 ", "0 "] {
        #expect(
          lines.contains { ($0 + " ").hasPrefix(name) }, "\(width)×\(height) \(name)\n\(text)")
      }
    }
  }

  /// Bars, ticks and lines stand on one axis: what lies at 0 and above is drawn at the tick of 0 and to its right.
  @Test(arguments: [24, 31, 40, 57, 72, 100]) func barsBeginAtTheirTick(_ width: Int) {
    let counts = (0..<24).map { $0 >= 18 ? 5 : 0 }
    let canvas = picture(
      Histogram(
        groups: [.init("u/V", series: [.init("0", counts: counts)])],
        edges: (0...24).map { -18 + Double($0) }), .ascii, width, 8)
    let bars = (2..<width).filter { canvas[$0, 5].character != " " }
    let zero = (2..<width).first { x in
      canvas[x, 6].character == "+" && canvas[x, 7].character == "0"
        && canvas[x - 1, 7].character == " "
    }
    #expect(zero != nil && bars.first == zero, "\(canvas.text)")
    #expect(bars == Array((bars.first ?? 0)...(bars.last ?? 0)))
  }

  @Test func countsAreAddedWhereBinsShareAColumn() {
    let counts = (0..<24).map { $0 / 2 == 3 ? 4 : $0 == 0 ? 7 : 0 }
    let canvas = picture(
      Histogram(
        groups: [.init("u/V", series: [.init("", counts: counts)])],
        edges: (0...24).map { Double($0) }, unit: "x"), .braille, 14, 4)
    let title = canvas.text.prefix { $0 != "\n" }
    #expect(title.hasPrefix(" u/V  ") && title.hasSuffix(" ≤ 8 x"), "\(canvas.text)")
  }
}
