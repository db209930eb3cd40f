/// What a key, a click or the wheel comes to.
struct Action: Sendable {
  /// Does it to the model; returns what shall be done outside.
  fileprivate let effect: @Sendable (inout Model) -> [Effect]

  init(_ effect: @escaping @Sendable (inout Model) -> [Effect]) { self.effect = effect }

  /// What a line of the command line does. An error is said in a note.
  static func command(_ command: Command, _ arguments: String = "") -> Action {
    Action { model in
      do throws(CommandError) {
        return try command.run(&model, with: arguments)
      } catch {
        model.note = Note(text: error.text, isError: true)
        return []
      }
    }
  }
}

extension Model {
  /// Carries out what a key, a click or the wheel comes to.
  mutating func perform(_ action: Action) -> [Effect] { action.effect(&self) }

  /// The same, one after the other.
  mutating func perform(_ actions: [Action]) -> [Effect] {
    var effects: [Effect] = []
    for action in actions { effects += perform(action) }
    return effects
  }
}
