extension Command {
  /// Shows what a sweep has found; without a file, reads the same again.
  static let sweep = Command(
    "sweep", "[FILE.csv]", .path(.sweeps)
  ) { model, arguments throws(CommandError) in
    if !arguments.text.isEmpty { return [.readSweep(path: model.path(arguments.text))] }
    guard let path = model.sweep?.path else { throw arguments.misuse }
    return [.readSweep(path: path)]
  }
}

extension Model {
  /// Whether the screen is about a sweep.
  fileprivate var showsSweep: Bool {
    panels.contains { $0 is SweepPlotPanel || $0 is SweepTablePanel }
  }
}

extension Action {
  /// Looks at the sweep in another way.
  static func sweep(_ change: @escaping @Sendable (inout SweepView) -> Void) -> Action {
    Action { model in
      guard var view = model.sweep else {
        model.note = Note(text: "no sweep is open; :sweep FILE.csv opens one")
        return []
      }
      change(&view)
      model.sweep = view
      return []
    }
  }

  /// Another key along the plot.
  static let nextSweepAxis = Action.sweep { $0.nextAxis() }
  /// Another column upward.
  static let nextSweepColumn = Action.sweep { $0.nextColumn() }
  /// A curve for each combination of the other keys, or all of them together.
  static let toggleSweepAverage = Action.sweep { $0.toggleAverage() }

  /// Another horizontal axis, of the plots on screen.
  static let nextAxisShown = Action { model in
    model.perform(model.showsSweep ? .nextSweepAxis : .nextAxis)
  }

  /// What lies over each other, on screen: a run on top, or the curves of a sweep as one.
  static let togglePinShown = Action { model in
    model.perform(model.showsSweep ? .toggleSweepAverage : .togglePin)
  }
}
