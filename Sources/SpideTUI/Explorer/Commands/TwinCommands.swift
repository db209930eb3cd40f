import SpideEngine

extension Command {
  /// Puts a second run of the sample beside it, with other constants, or ends that.
  static let twin = Command(
    "twin", "CONSTANT=VALUE … [same-V] | off",
    .phrases { model, words in
      let given = Set(words.map { $0.prefix { $0 != "=" } })
      let resets = given.contains("reset") ? [] : ["reset=zero", "reset=minus-threshold"]
      let others = TwinSetting.names.map(\.name).filter {
        $0 != "reset" && !given.contains($0[...])
      }
      let bases = given.contains { $0.hasSuffix("reset") } ? TwinSetting.bases.map(\.word) : []
      let off = words.isEmpty && model.twins.setting != nil ? ["off"] : []
      return resets + others.map { $0 + "=" } + bases + off
    }
  ) { model, arguments throws(CommandError) in
    guard let first = arguments.words.first, arguments.words != ["off"] else {
      guard model.twins.setting != nil else {
        throw arguments.words.isEmpty
          ? arguments.misuse : CommandError("no twin runs; :twin reset=zero begins one")
      }
      model.endTwin()
      model.note = Note(text: "no twin any more")
      return []
    }
    guard first != "off" else { throw arguments.misuse }
    try model.beginTwin(TwinSetting(arguments.words, of: model.preset))
    return []
  }
}

extension Action {
  /// To a moment at which the twins spike differently.
  static func difference(_ sought: Model.DifferenceSought) -> Action {
    Action { model in
      model.seek(sought)
      return []
    }
  }
}
