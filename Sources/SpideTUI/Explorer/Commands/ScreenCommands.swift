extension Command {
  /// Another screen, by its name or key.
  static let screen = Command(
    "screen", "NAME|KEY", .words { model, _ in model.screens.map(\.screen.name) }
  ) { model, arguments throws(CommandError) in
    let word = try arguments.onlyWord()
    let found = model.screens.firstIndex {
      $0.screen.name == word || $0.key.map(String.init) == String(word)
    }
    guard let found else {
      throw CommandError(
        "no screen \(echo(word)); there are "
          + model.screens.map(\.screen.name).joined(separator: ", "))
    }
    model.screenIndex = found
    model.focus = 0
    model.isZoomed = false
    return []
  }

  /// The panel that keys act on, alone or among the others.
  static let zoom = Command("zoom") { model in
    model.isZoomed.toggle()
    return []
  }

  /// All keys.
  static let help = Command("help") { model in
    model.overlay = .help(page: 0)
    return []
  }

  /// Ends the program.
  static let quit = Command("quit") { $0.attempt(.quit(exitCode: 0)) }
}
