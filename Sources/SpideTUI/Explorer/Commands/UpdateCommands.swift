import SpideEngine
import SpideExperiment

extension Command {
  /// Looks into a weight or bias, which is named by its parameter and its place in it.
  static let synapse = Command(
    "synapse", "PARAMETER INDEX …",
    .phrases { model, words in
      guard let name = words.first else { return model.plan.parameters.map(\.name) }
      guard let number = model.plan.parameters.firstIndex(where: { $0.name == name }) else {
        return []
      }
      // Those that moved most are the ones to look into.
      let specification = model.plan.parameters[number]
      let places = (model.updateAccount?.parameters[number].largest ?? []).map {
        specification.indices(of: $0.weight.index).map(String.init)
      }
      let typed = words.dropFirst().map(String.init)
      let fitting = places.filter {
        $0.count > typed.count && Array($0.prefix(typed.count)) == typed
      }
      var seen = Set<String>()
      return fitting.map { $0[typed.count] }.filter { seen.insert($0).inserted }
    }
  ) { model, arguments throws(CommandError) in
    guard let name = arguments.words.first else { throw arguments.misuse }
    let number = try model.parameter(named: name)
    let specification = model.plan.parameters[number]
    let places = arguments.words.dropFirst().map { Int($0) }
    guard let index = specification.index(at: places.compactMap { $0 }), !places.contains(nil)
    else {
      let ranges = specification.shape.map { "0 … \($0 - 1)" }.joined(separator: ", ")
      throw CommandError(
        places.isEmpty
          ? "which of them? \(specification.name) takes \(ranges)"
          : "no such weight; \(specification.name) takes \(ranges)")
    }
    model.look(into: WeightIndex(parameter: number, index: index))
    return []
  }

  /// Goes to the sample that pushed the synapse most, or to one by its rank.
  static let cause = Command("cause", "[RANK]") { model, arguments throws(CommandError) in
    let rank = try arguments.number(in: 1...1_000_000, missing: model.selectedPush + 1)
    return try model.visitPush(rank - 1)
  }

  /// Weights before an update, after it, or what it added.
  static let map = Command(
    "map", WeightMap.View.allCases.map(\.rawValue).joined(separator: "|"),
    .words { _, place in place == 1 ? WeightMap.View.allCases.map(\.rawValue) : [] }
  ) { model, arguments throws(CommandError) in
    guard let view = WeightMap.View(rawValue: String(try arguments.onlyWord())) else {
      throw arguments.misuse
    }
    model.updates.view = view
    return []
  }

  /// Whose weights are listed that moved most: those of all parameters, or of one.
  static let movers = Command(
    "movers", "all | PARAMETER",
    .words { model, place in place == 1 ? ["all"] + model.plan.parameters.map(\.name) : [] }
  ) { model, arguments throws(CommandError) in
    let word = try arguments.onlyWord()
    if word != "all" { model.selectedParameter = try model.parameter(named: word) }
    model.list(moversOfParameter: word != "all")
    return []
  }
}

extension Action {
  /// Weights before, after, and what an update added, in turn.
  static let nextMapView = Action { model in
    let all = WeightMap.View.allCases
    let next = (all.firstIndex(of: model.updates.view) ?? 0) + 1
    model.updates.view = all[next % all.count]
    if !model.panels.contains(where: { $0 is UpdateMapPanel }) {
      model.note = Note(
        text: "the map of an update's weights now shows: \(model.updates.view.rawValue)")
    }
    return []
  }

  /// The weights that moved most of all parameters, or of the selected one.
  static let toggleMovers = Action { model in
    model.list(moversOfParameter: !model.updates.isOfParameter)
    return []
  }

  /// Selects one of the weights that moved most.
  static func selectMover(_ row: Int) -> Action {
    Action { model in
      model.updates.selectedMover = min(max(0, row), max(0, model.movers.count - 1))
      return []
    }
  }

  /// Looks into the one that is selected.
  static let openMover = Action { model in
    let movers = model.movers
    guard movers.indices.contains(model.updates.selectedMover) else { return [] }
    model.look(into: movers[model.updates.selectedMover].weight)
    return []
  }

  /// Selects a sample by its rank among those that pushed the weight.
  static func selectPush(_ rank: Int) -> Action {
    Action { model in
      let last = max(0, (model.weightAccount?.pushes.count ?? 0) - 1)
      model.updates.selectedPush = min(max(0, rank), last)
      return []
    }
  }

  /// Lists the weights of the selected parameter that moved most.
  static let listMovers = Action { model in
    model.list(moversOfParameter: true)
    model.focus = model.panels.firstIndex { $0 is MovedWeightsPanel } ?? model.focus
    return []
  }
}

extension Model {
  /// The number of the parameter that a word names.
  fileprivate func parameter(named name: some StringProtocol) throws(CommandError) -> Int {
    let names = plan.parameters.map(\.name)
    guard let number = names.firstIndex(of: String(name)) else {
      throw CommandError(
        "no parameter \(echo(name)); there are " + names.joined(separator: ", "))
    }
    return number
  }

  /// Lists the weights that moved most, of the selected parameter or of all; the first is looked into.
  fileprivate mutating func list(moversOfParameter isOfParameter: Bool) {
    updates.isOfParameter = isOfParameter
    (updates.selectedMover, updates.selectedPush) = (0, 0)
    updates.chosen = nil
  }

  /// Looks into a weight, on a screen that shows it.
  mutating func look(into weight: WeightIndex) {
    updates.chosen = weight
    updates.selectedPush = 0
    selectedParameter = weight.parameter
    bring(SynapsePanel())
  }
}
