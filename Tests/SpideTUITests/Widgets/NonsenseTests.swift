import SpideEngine
import SpideTUI
import Testing

/// Widgets draw something or nothing for values that make no sense; they never trap.
@Suite struct NonsenseTests {
  static let widgets: [any Widget] = [
    SpikeRaster(
      kind: .ternary, steps: Samples.backward, stepCount: 3, cursor: 999, unitCount: 5,
      firstUnit: 99, unitsPerRow: .max, selectedUnit: -4),
    SpikeRaster(
      kind: .binary, steps: [], stepCount: 0, cursor: -1, unitCount: 0, firstUnit: -3,
      unitsPerRow: -1),
    PotentialTrace(segments: []),
    PotentialTrace(segments: [
      .init(
        label: "", values: [.nan, .infinity, 0.5, -1e308, 1e308], spikes: [9], stepCount: 2,
        levels: [.init(.reset, .nan, label: "reset"), .init(.threshold, 1, label: "Vth")],
        cursor: 77)
    ]),
    CurvePlot(
      series: [
        .init(
          "a",
          [.init(.nan, 1), .init(1, .infinity), .init(2, -1), .init(3, .leastNonzeroMagnitude)]),
        .init("b", []), .init("c", [.init(0, 0)]),
      ], isLogarithmic: true, yRange: 0...1, cursor: .nan, marks: [.nan, 1e300]),
    CurvePlot(series: [.init("no numbers", [.init(1, .nan), .init(2, .infinity)])]),
    CurvePlot(series: [.init("range", [.init(1, 2, range: .nan, .infinity), .init(2, 3)])]),
    CurvePlot(series: [.init("flat", [.init(1e17, 5), .init(1e17 + 16, 5)])], yRange: 3...3),
    BarList(
      items: [.init("x", value: .nan, text: ""), .init("", value: 1e300, text: "y")]),
    ErrorSplitList(items: [], selected: 3),
    ErrorSplitList(
      items: [
        .init("", norm: .nan),
        .init(
          "x", norm: 1, exactNorm: .infinity, cosine: .nan, error: .infinity, forward: -1,
          gates: .nan, backward: 1e300),
      ], selected: -4),
    SizeWindow(bins: [], low: 0, high: 1),
    SizeWindow(bins: [-3, 0, 5], low: .nan, high: .infinity),
    SizeWindow(bins: [0, 0], low: 99, high: -1e300),
    Histogram(groups: [], edges: [0, 1]),
    Histogram(groups: [.init("", series: [.init("", counts: [])])], edges: [0, 1]),
    Histogram(
      groups: [
        .init("a", series: [.init("n", counts: [-5, 3, 9, 9])]),
        .init("b", series: [.init("n", counts: [1]), .init("m", counts: [2])]),
      ], edges: [0, 0.5, 1], marks: [.init(.nan), .init(7)]),
    Histogram(
      groups: [.init("", series: [.init("n", counts: [3])])], edges: [0, .infinity],
      marks: [.init(.nan)]),
    Picture(columns: 3, rows: 3, values: [1]),
    Picture(columns: 2, rows: 2, values: [.nan, .infinity, -1, 2], range: 1...1),
    HeatMap(columns: 2, rows: 2, values: [.nan, 1, -1, 0], selected: (9, -1)),
    TimelineBar(timeline: Timeline(forwardSteps: 0, backwardSteps: 0), position: -5),
    TimelineBar(timeline: Timeline(forwardSteps: 3, backwardSteps: 5), position: 99),
    NetworkMap(input: "", layers: [], feedback: "x", selected: 4),
    NetworkMap(
      input: "in",
      layers: [.init(name: "L0", size: "1", link: "", forwardRate: .nan, backwardRate: 7)],
      selected: -1),
    Table(columns: [], rows: [["a"]], selectedRow: 5),
    Table(columns: [.init("a"), .init("b")], rows: [["1", "2", "3"], []]),
    ConfusionMatrix(counts: [[1], [2, 3, 4], []], names: []),
    ProgressGauge("", fraction: .nan, detail: "x"),
    KeyTableView(entries: [], page: -1),
    StatusLine(name: "", parts: [], tabs: [.init(key: "", title: "")], current: 9),
    Prompt(prefix: "", text: "\u{7F}é日", cursor: 99, completions: ["a", ""], selected: 7),
    Prompt(
      prefix: ":", text: "e\u{301}🇩🇪👩\u{200D}🔬", cursor: 3, completions: ["日本", "\u{301}"],
      selected: 1),
    Prompt(
      prefix: "日", text: "", cursor: -2, error: "日\u{301}\n\u{200D}", remark: "", firstErrorLine: 99
    ),
    TextBox(title: "", text: "", firstLine: -3),
    TextBox(title: "日本", text: "🇩🇪 \n\n日本 \u{301}", firstLine: .max),
    Menu(items: [], selected: 3),
    Menu(items: [.init("日本", "\u{301}", mark: "🙂"), .init("", "")], selected: -1),
  ]

  @Test(arguments: widgets.indices)
  func drawsWithoutATrap(_ index: Int) {
    for glyphs in Glyphs.allCases {
      for (width, height) in [(0, 0), (1, 1), (0, 9), (9, 0), (3, 2), (20, 6), (90, 30)] {
        let canvas = picture(Self.widgets[index], glyphs, width, height)
        #expect(canvas.cells.count == width * height)
        if glyphs.isASCII { #expect(canvas.text.utf8.allSatisfy { $0 < 0x80 }) }
      }
    }
  }
}
