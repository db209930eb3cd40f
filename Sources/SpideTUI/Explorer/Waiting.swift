/// Files that are being read or written, or samples that are being looked through, on another thread.
///
/// What was typed ahead is meant for what they bring: it waits, in order. Esc gives up reading.
struct Waiting: Sendable {
  /// What is being done, such as `opening mnist-lenet`.
  let words: String
  /// Whether it can be given up: what is being written cannot.
  let canGiveUp: Bool
  /// What ends the work itself once nobody waits for it.
  let stop: [Effect]
  /// What was typed, clicked and pasted meanwhile.
  var held: [InputEvent] = []

  /// What an effect has to wait for; nil where nobody asked for what it brings.
  init?(_ effect: Effect) {
    switch effect {
    case .open(let name, _): self.init(words: "opening \(name)", canGiveUp: true)
    case .openRun(let path): self.init(words: "opening \(path)", canGiveUp: true)
    case .openText(let preset, _): self.init(words: "opening \(preset.name)", canGiveUp: true)
    case .load(let path, _, _): self.init(words: "reading \(path)", canGiveUp: true)
    case .readSweep(let path): self.init(words: "reading \(path)", canGiveUp: true)
    case .write(let order, _):
      self.init(words: "writing " + order.paths.joined(separator: " and "), canGiveUp: false)
    case .search:
      self.init(
        words: "looking for a sample that is classified wrongly", canGiveUp: true,
        stop: [.stopSearching])
    case .quit, .training, .simulate, .compare, .stopComparing, .stopSearching, .listPresets,
      .listFolder, .useData, .evaluate, .stopEvaluating, .inspect, .stopInspecting, .account,
      .stopAccounting, .follow:
      return nil
    }
  }

  private init(words: String, canGiveUp: Bool, stop: [Effect] = []) {
    self.words = words
    self.canGiveUp = canGiveUp
    self.stop = stop
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

  /// What is done instead of an event that waits; nil where it does not. Esc ends the wait. A question is answered, and a
  /// new size adopted, at once.
  mutating func hold(_ event: InputEvent) -> [Effect]? {
    if isRunningToStop {
      if case .resized = event { return nil }
      heldForStop.append(event)
      return []
    }
    guard overlay.isNone else { return nil }
    if runs.pending != nil {
      if case .resized = event { return nil }
      runs.pending?.held.append(event)
      return []
    }
    if let travel = training.travel { return holdOnTheWay(event, travel) }
    guard let current = waiting else { return nil }
    switch event {
    case .resized: return nil
    case .key(.escape) where current.canGiveUp:
      note = Note(text: "gave up \(current.words)")
      log.giveUpWaiting()
      waiting = nil
      givenUp += 1
      return current.stop
    case .key, .mouse, .paste:
      waiting?.held.append(event)
      return []
    }
  }
}

extension Message {
  /// Whether it answers an effect that ``Waiting`` stands for, and whether that could have been given up.
  var answersWaiting: (Bool, canBeGivenUp: Bool) {
    switch self {
    case .opened, .loaded, .found, .sweep: return (true, true)
    case .wrote, .occupied: return (true, false)
    default: return (false, false)
    }
  }
}
