extension Command {
  /// Another preset.
  static let preset = Command(
    "preset", "NAME|FILE", .namesOrPath(.presets) { $0.presets.map(\.argument) }
  ) { model, arguments throws(CommandError) in
    [.open(name: model.path(try arguments.required()), overrides: [])]
  }

  /// Another value of one preset key.
  static let set = Command("set", "KEY=VALUE", .settings) { model, arguments throws(CommandError) in
    guard let equals = arguments.text.firstIndex(of: "=") else { throw arguments.misuse }
    let before = model
    do throws(CommandError) {
      // A short name of both stages stands for two keys.
      let assignments = try ConstantName.assignments(in: arguments.text, equals: equals)
      let effects = try assignments.map { assignment throws(CommandError) in
        try model.set(assignment)
      }
      if assignments.count > 1 { model.note = Note(text: String(arguments.text)) }
      return effects.flatMap { $0 }
    } catch {
      model = before
      throw error
    }
  }

  /// Where data sets are looked for first.
  static let data = Command(
    "data", "[FOLDER]", .path(.folders)
  ) { model, arguments throws(CommandError) in
    guard arguments.text.isEmpty else { return [.useData(folder: model.path(arguments.text))] }
    model.note = Note(text: model.dataWords, mustBeRead: true)
    return []
  }
}
