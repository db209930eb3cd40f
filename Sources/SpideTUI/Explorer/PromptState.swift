/// A line being typed.
struct PromptState: Hashable, Sendable {
  enum Kind: Sendable {
    /// After `:`.
    case command
    /// After `/`: a neuron or layer.
    case goTo
  }

  /// Longer lines are cut.
  static let longestLine = 4096

  let kind: Kind
  /// The text. Scalars stay what they are whatever stands beside them, so a number of them is a place in the text.
  private(set) var scalars: [Unicode.Scalar] = []
  /// Scalars before the cursor.
  private(set) var cursor = 0
  /// What is wrong with the text, once it was tried.
  private(set) var error: String?
  /// Whether the line was refused, so that keys go into it where they were to do something else.
  private(set) var wasRefused = false
  /// What was not taken from a paste.
  private(set) var remark: String?
  /// The first line shown of what is wrong, where it has more than there is room for.
  var firstErrorLine = 0
  /// The completion that Tab has put in, among those of ``completionBase``.
  private(set) var chosen: Int?
  /// What Tab waits for: completions that are still being looked up, and the direction to choose one in.
  var awaited: Int?
  /// Keys typed meanwhile; they count once the completion is there.
  private(set) var pending: [Key] = []
  /// The text that completions belong to.
  private var completed: String?
  private let history: [String]
  private var place: Int

  init(_ kind: Kind, history: [String]) {
    self.kind = kind
    self.history = history
    place = history.count
  }

  var prefix: String { kind == .command ? ":" : "/" }
  var text: String { PromptState.text(scalars) }
  /// The text that completions are looked up for.
  var completionBase: String { completed ?? text }

  private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  // MARK: Editing

  /// Puts text in at the cursor: tabs as spaces, without other control characters.
  mutating func insert(_ typed: String) {
    let new = typed.unicodeScalars.map { $0 == "\t" ? " " : $0 }
      .filter { $0.properties.generalCategory != .control }
      .prefix(max(0, PromptState.longestLine - scalars.count))
    scalars.insert(contentsOf: new, at: cursor)
    cursor += new.count
    edited()
  }

  private static let lineEnds: Set<Unicode.Scalar> = [
    "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}",
  ]

  /// Takes in the first line of a paste that is not blank, as if it had been typed; Enter is for a person to press.
  mutating func paste(_ pasted: String) {
    let lines = pasted.unicodeScalars.split(whereSeparator: PromptState.lineEnds.contains)
      .filter { !$0.allSatisfy(\.properties.isWhitespace) }
    guard let first = lines.first else { return }
    let room = PromptState.longestLine - scalars.count
    insert(String(first))
    if lines.count > 1 {
      let rest = lines.count == 2 ? "1 more line" : "\(lines.count - 1) more lines"
      remark = "only the first line of the paste is here; \(rest) left out"
    } else if first.count > room {
      remark = "the paste was cut: a line has at most \(PromptState.longestLine) characters"
    }
  }

  /// Deletes a character before the cursor, with the marks over it.
  mutating func deleteBackward() {
    let start = before(cursor)
    scalars.removeSubrange(start..<cursor)
    cursor = start
    edited()
  }

  mutating func deleteForward() {
    scalars.removeSubrange(cursor..<after(cursor))
    edited()
  }

  mutating func moveLeft() { cursor = before(cursor) }

  /// Right by a character; at the end a completion that was put in is taken.
  mutating func moveRight() {
    if cursor == scalars.count, chosen != nil { edited() }
    cursor = after(cursor)
  }

  mutating func moveToStart() { cursor = 0 }
  mutating func moveToEnd() { cursor = scalars.count }

  mutating func replace(_ new: String) {
    scalars = Array(new.unicodeScalars)
    cursor = scalars.count
    edited()
  }

  /// The place before the character that ends at `index`.
  private func before(_ index: Int) -> Int {
    var index = max(0, index - 1)
    while index > 0, ScalarColumns.count(scalars[index]) == 0 { index -= 1 }
    return index
  }

  /// The place after the character that begins at `index`.
  private func after(_ index: Int) -> Int {
    var index = min(scalars.count, index + 1)
    while index < scalars.count, ScalarColumns.count(scalars[index]) == 0 { index += 1 }
    return index
  }

  // MARK: History, completion, errors

  /// Up and down through lines entered before.
  mutating func recall(_ direction: Int) {
    let next = min(max(place + direction, 0), history.count)
    guard next != place else { return }
    replace(next < history.count ? history[next] : "")
    place = next
  }

  /// Puts the next of some completions in. A single one is taken at once.
  mutating func complete(with completions: [Completion], direction: Int) {
    stopWaiting()
    guard let first = completions.first else { return }
    if completions.count == 1 {
      replace(first.line + first.ending)
      return
    }
    let base = completionBase
    let next =
      chosen.map { ($0 + direction + completions.count) % completions.count }
      ?? (direction > 0 ? 0 : completions.count - 1)
    replace(completions[next].line)
    completed = base
    chosen = next
  }

  /// Says what is wrong; the cursor goes to where it is.
  mutating func fail(_ what: String, at place: Int? = nil) {
    error = what
    wasRefused = true
    if let place { cursor = min(place, scalars.count) }
    firstErrorLine = 0
    remark = nil
  }

  private mutating func edited() {
    error = nil
    remark = nil
    completed = nil
    chosen = nil
    stopWaiting()
  }

  /// Forgets the completion that Tab waits for.
  private mutating func stopWaiting() {
    awaited = nil
    pending = []
  }

  /// Keeps a key for when the completion is there; false where none is waited for, or the key does not wait.
  mutating func postpone(_ key: Key) -> Bool {
    guard awaited != nil, pending.count < PromptState.longestLine else { return false }
    switch key {
    case .character, .enter, .tab: pending.append(key)
    default: return false
    }
    return true
  }
}
