/// A line being typed.
struct PromptState: Hashable, Sendable {
  enum Kind: Sendable {
    /// After `:`.
    case command
    /// After `/`: a neuron or layer.
    case goTo
  }

  let kind: Kind
  private(set) var text = ""
  /// Characters before the cursor.
  private(set) var cursor = 0
  /// What is wrong with the text, once it was tried.
  var error: String?
  /// The completion that Tab has put in, among those of ``completed``.
  private(set) var chosen: Int?
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
  /// The text that completions are looked up for.
  var completionBase: String { completed ?? text }

  mutating func insert(_ typed: String) {
    let at = text.index(text.startIndex, offsetBy: cursor)
    text.insert(contentsOf: typed, at: at)
    cursor += typed.count
    edited()
  }

  mutating func deleteBackward() {
    guard cursor > 0 else { return }
    text.remove(at: text.index(text.startIndex, offsetBy: cursor - 1))
    cursor -= 1
    edited()
  }

  mutating func deleteForward() {
    guard cursor < text.count else { return }
    text.remove(at: text.index(text.startIndex, offsetBy: cursor))
    edited()
  }

  mutating func move(_ offset: Int) { cursor = min(max(cursor + offset, 0), text.count) }

  mutating func replace(_ new: String) {
    text = new
    cursor = new.count
    edited()
  }

  /// Up and down through lines entered before.
  mutating func recall(_ direction: Int) {
    let next = min(max(place + direction, 0), history.count)
    guard next != place else { return }
    replace(next < history.count ? history[next] : "")
    place = next
  }

  /// Puts the next of some completions in.
  mutating func complete(with completions: [String], direction: Int) {
    guard !completions.isEmpty else { return }
    let base = completionBase
    let next =
      chosen.map { ($0 + direction + completions.count) % completions.count }
      ?? (direction > 0 ? 0 : completions.count - 1)
    text = completions[next]
    cursor = text.count
    error = nil
    completed = base
    chosen = next
  }

  private mutating func edited() {
    error = nil
    completed = nil
    chosen = nil
  }
}

extension Model {
  /// A key on the prompt.
  mutating func edit(_ prompt: PromptState, _ key: Key) -> [Effect] {
    var prompt = prompt
    switch key {
    case .escape, .control("c"), .control("g"):
      overlay = .none
      return []
    case .enter:
      return enter(prompt)
    case .tab: prompt.complete(with: completions(of: prompt), direction: 1)
    case .backTab: prompt.complete(with: completions(of: prompt), direction: -1)
    case .backspace:
      if prompt.text.isEmpty {
        overlay = .none
        return []
      }
      prompt.deleteBackward()
    case .delete, .control("d"): prompt.deleteForward()
    case .left, .control("b"): prompt.move(-1)
    case .right, .control("f"): prompt.move(1)
    case .home, .control("a"): prompt.move(-prompt.cursor)
    case .end, .control("e"): prompt.move(prompt.text.count)
    case .control("u"): prompt.replace("")
    case .up, .control("p"): prompt.recall(-1)
    case .down, .control("n"): prompt.recall(1)
    case .character(let character): prompt.insert(String(character))
    default: break
    }
    overlay = .prompt(prompt)
    return []
  }

  private mutating func enter(_ prompt: PromptState) -> [Effect] {
    let line = String(Substring(prompt.text).trimmingSpaces)
    overlay = .none
    guard !line.isEmpty else { return [] }
    if prompt.kind == .command, history.last != line { history.append(line) }
    do throws(CommandError) {
      return prompt.kind == .command ? try run(line) : try goTo(line.split(separator: " "))
    } catch {
      var failed = prompt
      failed.error = error.text
      overlay = .prompt(failed)
      return []
    }
  }
}
