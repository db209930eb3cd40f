import SpideEngine

extension Model {
  private func points(_ values: [Float], _ done: Int) -> [CurvePlot.Point] {
    values.prefix(done).enumerated().map { .init(Double($0 + 1), Double($1)) }
  }

  /// `a*` of the selected neuron; nil where there is none.
  private var equilibriumRate: Float? {
    exactSolutions.equilibrium?.values?[unit.layer][unit.unit]
  }

  /// The exact `β` of the selected neuron.
  private var exactBeta: Float? {
    exactSolutions.implicit?.values?[unit.layer][unit.unit]
  }

  private func level(_ name: String, _ value: Float?, _ steps: Int) -> [CurvePlot.Series] {
    guard let value else { return [] }
    return [
      .init(name, [.init(1, Double(value)), .init(Double(steps), Double(value))], tone: .threshold)
    ]
  }

  /// `a(t)` against `a*`.
  var neuronRatePlot: CurvePlot {
    CurvePlot(
      series: [
        .init("a(t)", points(session.history.rate, stepsShown.forward), tone: .series(0))
      ] + level("a* exact", equilibriumRate, dynamics.forwardSteps), xLabel: "step")
  }

  /// `β(t)` against the exact `β`.
  var neuronBetaPlot: CurvePlot {
    CurvePlot(
      series: [
        .init("β(t)", points(session.history.beta, stepsShown.backward), tone: .series(0))
      ] + level("β exact", stepsShown.backward > 0 ? exactBeta : nil, dynamics.backwardSteps),
      xLabel: "step", emptyText: "the backward stage shows it: n")
  }

  /// Spikes of both stages in two rows.
  func drawNeuronSpikes(in rect: Rect, on canvas: inout Canvas) {
    let shown = stepsShown
    let rows: [(String, [Int], Int, Bool)] = [
      (
        "forward ", Array(session.history.forwardSpikes.prefix(shown.forward)),
        dynamics.forwardSteps,
        false
      ),
      (
        "backward", Array(session.history.backwardSpikes.prefix(shown.backward)),
        dynamics.backwardSteps, true
      ),
    ]
    for (row, (label, spikes, count, isTernary)) in rows.enumerated() where row < rect.height {
      let y = rect.y + row * (rect.height >= 5 ? 2 : 1)
      guard y < rect.bottom else { break }
      let start =
        canvas.write(label, x: rect.x, y: y, style: Style(.faint), maxWidth: rect.width) + 1
      let width = rect.right - start - 5
      guard width > 0, count > 0 else { continue }
      let perColumn = (count + width - 1) / width
      for column in 0..<(count + perColumn - 1) / perColumn {
        let part = spikes.dropFirst(column * perColumn).prefix(perColumn)
        let mark: Cell
        switch part.reduce(0, +) {
        case 1...:
          mark =
            isTernary ? Cell(glyphs.positive, Style(.positive)) : Cell(glyphs.spike, Style(.spike))
        case ..<0: mark = Cell(glyphs.negative, Style(.negative))
        default: mark = part.isEmpty ? .blank : Cell(glyphs.dot, Style(.faint))
        }
        canvas[start + column, y] = mark
      }
      let total = spikes.reduce(0) { $0 + abs($1) }
      canvas.write("\(total)", x: rect.right - 4, y: y, maxWidth: 4)
    }
  }

  /// Weights into the selected neuron, in the shape of what it looks at.
  func drawNeuronWeights(in rect: Rect, on canvas: inout Canvas) {
    guard let map = incomingWeights else {
      canvas.write(
        canvas.glyphs.clipped("a pool has no weights", to: rect.width), x: rect.x,
        y: rect.y + rect.height / 2, style: Style(.faint), maxWidth: rect.width)
      return
    }
    canvas.draw(map, in: rect)
  }

  /// Tiles of the source's channels, in a grid that is about square.
  private var incomingWeights: HeatMap? {
    let link: LinkID = unit.layer == 0 ? .input : .link(unit.layer - 1)
    let source = plan.source(of: link)
    guard let weight = parameters[link.name + ".weight"],
      let part = plan.connection(link)?.kind.incomingWeights(
        of: unit.unit, source: source, target: plan.layers[unit.layer])
    else { return nil }
    func value(_ channel: Int, _ y: Int, _ x: Int) -> Float { weight[part.index(channel, y, x)] }
    if part.isRow {
      let width = Int(Double(part.width).squareRoot().rounded(.up))
      let height = (part.width + width - 1) / width
      let values = (0..<width * height).map { $0 < part.width ? value(0, 0, $0) : 0 }
      return HeatMap(columns: width, rows: height, values: values)
    }
    if part.channels == 1 {
      return HeatMap(
        columns: part.width, rows: part.height,
        values: (0..<part.width * part.height).map { value(0, $0 / part.width, $0 % part.width) })
    }
    let across = Int(Double(part.channels).squareRoot().rounded(.up))
    let down = (part.channels + across - 1) / across
    let columns = across * (part.width + 1) - 1
    let rows = down * (part.height + 1) - 1
    var values = [Float](repeating: 0, count: columns * rows)
    for channel in 0..<part.channels {
      for y in 0..<part.height {
        for x in 0..<part.width {
          let column = channel % across * (part.width + 1) + x
          let row = channel / across * (part.height + 1) + y
          values[row * columns + column] = value(channel, y, x)
        }
      }
    }
    return HeatMap(columns: columns, rows: rows, values: values)
  }

  /// Place, constants and numbers of the selected neuron at the cursor.
  var neuronFacts: Table {
    let shown = stepsShown
    let history = session.history
    func number(_ value: Float?) -> String {
      value.map { NumberText.fixed(Double($0), decimals: 4) } ?? "–"
    }
    func last(_ values: [Float], _ done: Int) -> Float? { done > 0 ? values[done - 1] : nil }
    func exact(_ value: Float?, _ result: ExactResult?) -> String {
      if case .doesNotConverge = result { return "does not settle" }
      return number(value)
    }
    let gate = session.sources.map { $0.gates[unit.layer][unit.unit] == 1 ? "open" : "closed" }
    return Table(
      columns: [.init("neuron"), .init("\(Words.unit(unit, plan))", alignsRight: true)],
      rows: [
        ["moment", Words.moment(session)],
        ["u forward", number(last(history.forwardPotential, shown.forward))],
        ["rate a(t)", number(last(history.rate, shown.forward))],
        [
          "a* exact",
          variesInTime ? "input varies" : exact(equilibriumRate, exactSolutions.equilibrium),
        ],
        ["gate", gate ?? "–"],
        ["u backward", number(last(history.backwardPotential, shown.backward))],
        ["β(t)", number(last(history.beta, shown.backward))],
        [
          "β exact",
          shown.backward > 0 ? exact(exactBeta, exactSolutions.implicit) : number(nil),
        ],
        ["spikes F", "\(history.forwardSpikes.prefix(shown.forward).reduce(0, +))"],
        [
          "spikes B + −",
          "\(history.backwardSpikes.prefix(shown.backward).count { $0 > 0 }) "
            + "\(history.backwardSpikes.prefix(shown.backward).count { $0 < 0 })",
        ],
      ])
  }
}
