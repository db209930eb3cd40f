import SpideConfiguration
import SpideEngine
import SpideExperiment

/// The selected neuron's potential in the shown sample and in its twin, each stage on one axis.
struct TwinPotentialPanel: Panel {
  let id: PanelID = "twin-potential"
  let heading = "Potentials"
  let summary = "Membrane potential of the selected neuron in the sample and in its twin."

  func titles(_ model: Model) -> [String] {
    let unit = Words.unit(model.watched, model.plan)
    return ["Membrane potential u of \(unit)", "u  \(unit)"]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let twin = model.twinRun?.session else { return canvas.hint(model.twinHint, in: rect) }
    let stages = Stage.allCases
    let weights = stages.map { 20 + min(model.session.dynamics.steps(of: $0), 60) }
    var x = rect.x
    for (stage, width) in zip(stages, SplitLayout.apportion(rect.width, by: weights)) {
      let gap = x == rect.x ? 0 : 2
      if gap > 0 {
        for y in rect.y..<rect.bottom {
          canvas[x, y] = Cell(canvas.glyphs.vertical, Style(.faint))
        }
      }
      canvas.draw(
        plot(stage, model.session, twin),
        in: Rect(x: x + gap, y: rect.y, width: width - gap, height: rect.height))
      x += width
    }
  }

  /// One stage of both, over as many steps as the longer one has.
  private func plot(_ stage: Stage, _ shown: Session, _ twin: Session) -> CurvePlot {
    func series(_ name: String, _ session: Session, tone: Int) -> CurvePlot.Series {
      let (history, steps) = (session.history, session.stepsShown)
      let values =
        stage == .forward
        ? history.forwardPotential.prefix(steps.forward)
        : history.backwardPotential.prefix(steps.backward)
      // At rest before the first step.
      let points = values.enumerated().map { CurvePlot.Point(Double($0 + 1), Double($1)) }
      return CurvePlot.Series(
        name, points.isEmpty ? [] : [CurvePlot.Point(0, 0)] + points, tone: .series(tone))
    }
    func levels(_ session: Session) -> [PotentialTrace.Level] {
      let segments = PotentialPanel.segments(session)
      return stage == .forward ? segments.forward.levels : segments.backward.levels
    }
    let own = levels(shown)
    let others = levels(twin).filter { level in !own.contains { $0.value == level.value } }
    var plot = CurvePlot(
      series: [series("this", shown, tone: 0), series("twin", twin, tone: 1)],
      xLabel: stage == .forward ? "F step" : "B step",
      cursor: cursor(stage, shown.moment).map(Double.init),
      emptyText: stage == .forward ? "s steps" : "not there yet")
    plot.levels =
      own
      + others.map { PotentialTrace.Level($0.kind, $0.value, label: "\($0.label) twin") }
    plot.xRange = 0...Double(max(shown.dynamics.steps(of: stage), twin.dynamics.steps(of: stage)))
    return plot
  }

  private func cursor(_ stage: Stage, _ moment: Moment) -> Int? {
    switch (stage, moment) {
    case (.forward, .forward(let step)), (.backward, .backward(let step)): step
    default: nil
    }
  }
}
