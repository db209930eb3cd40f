/// Files that are being read or written on another thread.
///
/// What was typed ahead is meant for what they bring: it waits, in order. Esc gives up reading.
struct Waiting: Sendable {
  /// What is being done, such as `opening mnist-lenet`.
  let words: String
  /// Whether it can be given up: what is being written cannot.
  let canGiveUp: Bool
  /// What was typed, clicked and pasted meanwhile.
  var held: [InputEvent] = []

  /// What an effect has to wait for; nil where it has nothing to do with files that somebody asked for.
  init?(_ effect: Effect) {
    switch effect {
    case .open(let name, _): self.init(words: "opening \(name)", canGiveUp: true)
    case .openText(let preset): self.init(words: "opening \(preset.name)", canGiveUp: true)
    case .load(let path, _, _): self.init(words: "reading \(path)", canGiveUp: true)
    case .write(let order, _):
      self.init(words: "writing " + order.paths.joined(separator: " and "), canGiveUp: false)
    case .quit, .training, .simulate, .compare, .listPresets, .listFolder, .useData, .evaluate,
      .stopEvaluating, .inspect, .stopInspecting:
      return nil
    }
  }

  private init(words: String, canGiveUp: Bool) {
    self.words = words
    self.canGiveUp = canGiveUp
  }
}

extension Model {
  /// Begins to wait where an effect asks for files.
  mutating func wait(for effects: [Effect]) {
    guard let next = effects.lazy.compactMap(Waiting.init).first else { return }
    waiting = next
    log.mark(.waiting)
    note = Note(
      text: "\(next.words) \(glyphs.ellipsis)" + (next.canGiveUp ? "  Esc gives up" : ""))
  }

  /// Whether an event waits; Esc ends the wait instead. A question is answered, and a new size adopted, at once.
  mutating func hold(_ event: InputEvent) -> Bool {
    guard waiting != nil, overlay.isNone else { return false }
    switch event {
    case .resized: return false
    case .key(.escape) where waiting?.canGiveUp == true:
      note = Note(text: "gave up \(waiting?.words ?? "")")
      log.giveUpWaiting()
      waiting = nil
      givenUp += 1
    case .key, .mouse, .paste: waiting?.held.append(event)
    }
    return true
  }
}

extension Message {
  /// Whether it answers an effect that ``Waiting`` stands for, and whether that could have been given up.
  var answersWaiting: (Bool, canBeGivenUp: Bool) {
    switch self {
    case .opened, .loaded: return (true, true)
    case .wrote, .occupied: return (true, false)
    default: return (false, false)
    }
  }
}
