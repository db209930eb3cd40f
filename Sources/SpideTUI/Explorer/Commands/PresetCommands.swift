extension Command {
  /// Another preset.
  static let preset = Command(
    "preset", "NAME|FILE", .namesOrPath(.presets) { $0.presets.map(\.argument) }
  ) { model, arguments throws(CommandError) in
    [.open(name: model.path(try arguments.required()), overrides: [])]
  }

  /// Another value of one preset key.
  static let set = Command("set", "KEY=VALUE", .settings) { model, arguments throws(CommandError) in
    guard arguments.text.contains("=") else { throw arguments.misuse }
    return try model.set(String(arguments.text))
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
