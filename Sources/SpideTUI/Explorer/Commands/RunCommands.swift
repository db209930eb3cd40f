import SpideExperiment

/// What `:run` does besides going to a run.
enum RunVerb: String, CaseIterable {
  case close, open, pin, save
}

extension Command {
  /// Another run, at the update that is shown.
  static let fork = Command(
    "fork", "[NAME] [KEY=VALUE …]",
    .assignments { _ in ConstantName.all.map { $0.name + "=" } }
  ) { model, arguments throws(CommandError) in
    try model.fork(ForkSettings(arguments))
  }

  /// Goes to a run, or opens, saves, closes or pins one.
  static let run = Command(
    "run", "NAME|NUMBER | save [FOLDER] | open FOLDER | close [NAME] | pin [NAME]",
    .verbs(["save": .folders, "open": .folders]) { model, words in
      let names = model.runs.list.map(\.name)
      switch words.first {
      case nil: return names + RunVerb.allCases.map(\.rawValue)
      case "close", "pin": return words.count == 1 ? names : []
      default: return []
      }
    }
  ) { model, arguments throws(CommandError) in
    let text = try arguments.required()
    let first = text.prefix { $0 != " " }
    let rest = text.dropFirst(first.count).trimmingSpaces
    switch RunVerb(rawValue: String(first)) {
    case nil:
      guard rest.isEmpty else { throw arguments.misuse }
      return model.change(.enter(try model.run(named: text).id))
    case .save: return try model.saveRun(to: rest)
    case .open:
      guard !rest.isEmpty else { throw arguments.misuse }
      return [.openRun(path: model.path(rest))]
    case .close:
      let run = rest.isEmpty ? model.runs.currentRun : try model.run(named: rest)
      guard let run else { throw arguments.misuse }
      return try model.closeRun(run.id)
    case .pin:
      let run = rest.isEmpty ? model.runs.currentRun : try model.run(named: rest)
      guard let run else { throw arguments.misuse }
      model.pin(run.id)
      return []
    }
  }

  /// The screen of runs.
  static let runs = Command("runs") { model in
    if !model.bring(RunsPanel()) {
      model.note = Note(
        text: model.runs.list.map { model.summary(of: $0.id) }.joined(separator: "\n"),
        mustBeRead: true)
    }
    return []
  }

  /// A run with other random numbers: other weights at its start, another order of samples.
  static let seed = Command("seed", "NUMBER") { model, arguments throws(CommandError) in
    let word = try arguments.onlyWord()
    guard let seed = UInt64(word) else {
      throw CommandError("no seed \(echo(word)); expected a whole number from 0 on")
    }
    return [
      .openText(
        model.preset,
        Model.RunRequest(
          difference: "seed \(seed)", dynamics: model.dynamics,
          note: "seed \(seed): this run begins anew, with other weights", seed: seed))
    ]
  }

  /// How the curves of training are drawn.
  static let curves = Command(
    "curves", "[epochs|updates|seconds] [linear|log] [accuracy|error] [train|test] [at PLACE|end]",
    .phrases { _, words in
      words.last == "at" ? ["end"] : CurveWord.allCases.map(\.rawValue) + ["at"]
    }
  ) { model, arguments throws(CommandError) in
    guard !arguments.words.isEmpty else { throw arguments.misuse }
    var plot = model.runs.plot
    var words = arguments.words[...]
    while let word = words.popFirst() {
      if word == "at" {
        guard let place = words.popFirst() else { throw arguments.misuse }
        let number = Double(place).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
        guard number != nil || place == "end" else {
          throw CommandError("no place \(echo(place)); expected a number of the axis, or end")
        }
        plot.reader = number
        continue
      }
      guard let known = CurveWord(rawValue: String(word)) else { throw arguments.misuse }
      known.apply(to: &plot)
    }
    model.runs.plot = plot
    model.note = Note(text: model.curvesText)
    return []
  }
}

/// The words of `:curves`.
private enum CurveWord: String, CaseIterable {
  case epochs, updates, seconds, linear, log, accuracy, error, train, test

  func apply(to plot: inout RunPlot) {
    switch self {
    case .epochs: plot.use(.epochs)
    case .updates: plot.use(.updates)
    case .seconds: plot.use(.seconds)
    case .linear: plot.isLogarithmic = false
    case .log: plot.isLogarithmic = true
    case .accuracy: plot.showsError = false
    case .error: plot.showsError = true
    case .train: plot.showsTest = false
    case .test: plot.showsTest = true
    }
  }
}

