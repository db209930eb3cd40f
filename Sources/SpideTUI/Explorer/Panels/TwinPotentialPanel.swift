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
        plot(stage, model.session, twin, height: rect.height),
        in: Rect(x: x + gap, y: rect.y, width: width - gap, height: rect.height))
      x += width
    }
  }

  /// One stage of both, over as many steps as the longer one has. Low plots have no room for names of levels.
  private func plot(
    _ stage: Stage, _ shown: Session, _ twin: Session, height: Int
  ) -> CurvePlot {
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
    var plot = CurvePlot(
      series: [series("this", shown, tone: 0), series("twin", twin, tone: 1)],
      xLabel: stage == .forward ? "F step" : "B step",
      cursor: cursor(stage, shown.moment).map(Double.init),
      emptyText: stage == .forward ? "s steps" : "not there yet")
    plot.levels = levels(shown) + levels(twin)
    let words = [shown, twin].map { Self.words($0.dynamics[stage], stage) }
    if height >= 9 {
      plot.levelNames = words[0] == words[1] ? [words[0]] : [words[0], "twin \(words[1])"]
    }
    plot.xRange = 0...Double(max(shown.dynamics.steps(of: stage), twin.dynamics.steps(of: stage)))
    return plot
  }

  /// The levels of a stage: `Vth 1.0, reset 0`, `Vth,b ±0.5, reset ±0`; where they lie on each other, once.
  private static func words(_ neuron: NeuronParameters, _ stage: Stage) -> String {
    let threshold = Words.constant(neuron.threshold)
    if stage == .forward {
      return "Vth \(threshold), reset \(Words.constant(neuron.resetPotential))"
    }
    let reset = abs(neuron.resetPotential)
    return "Vth,b ±\(threshold)"
      + (reset == neuron.threshold ? "" : ", reset ±\(Words.constant(reset))")
  }

  private func cursor(_ stage: Stage, _ moment: Moment) -> Int? {
    switch (stage, moment) {
    case (.forward, .forward(let step)), (.backward, .backward(let step)): step
    default: nil
    }
  }
}
