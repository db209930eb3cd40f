import SpideData
import SpideEngine
import SpideExperiment

/// What has been done at the explorer since it began: played, it leads to the same again.
///
/// Only what means something is kept. Of a training that runs while other keys are pressed it keeps how many batches had
/// been told of; of a key that changes what training goes on with, after how many batches it took effect.
package struct SessionLog: Sendable {
  private enum Entry: Hashable, Sendable {
    case input(InputEvent)
    /// The Enter that ended a line which was refused: the line is no command of a session.
    case refused
    /// Beats of play, and the seconds between two of them.
    case ticks(Int, interval: Double)
    /// Beats of play while a training ran, whose batches are counted apart.
    case beats(Int)
    case batches(Int)
  }

  /// The command line that begins so, as a remark.
  private let beginning: String
  private var entries: [Entry] = []
  /// The places of keys that something has come of which is not over.
  private var places: [Mark: Int] = [:]
  /// Keys that changed what a training goes on with, by the number of the change, and have not been told to have effect.
  private var changes: [(number: Int, place: Int)] = []
  /// The places of keys that led to another update, while none is reached.
  private var travels: [Int] = []

  /// What came of a key.
  enum Mark {
    /// A line is being typed.
    case prompt
    /// Files are waited for.
    case waiting
    /// A training has begun.
    case training
    /// It was told to stand.
    case pause
  }

  init(_ setup: Model.Setup) {
    let preset = setup.preset
    var words = ["spide-tui", "--preset", setup.presetFile ?? preset.name]
    for override in preset.overrides { words += ["--set", override] }
    words += ["--seed", String(setup.seed)]
    if let weights = setup.weights { words += ["--checkpoint", weights.path] }
    beginning = words.map(\.shellQuoted).joined(separator: " ").printable()
  }

  /// The log of an explorer that began with the runs of some folders.
  init(folders: [String]) {
    beginning = (["spide-tui"] + folders).map(\.shellQuoted).joined(separator: " ").printable()
  }

  /// A log of what somebody might have done.
  package init(_ acts: [PlayedSession.Act] = []) {
    beginning = ""
    entries = acts.map { act in
      switch act {
      case .input(let event): .input(event)
      case .wait(let seconds): .ticks(1, interval: seconds)
      case .batches(let count): .batches(count)
      case .beats(let count): .beats(count)
      }
    }
  }

  // MARK: Keeping

  /// Keeps what means something: of the mouse the left button going down or drawn, and the wheel.
  mutating func add(_ event: InputEvent) {
    switch (event, entries.last) {
    case (.mouse(let mouse), _)
    where mouse.kind == .release || (mouse.button != nil && mouse.button != .left):
      return
    case (.resized, .input(.resized)?): entries[entries.count - 1] = .input(event)
    default: entries.append(.input(event))
    }
  }

  /// Keeps a beat of play.
  mutating func addTick(every interval: Duration, isTraining: Bool) {
    if isTraining {
      if case .beats(let count)? = entries.last {
        entries[entries.count - 1] = .beats(count + 1)
      } else {
        entries.append(.beats(1))
      }
      return
    }
    let seconds = interval / .seconds(1)
    if case .ticks(let count, interval: seconds)? = entries.last {
      entries[entries.count - 1] = .ticks(count + 1, interval: seconds)
    } else {
      entries.append(.ticks(1, interval: seconds))
    }
  }

  /// Keeps how many batches more a training that runs has done, up to a key or to now: before a change without effect yet.
  mutating func addBatches(_ count: Int, before mark: Mark? = nil) {
    guard count > 0 else { return }
    let place = changes.first?.place ?? mark.flatMap { places[$0] } ?? entries.count
    if place > 0, case .batches(let former) = entries[place - 1] {
      entries[place - 1] = .batches(former + count)
    } else {
      insert(.batches(count), at: place)
    }
  }

  /// Something has come of the last key.
  mutating func mark(_ mark: Mark) { places[mark] = entries.count - 1 }

  /// The last key was a change of what a training goes on with.
  mutating func addChange(_ number: Int) { changes.append((number, entries.count - 1)) }

  /// Changes that have no effect yet.
  var awaitsChange: Bool { !changes.isEmpty }

  /// Changes up to this one have had effect by now: batches that are kept from now on came after them.
  mutating func changesTook(upTo number: Int) { changes.removeAll { $0.number <= number } }

  /// The line that was entered last was refused.
  mutating func refuse() {
    if entries.last == .input(.key(.enter)) { entries[entries.count - 1] = .refused }
  }

  /// The last key, or the Enter of the last line, did nothing.
  mutating func ignoreLast() {
    guard case .input(let event)? = entries.last else { return }
    if event == .key(.enter) {
      entries[entries.count - 1] = .input(.key(.escape))
    } else {
      remove(at: entries.count - 1)
    }
  }

  /// What was asked of files has been given up: as if it had not been confirmed.
  mutating func giveUpWaiting() { replace(.waiting, by: .escape) }

  /// A training of so many batches was paused before they were done: as if it had been begun without end.
  mutating func unboundTraining() {
    guard let place = places[.training], entries.indices.contains(place) else { return }
    replace(.training, by: .escape)
    insert(.input(.key(.character("t"))), at: place + 1)
  }

  /// The last key leads to another update.
  mutating func markTravel() { travels.append(entries.count - 1) }

  /// The update is reached.
  mutating func endTravel() { travels = [] }

  /// The way to another update was given up: as if its keys had not been pressed. Where the first of them paused a training
  /// that ran, `t` did.
  mutating func giveUpTravel(pausing: Bool) {
    let first = travels.first
    for place in travels.reversed() where entries.indices.contains(place) {
      if entries[place] == .input(.key(.enter)) {
        // A command that is not entered.
        entries[place] = .input(.key(.escape))
        if pausing, place == first { insert(.input(.key(.character("t"))), at: place + 1) }
      } else if pausing, place == first {
        entries[place] = .input(.key(.character("t")))
      } else {
        remove(at: place)
      }
    }
    travels = []
  }

  /// The last pause came too late: as if its key had not been pressed.
  mutating func dropPause() {
    guard let place = places[.pause], entries.indices.contains(place) else { return }
    if entries[place] == .input(.key(.enter)) {
      entries[place] = .input(.key(.escape))
    } else {
      remove(at: place)
    }
  }

  private mutating func replace(_ mark: Mark, by key: Key) {
    guard let place = places[mark], entries.indices.contains(place) else { return }
    entries[place] = .input(.key(key))
  }

  private mutating func insert(_ entry: Entry, at place: Int) {
    entries.insert(entry, at: place)
    for (mark, former) in places where former >= place { places[mark] = former + 1 }
    for index in changes.indices where changes[index].place >= place { changes[index].place += 1 }
    for index in travels.indices where travels[index] >= place { travels[index] += 1 }
  }

  private mutating func remove(at place: Int) {
    entries.remove(at: place)
    for (mark, former) in places where former > place { places[mark] = former - 1 }
    for index in changes.indices where changes[index].place > place { changes[index].place -= 1 }
    for index in travels.indices where travels[index] > place { travels[index] -= 1 }
  }

  // MARK: The text

  /// The text of a played session.
  package var text: String { text(of: entries[...]) }

  /// The same without the line that was entered last.
  var textBeforePrompt: String { text(of: entries[..<(places[.prompt] ?? entries.count)]) }

  private func text(of entries: ArraySlice<Entry>) -> String {
    var lines = beginning.isEmpty ? [] : ["# \(beginning)"]
    var keys: [String] = []
    func flush() {
      if !keys.isEmpty { lines.append(keys.joined(separator: " ")) }
      keys = []
    }
    var rest = entries
    while let entry = rest.first {
      if let (command, count) = SessionLog.command(rest) {
        flush()
        lines.append(command)
        rest = rest.dropFirst(count)
        continue
      }
      rest = rest.dropFirst()
      let entry = entry == .refused ? .input(.key(.enter)) : entry
      if case .input(.key(let key)) = entry {
        if keys.count == 16 { flush() }
        keys.append(key.name)
      } else {
        flush()
        lines.append(SessionLog.line(entry))
      }
    }
    flush()
    return lines.map { $0 + "\n" }.joined()
  }

  private static func line(_ entry: Entry) -> String {
    switch entry {
    case .input(.key(let key)): return key.name
    case .refused: return Key.enter.name
    case .input(.paste(let text)): return "paste \(PastedText.escaped(text))"
    case .input(.resized(let width, let height)): return "size \(width)x\(height)"
    case .input(.mouse(let mouse)):
      let place = "\(mouse.x + 1) \(mouse.y + 1)"
      switch mouse.kind {
      case .press, .release: return "click \(place)"
      case .drag: return "drag \(place)"
      case .wheelUp: return "wheel up \(place)"
      case .wheelDown: return "wheel down \(place)"
      }
    case .ticks(let count, let interval):
      // Beats are at least 33 milliseconds apart.
      return "wait \(NumberText.plain(Double(count) * interval))"
    case .batches(let count): return "wait \(count) \(count == 1 ? "batch" : "batches")"
    case .beats(let count): return "wait \(count) \(count == 1 ? "beat" : "beats")"
    }
  }

  /// The command that entries begin with, and how many of them are its keys: `:`, what can be seen, Enter.
  private static func command(_ entries: ArraySlice<Entry>) -> (String, Int)? {
    guard entries.first == .input(.key(.character(":"))) else { return nil }
    var text = String.UnicodeScalarView()
    for (count, entry) in entries.enumerated() {
      switch entry {
      case .input(.key(.enter)): return (String(text), count + 1)
      case .input(.key(.character(let character))):
        let scalars = character.unicodeScalars
        guard scalars.count == 1, let scalar = scalars.first, scalar == " " || scalar.isSeen else {
          return nil
        }
        text.append(scalar)
      default: return nil
      }
    }
    return nil
  }
}
