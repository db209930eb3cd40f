/// A small terminal: reads what a program writes and keeps the grid of characters it stands for.
///
/// It knows what ncurses sends to terminals of the xterm family; anything else is in `unknown`.
struct ScreenReader: Sendable {
  struct Cell: Hashable, Sendable {
    var character: Character = " "
    var style = Style()
  }

  struct Style: Hashable, Sendable {
    /// Colour numbers; nil is the terminal's own.
    var foreground: Int?
    var background: Int?
    var isBold = false
    var isDim = false
    var isUnderlined = false
    var isReversed = false
  }

  private(set) var columns: Int
  private(set) var rows: Int
  private(set) var cells: [Cell]
  var cursor = (x: 0, y: 0)
  /// Private modes that are on, by number: 25 the cursor, 1049 the alternate screen, 2004 paste …
  var modes: Set<Int> = ScreenReader.initialModes
  /// Sequences that it could not make sense of.
  var unknown: [String] = []
  /// How many bytes came.
  private(set) var byteCount = 0

  var style = Style()
  /// First and last row that scroll.
  var region: ClosedRange<Int>
  var savedCursor = (x: 0, y: 0)
  var mainScreen: (cells: [Cell], cursor: (x: Int, y: Int))?
  /// The cursor is at the right edge, past a character just put there.
  var wrapsNext = false
  var lastCharacter: Character = " "
  private var state = State.ground
  private var partial: [UInt8] = []

  static let initialModes: Set<Int> = [7, 25]

  private enum State {
    case ground, escape, charset
    case control(String)
    case text(afterEscape: Bool)
  }

