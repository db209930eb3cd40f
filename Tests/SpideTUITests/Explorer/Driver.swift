import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// A ``HeadlessExplorer`` that shows what it is asked to do. Files are touched, and a training is trained, only where a test
/// says so.
struct Driver {
  private var explorer: HeadlessExplorer
  private(set) var effects: [Effect] = []

  /// Whether comparisons are carried out at once; if not, the last one asked for is kept.
  var answersComparisons = true
  private(set) var lastComparison: ComparisonOrder?
  /// The same for inspections.
  var answersInspections = true
  private(set) var lastInspection: InspectionOrder?
  /// The same for the test of loaded weights.
  var answersEvaluations = true
  private(set) var lastEvaluation: EvaluationOrder?
  /// The same for a search among samples.
  var carriesOutSearches = true
  private(set) var lastSearch: SearchOrder?
  /// The same for a training of so many batches.
  var trainsBatches = true

  init(
    _ preset: String = "digits", overrides: [String] = [], width: Int = 120, height: Int = 36,
    glyphs: Glyphs = .braille, screens: [PlacedScreen] = Driver.screens
  ) throws {
    explorer = HeadlessExplorer(
      Model(
        try Driver.setup(preset, overrides), screens: screens, width: width, height: height,
        glyphs: glyphs))
  }

  /// The built-in screens.
  static var screens: [PlacedScreen] { library(userDirectory: nil).arranged() }

  /// Screens made of the panels that there are.
  static func library(userDirectory: String?) -> ScreenLibrary {
    ScreenLibrary(
      userDirectory: userDirectory, panels: PanelRegistry.ids, pinnable: PanelRegistry.pinnable)
  }

  private static func setup(_ name: String, _ overrides: [String] = []) throws -> Model.Setup {
    let preset = try preset(name, overrides: overrides)
    return Model.Setup(preset: preset, data: try data(preset), seed: 1)
  }

  static func preset(_ name: String, overrides: [String] = []) throws -> Preset {
    try PresetLibrary.ofTests.find(name, overrides: overrides)
  }

  static func data(_ preset: Preset) throws -> DataSplit {
    try preset.loadData(from: nil, environment: [:])
  }

  /// An explorer of made-up samples.
  init(
    _ preset: Preset, data: DataSplit, weights: LoadedWeights? = nil, width: Int = 120,
    height: Int = 36
  ) {
    explorer = HeadlessExplorer(
      Model(
        Model.Setup(preset: preset, data: data, weights: weights, seed: 1),
        screens: Driver.screens, width: width, height: height))
  }

  /// Opens another preset, as the effect would.
  mutating func open(_ preset: String) throws {
    send(.opened(.success(try Driver.setup(preset))))
  }

  /// Sends keys: letters stand for themselves, words in `<…>` for named keys.
  mutating func type(_ keys: String) {
    var rest = keys[...]
    while let first = rest.first {
      if first == "<", let end = rest.firstIndex(of: ">"), end > rest.index(after: rest.startIndex)
      {
        let name = rest[rest.index(after: rest.startIndex)..<end]
        if let key = Driver.named[String(name)] {
          send(.input(.key(key)))
          rest = rest[rest.index(after: end)...]
          continue
        }
      }
      send(.input(.key(.character(first))))
      rest = rest.dropFirst()
    }
  }

  private static let named: [String: Key] = [
    "enter": .enter, "esc": .escape, "tab": .tab, "backtab": .backTab, "up": .up, "down": .down,
    "left": .left, "right": .right, "pageup": .pageUp, "pagedown": .pageDown,
    "backspace": .backspace,
  ]

  var model: Model { explorer.model }

  /// The effects since the last time.
  mutating func takeEffects() -> [Effect] {
    defer { effects = [] }
    return effects
  }

  mutating func send(_ message: Message) {
    for effect in explorer.update(message) {
      if case .simulate = effect {} else { effects.append(effect) }
      switch effect {
      case .compare(let order) where !answersComparisons: lastComparison = order
      case .inspect(let order) where !answersInspections: lastInspection = order
      case .evaluate(let order):
        lastEvaluation = order
        if answersEvaluations { carryOut(effect) }
      case .search(let order):
        lastSearch = order
        if carriesOutSearches { carryOut(effect) }
      case .open, .openText, .openRun, .listPresets, .listFolder, .useData, .write, .load,
        .readSweep, .follow:
        break
      case .training(.run), .training(.use), .training(.pause): break
      case .training(.batches) where !trainsBatches: break
      case .quit, .training, .simulate, .compare, .stopComparing, .stopSearching, .stopEvaluating,
        .inspect, .stopInspecting, .account, .stopAccounting:
        carryOut(effect)
      }
    }
  }

  private mutating func carryOut(_ effect: Effect) {
    if let answer = explorer.answer(to: effect) { send(answer) }
  }

  /// The last effect but for what panels have worked out or leave alone by themselves.
  var lastEffect: Effect? {
    effects.last { effect in
      switch effect {
      case .compare, .inspect, .account, .stopAccounting: false
      default: true
      }
    }
  }
  /// The orders to a training so far.
  var trainingOrders: Int {
    effects.count { if case .training = $0 { true } else { false } }
  }

  /// Presses `t`, trains so many batches and stands at their end.
  mutating func train(batches: Int) throws {
    type("t")
    guard case .training(.run(let start))? = lastEffect else {
      throw Failure("t started nothing: \(effects)")
    }
    train(start, batches: batches)
  }

  /// Carries out the last effect, which touches files, as the program would.
  mutating func carryOutLast() throws {
    guard let effect = lastEffect else { throw Failure("nothing to carry out") }
    carryOut(effect)
  }

  /// The code that the program would end with by now; nil while it goes on.
  var exitCode: Int32? { explorer.exitCode }

  /// Trains as the training thread would, and reports once: at the end, or from amid a training that goes on.
  mutating func train(_ start: TrainingStart, batches: Int, goesOn: Bool = false) {
    send(.training(explorer.train(start, batches: batches, isRunning: goesOn)))
  }

  var screen: Canvas { model.view().canvas }
  var text: String { screen.text }
}
