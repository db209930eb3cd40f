/// One line about what just happened.
struct Note: Hashable, Sendable {
  var text: String
  var isError = false
  /// Whether it opens a box where one row of the screen is too short for it; other notes are cut.
  var mustBeRead: Bool
  /// The first line shown in the box.
  var firstLine = 0

  init(text: String, isError: Bool = false, mustBeRead: Bool? = nil) {
    self.text = text
    self.isError = isError
    self.mustBeRead = mustBeRead ?? isError
  }
}

extension Model {
  /// The box in which a note can be read that does not fit its row. It waits while a line is typed.
  var noteBox: TextBox? {
    guard let note, note.mustBeRead else { return nil }
    if case .prompt = overlay { return nil }
    let fits =
      height >= 4 && glyphs.width(note.text) <= width - 2 && !note.text.contains(where: \.isNewline)
    guard !fits else { return nil }
    return TextBox(
      title: note.isError ? "Error" : "Note", text: note.text, tone: note.isError ? .bad : .normal,
      firstLine: note.firstLine)
  }

  /// A key while the box is open: scrolls or closes it. Any other closes it and does what it does, then this is false.
  mutating func readNote(_ key: Key) -> Bool {
    guard noteBox != nil else { return false }
    switch key {
    case .up, .character("k"): scrollNote(lines: -1)
    case .down, .character("j"): scrollNote(lines: 1)
    case .pageUp: scrollNote(pages: -1)
    case .pageDown, .character(" "): scrollNote(pages: 1)
    case .home: scrollNote(lines: -(note?.firstLine ?? 0))
    case .end: scrollNote(lines: .max)
    case .escape, .enter, .character("q"): note = nil
    default: return false
    }
    return true
  }

  /// By so many lines or pages, as far as there are any.
  mutating func scrollNote(lines: Int = 0, pages: Int = 0) {
    guard let box = noteBox, var note else { return }
    let rect = box.rect(width: width, height: height, glyphs: glyphs)
    let (page, last) = box.scrolling(in: rect, glyphs: glyphs)
    let step = min(max(lines, -last), last) + pages * max(1, page - 1)
    note.firstLine = min(max(0, min(note.firstLine, last) + step), last)
    self.note = note
  }
}
