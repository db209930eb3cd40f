import SpideEngine
import SpideExperiment

extension ArgumentCompletion {
  /// What a condition goes on with.
  static let condition = ArgumentCompletion.phrases { model, words in
    let layers = model.plan.layers.indices.map { "L\($0)" }
    switch words.last {
    case nil: return layers + ConditionParser.beginnings
    case "F", "B": return layers + ConditionParser.beginnings.prefix(5)
    case "|u|", "u", "rate", "spikes", "silent": return layers
    case "test": return ["accuracy", "loss"]
    case "apart": return model.otherRuns.keys.sorted()
    case "cosine": return model.plan.parameters.map(\.name)
    default: return []
    }
  }
}

extension Command {
  /// Stops where a condition holds, now and later; without one, tells those that are set.
  static let breakpoint = Command(
    "break", "[CONDITION]", .condition
  ) { model, arguments throws(CommandError) in
    guard !arguments.text.isEmpty else { return try Command.breakpoints.run(&model, with: "") }
    return model.setBreakpoint(try model.condition(arguments))
  }

  /// Goes on until a condition holds, once.
  static let until = Command(
    "until", "CONDITION", .condition
  ) { model, arguments throws(CommandError) in
    _ = try arguments.required()
    return try model.goOn(until: model.condition(arguments))
  }

  /// The breakpoints that are set, with how often each has stopped something.
  static let breakpoints = Command("breaks") { model in
    model.note = Note(text: model.breakpointsText, mustBeRead: true)
    return []
  }

  /// Takes breakpoints away.
  static let unbreak = Command(
    "unbreak", "NUMBER | all",
    .phrases { model, words in
      words.isEmpty ? model.breakpoints.list.map { String($0.number) } + ["all"] : []
    }
  ) { model, arguments throws(CommandError) in
    let word = try arguments.onlyWord()
    if word == "all" { return model.removeAllBreakpoints() }
    guard let breakpoint = Int(word).flatMap({ model.breakpoints[$0] }) else {
      throw CommandError("no breakpoint \(echo(word)); :breaks tells them")
    }
    return model.removeBreakpoint(breakpoint)
  }
}

extension Action {
  /// Sets or takes away a breakpoint for the spikes of the selected neuron.
  static let toggleBreakpoint = Action { model in
    model.toggleBreakpoint()
    return []
  }

  /// What Enter does in the focused panel.
  static let choose = Action { model in
    guard let action = model.focusedPanel?.choose(model) else { return [] }
    return model.perform(action)
  }

  /// What Del does in the focused panel.
  static let remove = Action { model in
    guard let action = model.focusedPanel?.remove(model) else { return [] }
    return model.perform(action)
  }
}
