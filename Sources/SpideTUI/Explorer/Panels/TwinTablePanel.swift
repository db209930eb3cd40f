import SpideConfiguration
import SpideEngine
import SpideExperiment

/// The sample beside its twin in numbers: rates and differing spikes up to the cursor, class and loss, operations.
struct TwinTablePanel: Panel {
  let id: PanelID = "twin-table"
  let heading = "Both in numbers"
  let summary = "Class, loss, rates, differing spikes and operations of the sample and its twin."

  func titles(_ model: Model) -> [String] {
    let moment = Words.moment(model.session)
    return ["Both in numbers, \(moment)", "Both, \(moment)", moment]
  }

  func comparison(_ model: Model) -> ComparisonOrder.Kind? {
    model.computed.twin == nil ? nil : .twin
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let run = model.twinRun else { return canvas.hint(model.twinHint, in: rect) }
    let isWide = rect.width >= 36
    let (result, layers, costs) = (
      result(model, run), layers(model, run, isWide: isWide), costs(model)
    )
    let room = rect.height - (rect.height >= 4 ? 2 : 1)
    // What the cursor does not move goes first.
    let rows =
      [result + layers + costs, result + layers].first { $0.count <= room } ?? result + layers
    canvas.draw(
      Table(
        columns: [
          .init(""),
          .init("this", alignsRight: true, tone: .series(0)),
          .init("twin", alignsRight: true, tone: .series(1)),
          .init(isWide ? "differ" : "diff.", alignsRight: true),
        ], rows: rows), in: rect)
  }

  private func result(_ model: Model, _ run: ShownRun) -> [[String]] {
    func both(_ name: String, _ text: (Session, Readout) -> String) -> [String] {
      [name]
        + [model.session, run.session].map { session in
          session.readout.map { text(session, $0) } ?? "–"
        }
    }
    return [
      both("class") { model.source.classNames[$1.prediction] },
      both("loss") { session, readout in
        session.label.map { NumberText.short(Double(readout.loss(label: $0))) } ?? "–"
      },
    ]
  }

  /// Firing rates so far, and spikes that one of them has alone or with another sign.
  private func layers(
    _ model: Model, _ run: ShownRun, isWide: Bool
  ) -> [[String]] {
    let shown = model.stepsShown
    return Stage.allCases.flatMap { stage in
      model.plan.layers.indices.map { layer in
        let rates = [model.session, run.session].map { session -> String in
          let state = stage == .forward ? session.forward : session.backward
          guard let state, state.step > 0 else { return "–" }
          return NumberText.rate(
            Double(state.layers[layer].spikeTotal)
              / Double(state.step * model.plan.layers[layer].count))
        }
        let sums = run.differences?[stage][layer].sums ?? []
        let steps = min(sums.count, stage == .forward ? shown.forward : shown.backward)
        let letter = stage == .forward ? "F" : "B"
        let differing = steps > 0 ? sums[steps - 1] : nil
        return [isWide ? "L\(layer) rate \(letter)" : "L\(layer) \(letter)"] + rates
          + [differing.map { isWide ? Words.count($0) : NumberText.amount(Double($0)) } ?? "–"]
      }
    }
  }

  /// What both take, each to its end.
  private func costs(_ model: Model) -> [[String]] {
    let costs = model.twinFacts.map { [$0.costs.shown, $0.costs.twin] } ?? [nil, nil]
    func both(_ name: String, _ text: (Ledger) -> String) -> [String] {
      [name] + costs.map { cost in cost.map { text($0.ledger) } ?? model.glyphs.ellipsis }
    }
    return [
      ["whole sample"],
      both("adds F") { NumberText.amount($0.total(.forward).done.accumulates) },
      both("adds B") { NumberText.amount($0.total(.backward).done.accumulates) },
      both("energy µJ") {
        NumberText.short(model.energyConstants.microjoules($0.total.done))
      },
    ]
  }
}
