import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// One of each widget, with data such as the explorer gives it.
enum Samples {
  /// A widget, the size at which it shows everything, and a size at which it must do without.
  struct Sample: Sendable, CustomTestStringConvertible {
    let name: String
    let widget: any Widget
    let size: (width: Int, height: Int)
    let tiny: (width: Int, height: Int)
    var testDescription: String { name }
  }

  static let question = QuestionBox(
    title: "Quit?",
    text: "46 batches of the training of digits are not saved. :save FILE keeps the weights.",
    answers: [.init(key: "y", "quit"), .init(key: "n", "stay")])

  static let all = [
    Sample(
      name: "score-flat",
      widget: ScoreSample(units: [24, 12], forwardSteps: 15, backwardSteps: 30).score,
      size: (90, 20), tiny: (24, 6)),
    Sample(name: "legend", widget: LegendView(page: "2/2"), size: (80, 20), tiny: (30, 6)),
    Sample(name: "raster-forward", widget: forwardRaster(), size: (60, 16), tiny: (14, 4)),
    Sample(
      name: "raster-forward-zoomed", widget: forwardRaster(unitsPerRow: 4), size: (60, 18),
      tiny: (9, 3)),
    Sample(name: "raster-backward", widget: backwardRaster(), size: (60, 16), tiny: (14, 4)),
    Sample(
      name: "raster-backward-zoomed", widget: backwardRaster(unitsPerRow: 5), size: (66, 16),
      tiny: (9, 3)),
    Sample(name: "trace", widget: trace, size: (90, 18), tiny: (24, 5)),
    Sample(name: "curves", widget: curves, size: (64, 16), tiny: (18, 4)),
    Sample(name: "curves-logarithmic", widget: logarithmicCurves, size: (64, 14), tiny: (12, 3)),
    Sample(name: "curves-band", widget: noisyCurves, size: (64, 16), tiny: (18, 5)),
    Sample(name: "curves-no-numbers", widget: brokenCurves, size: (40, 8), tiny: (12, 5)),
    Sample(name: "curves-empty", widget: CurvePlot(series: []), size: (40, 5), tiny: (8, 1)),
    Sample(name: "errors", widget: errors, size: (72, 5), tiny: (30, 3)),
    Sample(name: "errors-rows", widget: errors, size: (72, 13), tiny: (44, 9)),
    Sample(name: "errors-tall", widget: errors, size: (90, 26), tiny: (20, 20)),
    Sample(name: "size-window", widget: sizeWindow, size: (60, 4), tiny: (10, 1)),
    Sample(name: "bars", widget: bars, size: (30, 10), tiny: (9, 4)),
    Sample(name: "histogram", widget: histogram, size: (72, 12), tiny: (12, 4)),
    Sample(name: "picture", widget: digit, size: (28, 10), tiny: (8, 4)),
    Sample(name: "picture-large", widget: ring, size: (28, 14), tiny: (6, 3)),
    Sample(name: "heat-map", widget: heatMap, size: (40, 12), tiny: (6, 4)),
    Sample(name: "timeline", widget: timeline(47), size: (120, 1), tiny: (30, 1)),
    Sample(name: "timeline-training", widget: trainingTimeline, size: (120, 1), tiny: (40, 1)),
    Sample(name: "timeline-start", widget: timeline(0), size: (80, 1), tiny: (12, 1)),
    Sample(name: "network", widget: network, size: (24, 14), tiny: (12, 4)),
    Sample(name: "network-deep", widget: deepNetwork, size: (34, 24), tiny: (34, 9)),
    Sample(name: "table", widget: table, size: (60, 8), tiny: (14, 3)),
    Sample(name: "confusion", widget: confusion(classes: 10), size: (60, 12), tiny: (16, 5)),
    Sample(
      name: "confusion-hundred", widget: confusion(classes: 100), size: (72, 30), tiny: (9, 3)),
    Sample(
      name: "gauge",
      widget: ProgressGauge("epoch 3/10", fraction: 0.637, detail: "2:31 left"), size: (60, 1),
      tiny: (12, 1)),
    Sample(name: "keys", widget: keys, size: (90, 12), tiny: (24, 5)),
    Sample(name: "status", widget: status, size: (120, 1), tiny: (40, 1)),
    Sample(
      name: "prompt",
      widget: Prompt(
        prefix: ":", text: "set threshold 1.2", cursor: 13,
        completions: ["threshold", "threshold-backward", "time"], selected: 1),
      size: (50, 2), tiny: (8, 1)),
    Sample(
      name: "prompt-error",
      widget: Prompt(
        prefix: ":", text: "set treshold 1", cursor: 14,
        error: "set: unknown parameter treshold; did you mean threshold?"), size: (64, 2),
      tiny: (20, 2)),
    Sample(name: "question", widget: question, size: (60, 9), tiny: (20, 4)),
    Sample(
      name: "prompt-rows",
      widget: Prompt(
        prefix: ":", text: "checkpoint 日本/e\u{301}", cursor: 12,
        completions: ["日本/", "e\u{301}tude.safetensors"] + (1...9).map { "run-\($0)/" },
        selected: 8), size: (40, 3), tiny: (10, 3)),
    Sample(name: "menu", widget: menu, size: (60, 5), tiny: (12, 2)),
    Sample(name: "menu-marks", widget: markedMenu, size: (60, 11), tiny: (30, 9)),
    Sample(
      name: "text-box",
      widget: TextBox(
        title: "Error",
        text:
          "mnist: its files were not found; looked in /data/日本/mnist, /home/me/mnist\nand again",
        tone: .bad, firstLine: 1), size: (44, 4), tiny: (18, 6)),
  ]

