/// The keys of the explorer: dispatch and help read the same table.
enum KeyTable {
  /// Keys that belong together.
  struct Row: Sendable {
    let keys: [(Key, Action)]
    /// What the help calls the keys, and what it says of them.
    let label: String
    let help: String

    init(_ keys: [(Key, Action)], _ label: String, _ help: String) {
      self.keys = keys
      self.label = label
      self.help = help
    }
  }

  static let rows: [Row] = [
    Row([(.character(" "), .playOrPause)], "space", "play / pause"),
    Row(
      [(.character("s"), .command(.step)), (.character("S"), .command(.back))], "s S",
      "one step on / back"),
    Row(
      [(.character("n"), .stage(1)), (.character("N"), .stage(-1))], "n N",
      "to the next / previous stage"),
    Row(
      [(.character("f"), .command(.finish)), (.character("F"), .command(.restart))], "f F",
      "finish / restart sample"),
    Row(
      [(.character("{"), .travel(by: -1)), (.character("}"), .travel(by: 1))], "{ }",
      "one update of training back / on"),
    Row(
      [(.character("["), .speed(faster: false)), (.character("]"), .speed(faster: true))], "[ ]",
      "slower / faster"),
    Row(
      [(.character("r"), .nextReset(.forward)), (.character("R"), .nextReset(.backward))], "r R",
      "next reset, forward / backward"),
    Row(
      [
        (.character("+"), .adjust(1)), (.character("="), .adjust(1)),
        (.character("-"), .adjust(-1)),
      ],
      "+ -", "change the selected parameter"),
    Row([(.character("v"), .nextAdjustable)], "v", "select another parameter"),
    Row(
      [
        (.character(">"), .command(.sample, "next")),
        (.character("<"), .command(.sample, "previous")),
      ], "> <", "next / previous sample"),
    Row([(.character("B"), .toggleBreakpoint)], "B", "stop at spikes of the neuron, or not"),
    Row([(.character("x"), .nextWrong)], "x", "next sample that is classified wrongly"),
    Row(
      [
        (.character(";"), .difference(.first)), (.character(","), .difference(.previous)),
        (.character("."), .difference(.next)),
      ], "; , .", "twins: first / previous / next difference"),
    Row([(.character("t"), .command(.train))], "t", "start / pause training"),
    Row([(.character("Y"), .command(.fork))], "Y", "fork: another run from this update"),
    Row(
      [(.character("o"), .toggleOverlay), (.character("O"), .togglePinShown)], "o O",
      "run: over the others / on top; sweep: O as one"),
    Row(
      [
        (.character("X"), .nextAxisShown), (.character("L"), .toggleLogarithmic),
        (.character("E"), .toggleError),
      ], "X L E", "curves: x axis, log, errors"),
    Row(
      [(.character("("), .moveReader(-1)), (.character(")"), .moveReader(1))], "( )",
      "read the curves further back / on"),
    Row([(.character("i"), .command(.inspect))], "i", "back to inspecting test samples"),
    Row(
      (0...9).map { (.character(Character(String($0))), .screen($0)) }, "1-9 0", "screen"),
    Row([(.tab, .nextPanel(1)), (.backTab, .nextPanel(-1))], "Tab", "next panel"),
    Row([(.character("z"), .command(.zoom))], "z", "zoom the panel"),
    Row(
      [(.character("w"), .zoomRaster(1)), (.character("W"), .zoomRaster(-1))], "w W",
      "raster: closer / wider"),
    Row(
      [
        (.up, .arrow(down: -1)), (.down, .arrow(down: 1)), (.left, .move(-1)), (.right, .move(1)),
        (.character("k"), .arrow(down: -1)), (.character("j"), .arrow(down: 1)),
        (.character("h"), .move(-1)), (.character("l"), .move(1)),
      ], "arrows hjkl", "neuron or layer, time"),
    Row(
      [(.character("J"), .moveLayer(1)), (.character("K"), .moveLayer(-1))], "J K",
      "next / previous layer"),
    Row(
      [(.character("a"), .moveActivity(1)), (.character("A"), .moveActivity(-1))], "a A",
      "next less / more active neuron"),
    Row([(.character("m"), .switchView)], "m", "another view: channel as staff / map, one / mean"),
    Row([(.character("c"), .nextChannelOrder)], "c", "score: strongest channels first / in order"),
    Row(
      [(.character("g"), .setFiringScale)], "g", "loss scale that fires the silent layer, and back"),
    Row([(.character("d"), .nextMapView)], "d", "update screen: weights before / after / change"),
    Row(
      [(.enter, .choose), (.delete, .remove)], "Enter Del",
      "open or go to what is selected / remove"),
    Row([(.character("y"), .nextSweepColumn)], "y", "sweep: another column"),
    Row([(.pageUp, .scroll(pages: -1)), (.pageDown, .scroll(pages: 1))], "PgUp PgDn", "scroll"),
    Row([(.character("b"), .nextBasis)], "b", "reset screen: same threshold / same V"),
    Row([(.character("/"), .prompt(.goTo))], "/", "go to a neuron or layer"),
    Row([(.character(":"), .prompt(.command))], ":", "command line"),
    Row([(.character("p"), .presets)], "p", "choose a preset"),
    Row([(.character("e"), .command(.export))], "e", "export what is shown"),
    Row([], "y n", "answer a question: yes / no"),
    Row([(.character("?"), .command(.help)), (.function(1), .command(.help))], "?", "this help"),
    Row([(.escape, .back)], "Esc", "back"),
    Row([(.character("q"), .command(.quit))], "q", "quit"),
    Row([], "Ctrl-C", "close what is open, or quit"),
    Row([], "click", "select; screen, help, play / pause"),
    Row([], "drag", "along the timeline, or the bar of the run"),
    Row([], "wheel", "zoom, next layer, scroll a list"),
  ]

  private static let actions: [Key: Action] = rows.flatMap(\.keys).reduce(into: [:]) {
    table, binding in
    guard table.updateValue(binding.1, forKey: binding.0) == nil else {
      preconditionFailure("the key \(binding.0) is bound twice")
    }
  }

  private static let answers: [Key: Question.Answer] = [
    .character("y"): .yes, .character("Y"): .fork, .character("n"): .no, .character("N"): .no,
    .escape: .no, .control("g"): .no,
  ]

  /// What a key answers while a question stands; nil where it is no answer.
  static func answer(_ key: Key) -> Question.Answer? { answers[key] }

  /// What a key does; nil for a key without meaning.
  static func action(_ key: Key) -> Action? { actions[key] }
}
