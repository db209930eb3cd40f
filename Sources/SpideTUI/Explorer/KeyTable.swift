import SpideEngine

/// What a key can do.
enum Action: Hashable, Sendable {
  case playOrPause
  case step(Int)
  case stage(Int)
  case finish
  case restart
  case faster(Int)
  case nextReset(Stage)
  case adjust(Int)
  case nextAdjustable
  case sample(Int)
  case train
  case inspect
  case screen(Int)
  case nextPanel(Int)
  case zoomPanel
  case zoomRaster(Int)
  case move(x: Int, y: Int)
  case scroll(pages: Int)
  case basis
  case commandLine
  case goTo
  case presets
  case export
  case help
  case back
  case quit

  enum Stage: Sendable {
    case forward
    case backward
  }
}

/// The keys of the explorer: dispatch and help read the same table.
enum KeyTable {
  struct Row: Sendable {
    let keys: [(Key, Action)]
    let label: String
    let help: String
  }

  static let rows: [Row] = [
    Row([(.character(" "), .playOrPause)], "space", "play / pause"),
    Row([(.character("s"), .step(1)), (.character("S"), .step(-1))], "s S", "one step on / back"),
    Row(
      [(.character("n"), .stage(1)), (.character("N"), .stage(-1))], "n N",
      "to the next / previous stage"),
    Row(
      [(.character("f"), .finish), (.character("F"), .restart)], "f F", "finish / restart sample"),
    Row([(.character("["), .faster(-1)), (.character("]"), .faster(1))], "[ ]", "slower / faster"),
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
      [(.character(">"), .sample(1)), (.character("<"), .sample(-1))], "> <",
      "next / previous sample"),
    Row([(.character("t"), .train)], "t", "start / pause training"),
    Row([(.character("i"), .inspect)], "i", "back to inspecting test samples"),
    Row(
      (1...9).map { (.character(Character(String($0))), .screen($0)) }, "1-9", "screen"),
    Row([(.tab, .nextPanel(1)), (.backTab, .nextPanel(-1))], "Tab", "next panel"),
    Row([(.character("z"), .zoomPanel)], "z", "zoom the panel"),
    Row(
      [(.character("w"), .zoomRaster(1)), (.character("W"), .zoomRaster(-1))], "w W",
      "raster: closer / wider"),
    Row(
      [
        (.up, .move(x: 0, y: -1)), (.down, .move(x: 0, y: 1)), (.left, .move(x: -1, y: 0)),
        (.right, .move(x: 1, y: 0)), (.character("k"), .move(x: 0, y: -1)),
        (.character("j"), .move(x: 0, y: 1)), (.character("h"), .move(x: -1, y: 0)),
        (.character("l"), .move(x: 1, y: 0)),
      ], "arrows hjkl", "neuron or layer, time"),
    Row([(.pageUp, .scroll(pages: -1)), (.pageDown, .scroll(pages: 1))], "PgUp PgDn", "scroll"),
    Row([(.character("b"), .basis)], "b", "reset screen: same threshold / same V"),
    Row([(.character("/"), .goTo)], "/", "go to a neuron or layer"),
    Row([(.character(":"), .commandLine)], ":", "command line"),
    Row([(.character("p"), .presets)], "p", "choose a preset"),
    Row([(.character("e"), .export)], "e", "export what is shown"),
    Row([], "y n", "answer a question: yes / no"),
    Row([(.character("?"), .help), (.function(1), .help)], "?", "this help"),
    Row([(.escape, .back)], "Esc", "back"),
    Row([(.character("q"), .quit)], "q", "quit"),
    Row([], "Ctrl-C", "close what is open, or quit"),
    Row([], "click", "select; screen, help, play / pause"),
    Row([], "drag", "along the timeline"),
    Row([], "wheel", "zoom, next layer, scroll a list"),
  ]

  private static let actions = Dictionary(
    rows.flatMap(\.keys),
    uniquingKeysWith: { first, second in
      preconditionFailure("a key has two actions: \(first) and \(second)")
    })

  private static let answers: [Key: Bool] = [
    .character("y"): true, .character("Y"): true, .character("n"): false, .character("N"): false,
    .escape: false, .control("g"): false,
  ]

  /// What a key answers while a question stands; nil where it is no answer.
  static func answer(_ key: Key) -> Bool? { answers[key] }

  /// What a key does; nil for a key without meaning.
  static func action(_ key: Key) -> Action? { actions[key] }
}

extension KeyTable.Row {
  init(_ keys: [(Key, Action)], _ label: String, _ help: String) {
    self.keys = keys
    self.label = label
    self.help = help
  }
}