extension RunPlot {
  /// Another horizontal axis. A place on the one before means nothing on it.
  mutating func use(_ axis: Axis) {
    if axis != self.axis { reader = nil }
    self.axis = axis
  }
}

extension Action {
  /// Lays the curves of the run in the list over the others, or not.
  static let toggleOverlay = Action { model in
    guard let run = model.runs.selectedRun else { return [] }
    model.runs[run.id]?.isOverlaid.toggle()
    model.note = Note(
      text: run.isOverlaid
        ? "the curves of \(run.name) are left out"
          + (run.id == model.runs.current ? " elsewhere" : "")
        : "the curves of \(run.name) lie over the others")
    return []
  }

  /// Pins the run in the list on top, or not.
  static let togglePin = Action { model in
    guard let run = model.runs.selectedRun else { return [] }
    model.pin(run.id)
    return []
  }

  /// Draws the curves in another way, and says how.
  private static func curves(_ change: @escaping @Sendable (inout RunPlot) -> Void) -> Action {
    Action { model in
      change(&model.runs.plot)
      model.note = Note(text: model.curvesText)
      return []
    }
  }

  /// The next horizontal axis of the plots.
  static let nextAxis = Action.curves { $0.use($0.nextAxis) }

  /// A linear or logarithmic axis of losses and accuracies.
  static let toggleLogarithmic = Action.curves { $0.isLogarithmic.toggle() }

  /// Accuracies, or what is missing from 1.
  static let toggleError = Action.curves { $0.showsError.toggle() }

  /// Reads the curves further along, or back.
  static func moveReader(_ steps: Int) -> Action {
    Action { model in
      model.moveReader(by: steps)
      return []
    }
  }

  /// Reads the curves at a place that was pointed at.
  static func read(at place: Double) -> Action {
    Action { model in
      model.readCurves(at: place)
      return []
    }
  }

  /// Runs are compared by their tests, or by what they are trained on.
  static let toggleTest = Action.curves { $0.showsTest.toggle() }
}

extension Model {
  /// How curves are drawn, in words.
  var curvesText: String {
    let plot = runs.plot
    return "curves over \(plot.axis.rawValue), \(plot.isLogarithmic ? "log" : "linear"), "
      + (plot.showsError ? "error" : "accuracy")
      + (comparesRuns ? ", of \(plot.showsTest ? "tests" : "training")" : "")
      + (plot.reader.map { ", read at \(plot.axis.text($0))" } ?? "")
  }

  /// The run of a name or, where none has it, of a number of the list.
  func run(named name: some StringProtocol) throws(CommandError) -> Run {
    let numbered = Int(name).flatMap { number in runs.list.first { $0.number == number } }
    guard let run = runs.named(name) ?? numbered else {
      throw CommandError(
        "no run \(echo(name)); there are " + runs.list.map(\.name).joined(separator: ", "))
    }
    return run
  }

  /// Pins a run on top of the others' curves; where it is there already, no run is.
  mutating func pin(_ id: Int) {
    guard let run = runs[id] else { return }
    runs.pinned = runs.pinned == id ? nil : id
    note = Note(
      text: runs.pinned == nil
        ? "the current run's curves lie on top" : "the curves of \(run.name) lie on top")
  }

  /// Writes the current run to a folder that `train --resume` takes.
  func saveRun(to folder: Substring) throws(CommandError) -> [Effect] {
    guard let checkpoint else {
      throw CommandError("nothing is trained yet: t trains, :save FILE keeps weights alone")
    }
    let own = runs.currentRun?.folder
    guard let path = folder.isEmpty ? own : path(folder) else {
      throw CommandError("this run has no folder yet; expected run save FOLDER")
    }
    return [
      .write(
        .run(
          checkpoint, plan: plan, path: path, run: training.run, batches: training.batchesShown,
          isOwn: path == own), overwrites: false)
    ]
  }

  /// Closes a run, after a question where something of it is not saved.
  mutating func closeRun(_ id: Int) throws(CommandError) -> [Effect] {
    guard runs.list.count > 1 else { throw CommandError("it is the only run; q quits") }
    return attempt(.close(id))
  }
}