  static let forward = spikes(units: 128, steps: 30, rate: 0.3, isSigned: false)
  static let backward = spikes(units: 64, steps: 100, rate: 0.05, isSigned: true)

  /// Spikes whose rate differs from neuron to neuron, the same at every run.
  static func spikes(units: Int, steps: Int, rate: Double, isSigned: Bool) -> [SpikeEvents] {
    var state: UInt64 = 42
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    let rates = (0..<units).map { _ in random() * 2 * rate }
    let biases = (0..<units).map { _ in random() }
    return (0..<steps).map { _ in
      SpikeEvents(
        codes: (0..<units).compactMap { unit in
          guard random() < rates[unit] else { return nil }
          return isSigned && random() < biases[unit] ? ~Int32(unit) : Int32(unit)
        })
    }
  }

  static func forwardRaster(unitsPerRow: Int = 1) -> SpikeRaster {
    SpikeRaster(
      kind: .binary, steps: Array(forward.prefix(17)), stepCount: 30, cursor: 17, unitCount: 128,
      unitsPerRow: unitsPerRow, selectedUnit: 3)
  }

  static func backwardRaster(unitsPerRow: Int = 1) -> SpikeRaster {
    SpikeRaster(
      kind: .ternary, steps: Array(backward.prefix(80)), stepCount: 100, cursor: 80, unitCount: 64,
      firstUnit: unitsPerRow == 1 ? 20 : 0, unitsPerRow: unitsPerRow, selectedUnit: 22)
  }

  /// A neuron as TheMethod.md has it, with a constant current.
  static func neuron(current: Double, threshold: Double, steps: Int, isTernary: Bool) -> (
    values: [Double], spikes: [Int]
  ) {
    var potential = 0.0
    var values: [Double] = []
    var spikes: [Int] = []
    for step in 0..<steps {
      potential += current * (isTernary && step % 40 > 22 ? -1.3 : 1)
      let spike = potential >= threshold ? 1 : isTernary && potential <= -threshold ? -1 : 0
      potential -= 2 * threshold * Double(spike)
      values.append(potential)
      spikes.append(spike)
    }
    return (values, spikes)
  }

  static let trace: PotentialTrace = {
    let forward = neuron(current: 0.37, threshold: 1, steps: 30, isTernary: false)
    let backward = neuron(current: 0.06, threshold: 0.5, steps: 64, isTernary: true)
    return PotentialTrace(segments: [
      .init(
        label: "forward", values: forward.values, spikes: forward.spikes, stepCount: 30,
        levels: [.init(.threshold, 1, label: "Vth"), .init(.reset, -1, label: "reset")]),
      .init(
        label: "backward", values: backward.values, spikes: backward.spikes, stepCount: 100,
        levels: [
          .init(.threshold, 0.5, label: "Vth"), .init(.threshold, -0.5, label: "−Vth"),
        ], cursor: 64),
    ])
  }()

