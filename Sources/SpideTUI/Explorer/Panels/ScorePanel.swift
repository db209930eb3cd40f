import SpideConfiguration
import SpideEngine
import SpideExperiment

/// All layers on one clock, with the selected neuron's potential beneath: of the shown sample, or of its twin.
struct ScorePanel: Panel {
  static let shown = ScorePanel(
    id: "score", heading: "Score",
    summary:
      "Spikes of all layers in both stages on one clock, and the selected neuron's potential.",
    isTwin: false)
  static let twin = ScorePanel(
    id: "twin-score", heading: "Twin",
    summary: "The same of the sample's twin, which :twin runs with other constants.", isTwin: true)

  let id: PanelID
  let heading: String
  let summary: String
  private let isTwin: Bool

  func titles(_ model: Model) -> [String] {
    let unit = Words.unit(model.unit, model.plan)
    let order = model.score.isStrongestFirst ? "  strongest channel first" : ""
    let map = model.score.showsMap && model.hasMap ? "  map" : ""
    guard isTwin else { return ["Score  \(unit)\(map)\(order)", "Score  \(unit)", "Score"] }
    let gap = model.twinGap.map { ": \($0)" } ?? ""
    let names = model.twinTitles
    return names.map { "\($0)\(gap)\(map)\(order)" } + names.map { $0 + gap } + names
  }

  func rightTitles(_ model: Model) -> [String] {
    if isTwin { return twinWords(model) }
    let glyphs = model.glyphs
    let signs = "backward + \(glyphs.positive) − \(glyphs.negative)"
    let both = "forward \(glyphs.spike)  " + signs
    guard model.gateFlips != nil else { return [both, signs] }
    let gates = "  \(glyphs.differs) exact gate differs"
    return [both + gates, signs + gates, both, signs]
  }

  /// What the marks of differences mean, and what the twin came to.
  private func twinWords(_ model: Model) -> [String] {
    guard let run = model.twinRun else { return [] }
    let marks = "underlined: differs, \(model.glyphs.missing) spikes in the other alone"
    guard let readout = run.session.readout else { return [marks] }
    let name = model.source.classNames[readout.prediction]
    let isRight = run.session.label == readout.prediction
    let found = "class \(name)" + (isRight ? " \(model.glyphs.check)" : "")
    return ["\(found)  \(marks)", marks, found]
  }

  func comparison(_ model: Model) -> ComparisonOrder.Kind? {
    // Gates are known at the readout, and a person who steps forward has no need of them.
    guard let session = run(model)?.session, session.readout != nil, session.label != nil else {
      return nil
    }
    return isTwin ? .twin : .score
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let score = score(model) else { return canvas.hint(model.twinHint, in: rect) }
    canvas.draw(score, in: rect)
  }

  /// The run that it is about; nil where there is no twin.
  private func run(_ model: Model) -> ShownRun? { isTwin ? model.twinRun : model.shownRun }

  /// What it draws.
  func score(_ model: Model) -> Score? { run(model).map { model.score(of: $0) } }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    guard let score = score(model) else { return [] }
    let layout = ScoreLayout(score, width: rect.width, height: rect.height, glyphs: model.glyphs)
    var actions: [Action] = []
    if let (staff, row) = layout.staff(at: y) {
      if staff.layer != model.unit.layer { actions.append(.selectLayer(staff.layer)) }
      // A row of the whole layer, or of many channels of another one, names no neuron.
      if let voice = staff.rows.channels(atRow: row)?.first,
        staff.layer == model.unit.layer || staff.rows.perRow <= 4
      {
        actions.append(.selectVoice(voice))
      }
    }
    switch layout.axis.place(at: x - layout.gutter) {
    case .forward(let step): actions.append(.scrub(to: .forward(step)))
    case .readout: actions.append(.scrub(to: .readout))
    case .backward(let step): actions.append(.scrub(to: .backward(step)))
    case nil: break
    }
    return actions
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? {
    [.selectLayer(model.unit.layer + (up ? -1 : 1))]
  }

  func arrow(_ model: Model, down rows: Int) -> Action { .moveVoice(rows) }

  func page(_ model: Model, down pages: Int) -> Action? {
    .moveVoice(pages * max(1, model.selectedStaff?.rows.shown.count ?? 1))
  }

  func switchView(_ model: Model) -> Action? { .nextScoreMode }
}

/// How the score is looked at.
struct ScoreView: Hashable, Sendable {
  /// Whether channels stand with the one that spikes most first.
  var isStrongestFirst = false
  /// Whether the selected channel's map stands in place of the selected layer's rows.
  var showsMap = false
}
