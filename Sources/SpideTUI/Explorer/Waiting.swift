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

  /// Whether what is typed waits: for files, for the training to be at another update, for another run, until it is known
  /// where the cursor stops, or what an update did.
  var holdsInput: Bool {
    isRunningToStop || runs.pending != nil || training.travel != nil || waiting != nil
      || (waitsForUpdate && updates.running != nil)
  }

  /// Whether an event chooses among what is being found out about an update.
  private func isAboutUpdate(_ event: InputEvent) -> Bool {
    guard updates.running != nil, overlay.isNone, panels.indices.contains(focus),
      panels[focus] is any UpdatePanel, case .key(let key) = event
    else { return false }
    return [.enter, .up, .down, .pageUp, .pageDown, .character("m")].contains(key)
  }

  /// What is done instead of an event that waits; nil where it does not. Esc ends the wait, as far as it can be ended, and
  /// what was typed ahead with it. A question is answered, and a new size adopted, at once.
  mutating func hold(_ event: InputEvent) -> [Effect]? {
    if isAboutUpdate(event) { waitsForUpdate = true }
    guard holdsInput, isRunningToStop || overlay.isNone else { return nil }
    if case .resized = event { return nil }
    if !isRunningToStop, runs.pending == nil {
      if training.travel == nil, waiting == nil, event == .key(.escape) {
        (waitsForUpdate, typedAhead) = (false, [])
        return []
      }
      if let travel = training.travel {
        if event == .key(.escape), !travel.isGivenUp { return giveUpTravel() }
        if typedAhead.isEmpty, !travel.isGivenUp, leadsToUpdate(event) { return nil }
      } else if event == .key(.escape), let waiting, waiting.canGiveUp {
        return giveUp(waiting)
      }
    }
    typedAhead.append(event)
    return []
  }

  private mutating func giveUp(_ current: Waiting) -> [Effect] {
    note = Note(text: "gave up \(current.words)")
    log.giveUpWaiting()
    waiting = nil
    typedAhead = []
    givenUp += 1
    return current.stop
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