  static let curves = CurvePlot(
    series: [
      .init("train", (1...24).map { .init(Double($0), 0.99 - 0.55 / Double($0)) }),
      .init("test", (1...24).map { .init(Double($0), 0.97 - 0.62 / Double($0)) }),
    ], xLabel: "epoch", yLabel: "Accuracy", format: .percent, cursor: 9)

  static let logarithmicCurves = CurvePlot(
    series: [
      .init("SGD", (0...5000).map { .init(Double($0), 2.3 / (1 + Double($0) / 80)) }),
      .init(
        "Adam",
        (0...5000).map {
          .init(Double($0), 2.3 / (1 + Double($0 * $0) / 90_000) * (1 + 0.4 * Double($0 % 7) / 7))
        }),
    ], xLabel: "batch", yLabel: "Loss", isLogarithmic: true)

  /// Means with their ranges, and something that happened on the way.
  static let noisyCurves = CurvePlot(
    series: [
      .init("test", (1...15).map { .init(Double($0), 0.2 + 1.6 / Double($0)) }),
      .init(
        "train",
        (1...400).map { number in
          let x = Double(number) * 15 / 400
          let y = 2.3 / (1 + x)
          let noise = 0.1 + 0.3 * Double(number * 37 % 16) / 16
          return .init(x, y, range: max(0, y - noise), y + noise)
        }),
    ], xLabel: "epoch", marks: [6], markName: "Vth 1.1/0.5")

  /// Training that goes on through values that are no numbers.
  static let brokenCurves = CurvePlot(
    series: [
      .init("loss", (1...40).map { .init(Double($0), $0 < 12 ? 1 / Double($0) : .nan) })
    ], xLabel: "epoch")

  static let bars = BarList(
    items: [0.01, 0, 0.02, 0.82, 0, 0.04, 0, 0.003, 0.1, 0.007].enumerated().map { index, value in
      .init(
        String(index), value: value, text: NumberText.rate(value),
        isChecked: index == 3,
        isHighlighted: index == 3)
    })

  static let histogram = Histogram(
    groups: [
      .init(
        "forward u/V",
        series: [
          .init("−Vth", counts: (0..<40).map { bell($0, centre: 20) }),
          .init("0", counts: (0..<40).map { bell($0, centre: 28) }),
        ]),
      .init(
        "backward u/V_b", series: [.init("−Vth", counts: []), .init("0", counts: [])],
        emptyText: "the backward stage: n"),
    ], edges: (0...40).map { -1 + Double($0) / 20 },
    marks: [.init(0.95), .init(-0.95, isReset: true)], unit: "neurons")

  private static func bell(_ bin: Int, centre: Int) -> Int {
    max(0, 240 - (bin - centre) * (bin - centre) * 2)
  }

  static let digit = Picture(
    columns: 8, rows: 8,
    values: [
      0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0, 0, 3, 15, 2, 0, 11, 8, 0, 0, 4, 12, 0, 0,
      8, 8, 0, 0, 5, 8, 0, 0, 9, 8, 0, 0, 4, 11, 0, 1, 12, 7, 0, 0, 2, 14, 5, 10, 12, 0, 0, 0, 0, 6,
      13, 10, 0, 0, 0,
    ], range: 0...16)

  static let ring = Picture(
    columns: 28, rows: 28,
    values: (0..<784).map { index in
      let x = Float(index % 28) - 13.5
      let y = Float(index / 28) - 13.5
      return max(0, 1 - abs((x * x + y * y * 0.7).squareRoot() - 9) / 3)
    }, range: 0...1)

  static let heatMap = HeatMap(
    columns: 16, rows: 10,
    values: (0..<160).map { index in
      let x = Float(index % 16) - 7.5
      let y = Float(index / 16) - 4.5
      return 0.53 * (x * y) / 33.75
    }, selected: (column: 12, row: 2))

  static func timeline(_ position: Int) -> TimelineBar {
    TimelineBar(
      timeline: Timeline(forwardSteps: 30, backwardSteps: 100), position: position,
      mode: "inspect", speed: "20 steps/s")
  }

  static let trainingTimeline = TimelineBar(
    timeline: Timeline(forwardSteps: 30, backwardSteps: 100), position: 47, mode: "train",
    speed: "20 steps/s", training: "training", trainingSpeed: "9,300 samples/s")

