extension Model {
  /// Why the last command failed, where that is still to be read; nil where it did not.
  var failure: String? {
    if case .prompt(let prompt) = overlay { return prompt.error }
    guard let note, note.isError else { return nil }
    return note.text
  }

  /// What keeps a played session from typing a command; nil where the command line stands open and empty.
  var obstacleToCommand: String? {
    switch overlay {
    case .prompt(let prompt) where prompt.kind == .command && prompt.scalars.isEmpty: nil
    case .question(let question): "the question “\(question.title)” has no answer yet"
    case .none, .help, .presets, .prompt: "something else is open that takes the keys"
    }
  }

  /// Whether what was done before has come to rest, so that a played session may go on.
  package var isSettled: Bool {
    guard waiting == nil, runs.pending == nil, training.travel == nil, !isComputing else {
      return false
    }
    switch training.state {
    case .pausing, .updating: return false
    case .running: return training.batchesAsked == nil
    case .idle, .paused, .diverged: return true
    }
  }
}
