import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// An explorer without a terminal: keys in, pictures and effects out. Training orders are carried out on the spot.
struct Driver {
  var model: Model
  private(set) var effects: [Effect] = []
  private var trainer: Trainer?
  private var curves = TrainingCurves()
  /// Counts the trainings that were discarded.
  private var run = 0

  /// Whether comparisons are carried out at once; if not, the last one asked for is kept.
  var answersComparisons = true
  private(set) var lastComparison: ComparisonOrder?
  /// The same for the test of loaded weights.
  var answersEvaluations = true
  private(set) var lastEvaluation: EvaluationOrder?

  init(
    _ preset: String = "digits", overrides: [String] = [], width: Int = 120, height: Int = 36,
    glyphs: Glyphs = .braille, screens: [PlacedScreen] = Driver.screens
  ) throws {
    model = Model(
      try Driver.setup(preset, overrides), screens: screens, width: width, height: height,
      glyphs: glyphs)
  }

  /// The built-in screens.
  static var screens: [PlacedScreen] {
    ScreenLibrary(userDirectory: nil, panels: PanelRegistry.ids).arranged()
  }

  private static func setup(_ name: String, _ overrides: [String] = []) throws -> Model.Setup {
    let preset = try preset(name, overrides: overrides)
    return Model.Setup(preset: preset, data: try data(preset), seed: 1)
  }

  static func preset(_ name: String, overrides: [String] = []) throws -> Preset {
    try PresetLibrary(userDirectory: nil).find(name, overrides: overrides)
  }

  static func data(_ preset: Preset) throws -> DataSplit {
    try preset.loadData(from: nil, environment: [:])
  }

  /// An explorer of made-up samples.
  init(
    _ preset: Preset, data: DataSplit, weights: LoadedWeights? = nil, width: Int = 120,
    height: Int = 36
  ) {
    model = Model(
      Model.Setup(preset: preset, data: data, weights: weights, seed: 1),
      screens: Driver.screens, width: width, height: height)
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

  mutating func send(_ message: Message) {
    for effect in model.update(message) {
      if case .simulate(let order) = effect {
        send(.simulated(order.carryOut()))
        continue
      }
      effects.append(effect)
      switch effect {
      case .training(.oneBatch(let start)): train(start, batches: 1)
      case .training(.discard):
        trainer = nil
        run += 1
        curves = TrainingCurves()
      case .compare(let order) where answersComparisons: send(.compared(order.carryOut()))
      case .compare(let order): lastComparison = order
      case .evaluate(let order):
        lastEvaluation = order
        if answersEvaluations, let answer = order.carryOut(threads: 1) { send(.evaluated(answer)) }
      default: break
      }
    }
  }

  /// Presses `t`, trains so many batches and stands at their end.
  mutating func train(batches: Int) throws {
    type("t")
    guard case .training(.run(let start))? = effects.last else {
      throw Failure("t started nothing: \(effects)")
    }
    train(start, batches: batches)
  }

  /// Carries out the last effect, which touches files, as the program would.
  mutating func carryOutLast() throws {
    guard let effect = effects.last,
      let answer = Outside(dataDirectory: nil).carryOut(effect, seed: 1)
    else { throw Failure("nothing to carry out: \(effects)") }
    send(answer)
  }

  /// The code that the program would end with by now; nil while it goes on.
  var exitCode: Int32? {
    for case .quit(let code) in effects { return code }
    return nil
  }

  /// Trains as the training thread would, and reports once: at the end, or from amid a training that goes on.
  mutating func train(_ start: TrainingStart, batches: Int, goesOn: Bool = false) {
    let trainer = trainer ?? start.trainer(threads: 1)
    self.trainer = trainer
    curves.add(
      changeFrom: trainer.dynamics, to: start.dynamics, afterBatch: trainer.batchesDone)
    trainer.use(start.dynamics, trainSet: start.data.train, testSet: start.data.test)
    var confusion: [[Int]]?
    for _ in 0..<batches {
      curves.add(trainer.trainBatch())
      guard trainer.epochIsComplete else { continue }
      let (epoch, test) = trainer.finishEpoch()
      curves.add(epoch)
      confusion = test?.confusion
    }
    // Times are made up, so that pictures do not depend on the machine.
    send(
      .training(
        TrainingReport(
          run: run, parameters: trainer.parameters, curves: curves, confusion: confusion,
          nextBatch: trainer.nextBatch, epochsDone: trainer.epochsDone,
          samplesDone: trainer.samplesDone, learningRate: trainer.learningRate,
          samplesPerSecond: 10_000, seconds: 12, isRunning: goesOn)))
  }

  var screen: Canvas { model.view().canvas }
  var text: String { screen.text }
}