  static let network = NetworkMap(
    input: "input 8×8",
    layers: [
      .init(name: "L0", size: "128", link: "dense", forwardRate: 0.29, backwardRate: 0.016),
      .init(name: "L1", size: "64", link: "dense", forwardRate: 0.33, backwardRate: 0.12),
    ], feedback: "dense", selected: 1)

  static let deepNetwork = NetworkMap(
    input: "input 3×32×32",
    layers: (0..<9).map {
      .init(
        name: "L\($0)", size: "\(96 << ($0 / 3))×\(16 >> ($0 / 3))×\(16 >> ($0 / 3))",
        link: "conv 3×3", forwardRate: 0.2 / Double($0 + 1), backwardRate: 0.003 * Double($0))
    }, feedback: "convT 3×3 /2", selected: 6)

  static let table = Table(
    columns: [
      .init("reset"), .init("rate bias", alignsRight: true),
      .init("error of β", alignsRight: true), .init("cosine", alignsRight: true, tone: .good),
    ],
    rows: [
      ["zero", "−0.0127", "0.158", "0.943"], ["−Vth", "−0.0002", "0.076", "0.990"],
      ["−0.5", "−0.0061", "0.102", "0.971"],
    ], selectedRow: 1)

  static func confusion(classes: Int) -> ConfusionMatrix {
    ConfusionMatrix(
      counts: (0..<classes).map { row in
        (0..<classes).map { column in
          row == column
            ? 30 : (row * 7 + column * 3) % 11 == 0 ? 4 : (row + column) % 5 == 0 ? 1 : 0
        }
      }, names: (0..<classes).map(String.init))
  }

  static let keys = KeyTableView(entries: [
    .init("space", "play / pause"), .init("s S", "one time step on / back"),
    .init("n N", "to the next / previous stage"), .init("f F", "finish / restart the sample"),
    .init("[ ]", "slower / faster"), .init("r R", "next reset mode, forward / backward"),
    .init("+ −", "change the selected parameter"), .init("< >", "previous / next sample"),
    .init("t", "start / stop training"), .init("?", "help"), .init("q", "quit"),
  ])

  static let status = StatusLine(
    name: "spide-tui",
    parts: ["digits", "IF", "reset −Vth/−Vth", "Vth 1.0/0.5", "T 30/100"],
    tabs: [
      .init(key: "1", title: "Stage"), .init(key: "2", title: "Reset"),
      .init(key: "3", title: "Train"), .init(key: "4", title: "Neuron"),
    ], current: 0)

  static let errors = ErrorSplitList(
    items: [
      .init(
        "input.weight", norm: 3.21, exactNorm: 3.4, cosine: 0.993, error: 0.118, forward: 0.05,
        gates: 0.02, backward: 0.09),
      .init(
        "links.0.weight", norm: 12.5, exactNorm: 9, cosine: -0.2, error: 1.63, forward: 0.4,
        gates: 1.1, backward: 0.7),
      .init(
        "feedback.weight", norm: 0, exactNorm: 0.1, error: 1, forward: 0, gates: 0, backward: 1),
      .init("classifier.bias", norm: 0.25),
    ], selected: 1)

  static let sizeWindow = SizeWindow(
    bins: (0..<40).map { [0, 1, 3, 9, 20, 60, 55, 30, 12, 4, 2, 1][max(0, min(11, $0 - 14))] },
    low: 15, high: 28)

  static let markedMenu = Menu(
    items: [
      .init("digits", "Trains in seconds."),
      .init("mnist", "A network that is described in more words than this.", mark: "no data"),
      .init("日本.yaml", "e\u{301}tude"),
      .init("mine", "mine.yaml:1:1: the file is empty; expected a preset", mark: "broken"),
    ], selected: 3)

  static let menu = Menu(
    items: [
      .init("digits-dense-f", "64–128–64 with dense feedback; trains in seconds"),
      .init("mnist-lenet", "Convolutional network without feedback"),
      .init("mnist-convnet-f", "Convolutional feedback network for MNIST"),
      .init("cifar10-alexnet-f", "AlexNet with feedback"),
      .init("cifar100-cifarnet-f", "CIFARNet with feedback"),
      .init("cifar10-dvs-convnet-f", "Event camera frames"),
      .init("mine", ""),
    ], selected: 3)
}
