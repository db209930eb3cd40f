extension Model {
  /// A path as typed, with `~` for the home directory.
  func path(_ typed: some StringProtocol) -> String {
    guard let home, typed == "~" || typed.hasPrefix("~/") else { return String(typed) }
    return home + typed.dropFirst()
  }

  /// Where data sets are looked for first.
  var dataWords: String {
    dataFolder.map { "data sets are looked for in \($0) first" }
      ?? "no folder of data sets was chosen; :data FOLDER chooses one"
  }

  /// Which folder of data sets counts from now on, or why it stays the one before.
  mutating func take(_ folder: Result<String, Failure>) -> [Effect] {
    switch folder {
    case .success(let folder):
      dataFolder = folder
      note = Note(text: "\(dataWords), from the next preset opened on", mustBeRead: true)
      return [.listPresets(files: presetFiles)]
    case .failure(let failure):
      note = Note(text: failure.line, isError: true)
      return []
    }
  }
}