  init(columns: Int, rows: Int) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
    cells = [Cell](repeating: Cell(), count: self.columns * self.rows)
    region = 0...self.rows - 1
  }

  // MARK: What is seen

  var isCursorVisible: Bool { modes.contains(25) }
  var isAlternate: Bool { mainScreen != nil }

  /// The rows, without the blanks at their ends.
  var lines: [String] {
    (0..<rows).map { y in
      let row = cells[y * columns..<(y + 1) * columns].map(\.character)
      return String(row.prefix((row.lastIndex { $0 != " " } ?? -1) + 1))
    }
  }

  /// The rows, without the empty ones at the end.
  var text: String {
    let lines = lines
    return lines.prefix((lines.lastIndex { !$0.isEmpty } ?? -1) + 1).joined(separator: "\n")
  }

  func contains(_ part: String) -> Bool { lines.contains { $0.contains(part) } }

  /// Where some text first begins, to look at its style or to click on it.
  func position(of part: String) -> (x: Int, y: Int)? {
    let wanted = Array(part)
    for y in 0..<rows where !wanted.isEmpty && wanted.count <= columns {
      let row = cells[y * columns..<(y + 1) * columns].map(\.character)
      for x in 0...columns - wanted.count where row[x..<x + wanted.count].elementsEqual(wanted) {
        return (x, y)
      }
    }
    return nil
  }

  subscript(x: Int, y: Int) -> Cell {
    get { cells[y * columns + x] }
    set { cells[y * columns + x] = newValue }
  }

  // MARK: What is read

  /// Keeps the top left corner.
  mutating func resize(columns newColumns: Int, rows newRows: Int) {
    var resized = ScreenReader(columns: newColumns, rows: newRows)
    for y in 0..<min(rows, resized.rows) {
      for x in 0..<min(columns, resized.columns) { resized[x, y] = self[x, y] }
    }
    (columns, rows, cells, region) = (resized.columns, resized.rows, resized.cells, resized.region)
    cursor = (min(cursor.x, columns - 1), min(cursor.y, rows - 1))
    wrapsNext = false
  }

  mutating func read(_ text: String) { read(Array(text.utf8)) }

  mutating func read(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      byteCount += 1
      if byte < 0x80 {
        if !partial.isEmpty { flushPartial() }
        take(Unicode.Scalar(byte))
        continue
      }
      partial.append(byte)
      let length = partial[0] >= 0xf0 ? 4 : partial[0] >= 0xe0 ? 3 : 2
      if partial.count >= length { flushPartial() }
    }
  }

  private mutating func flushPartial() {
    let text = String(decoding: partial, as: UTF8.self)
    partial = []
    for scalar in text.unicodeScalars { take(scalar) }
  }

  private mutating func take(_ scalar: Unicode.Scalar) {
    switch (state, scalar) {
    // Whatever was torn off, a sequence begins.
    case (.ground, "\u{1b}"), (.escape, "\u{1b}"), (.charset, "\u{1b}"), (.control, "\u{1b}"):
      state = .escape
    case (.ground, _): show(scalar)
    case (.escape, "["): state = .control("")
    case (.escape, "("), (.escape, ")"): state = .charset
    case (.escape, "]"), (.escape, "P"), (.escape, "^"), (.escape, "_"):
      state = .text(afterEscape: false)
    case (.escape, _):
      state = .ground
      applyEscape(scalar)
    case (.charset, _): state = .ground
    case (.control(let text), "\u{40}"..."\u{7e}"):
      state = .ground
      apply(ControlSequence(text), scalar)
    case (.control(let text), _): state = .control(text + String(scalar))
    case (.text, "\u{7}"), (.text(afterEscape: true), "\\"): state = .ground
    case (.text, _): state = .text(afterEscape: scalar == "\u{1b}")
    }
  }

  private mutating func show(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\r": move(x: 0, y: cursor.y)
    case "\n", "\u{b}", "\u{c}": lineFeed()
    case "\u{8}": move(x: cursor.x - 1, y: cursor.y)
    case "\t": move(x: (cursor.x / 8 + 1) * 8, y: cursor.y)
    case "\u{0}"..."\u{1f}", "\u{7f}": break
    default: put(Character(scalar))
    }
  }

  /// Wide characters take two cells, the second of them a space; marks lie over the character before.
  mutating func put(_ character: Character) {
    let value = character.unicodeScalars.first?.value ?? 0
    if (0x300...0x36F).contains(value) {
      let x = wrapsNext ? cursor.x : max(0, cursor.x - 1)
      self[x, cursor.y].character = Character(
        String(self[x, cursor.y].character) + String(character))
      return
    }
    putNarrow(character)
    let wide: [ClosedRange<UInt32>] = [0x2E80...0x9FFF, 0xAC00...0xD7A3, 0x1F300...0x1FAFF]
    if wide.contains(where: { $0.contains(value) }) { putNarrow(" ") }
  }

  private mutating func putNarrow(_ character: Character) {
    if wrapsNext {
      move(x: 0, y: cursor.y)
      lineFeed()
    }
    self[cursor.x, cursor.y] = Cell(character: character, style: style)
    lastCharacter = character
    if cursor.x == columns - 1 {
      wrapsNext = modes.contains(7)
    } else {
      cursor.x += 1
    }
  }

  mutating func move(x: Int, y: Int) {
    cursor = (min(max(0, x), columns - 1), min(max(0, y), rows - 1))
    wrapsNext = false
  }

  mutating func lineFeed() {
    if cursor.y == region.upperBound {
      scroll(region, by: 1)
    } else {
      move(x: cursor.x, y: cursor.y + 1)
    }
  }

  /// Moves the lines of a range up (or down, if negative); blank ones come in.
  mutating func scroll(_ lines: ClosedRange<Int>, by count: Int) {
    let former = cells
    for y in lines {
      for x in 0..<columns {
        let source = y + count
        self[x, y] = lines.contains(source) ? former[source * columns + x] : erased
      }
    }
  }

  /// An erased cell has the background of the moment.
  var erased: Cell { Cell(style: Style(background: style.background)) }

  /// Swaps in a blank alternate screen, or the main one back.
  mutating func useAlternate(_ isWanted: Bool) {
    if isWanted, mainScreen == nil {
      mainScreen = (cells, cursor)
      cells = [Cell](repeating: erased, count: columns * rows)
    } else if !isWanted, let main = mainScreen {
      mainScreen = nil
      // The main screen may have been resized meanwhile; what it holds is then of no interest.
      cells =
        main.cells.count == columns * rows
        ? main.cells : [Cell](repeating: Cell(), count: columns * rows)
      move(x: main.cursor.x, y: main.cursor.y)
    }
  }
}
