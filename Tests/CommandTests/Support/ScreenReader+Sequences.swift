/// What stands between `ESC [` and the final character.
struct ControlSequence {
  /// `?`, `>`, `!` or the like before the numbers; empty if none.
  var prefix: String
  var numbers: [Int?]
  var text: String

  init(_ text: String) {
    self.text = text
    prefix = String(text.prefix { !$0.isNumber && $0 != ";" && $0 != ":" })
    let rest = text.dropFirst(prefix.count)
    numbers = rest.split(omittingEmptySubsequences: false) { $0 == ";" || $0 == ":" }.map {
      Int($0)
    }
  }

  /// A number, or what stands for it where it is left out.
  func number(_ index: Int, or fallback: Int) -> Int {
    index < numbers.count ? numbers[index] ?? fallback : fallback
  }

  /// The first number as a count, at least 1.
  var count: Int { max(1, number(0, or: 1)) }
}

extension ScreenReader {
  mutating func applyEscape(_ final: Unicode.Scalar) {
    switch final {
    case "7": savedCursor = cursor
    case "8": move(x: savedCursor.x, y: savedCursor.y)
    case "D": lineFeed()
    case "M" where cursor.y == region.lowerBound: scroll(region, by: -1)
    case "M": move(x: cursor.x, y: cursor.y - 1)
    case "=", ">", "\\": break
    default: unknown.append("ESC \(final)")
    }
  }

  mutating func apply(_ sequence: ControlSequence, _ final: Unicode.Scalar) {
    let count = sequence.count
    switch (sequence.prefix, final) {
    case ("", "A"): move(x: cursor.x, y: cursor.y - count)
    case ("", "B"): move(x: cursor.x, y: cursor.y + count)
    case ("", "C"): move(x: cursor.x + count, y: cursor.y)
    case ("", "D"): move(x: cursor.x - count, y: cursor.y)
    case ("", "G"): move(x: count - 1, y: cursor.y)
    case ("", "d"): move(x: cursor.x, y: count - 1)
    case ("", "H"), ("", "f"): move(x: sequence.number(1, or: 1) - 1, y: count - 1)
    case ("", "J"): eraseDisplay(sequence.number(0, or: 0))
    case ("", "K"): eraseLine(sequence.number(0, or: 0))
    case ("", "P"): shift(by: count)
    case ("", "@"): shift(by: -count)
    case ("", "X"): erase(from: cursor.x, to: cursor.x + count, row: cursor.y)
    case ("", "L"), ("", "M"):
      guard region.contains(cursor.y) else { break }
      scroll(cursor.y...region.upperBound, by: final == "M" ? count : -count)
    case ("", "S"): scroll(region, by: count)
    case ("", "T"): scroll(region, by: -count)
    case ("", "b"): for _ in 0..<count { put(lastCharacter) }
    case ("", "r"):
      let top = min(count, rows) - 1
      region = top...max(top, min(sequence.number(1, or: rows), rows) - 1)
      move(x: 0, y: 0)
    case ("", "m"): applyStyle(sequence.numbers.map { $0 ?? 0 })
    case ("?", "h"), ("?", "l"):
      for case let mode? in sequence.numbers { set(mode, on: final == "h") }
    // Insert mode off, window titles, questions, cursor shapes: nothing to see.
    case ("", "l"), ("", "h"), ("", "t"), ("", "n"), ("", "c"), ("?", "c"), (">", _): break
    default: unknown.append("ESC [ \(sequence.text) \(final)")
    }
  }

  private mutating func set(_ mode: Int, on isOn: Bool) {
    if isOn { modes.insert(mode) } else { modes.remove(mode) }
    if [47, 1047, 1049].contains(mode) { useAlternate(isOn) }
  }

  private mutating func erase(from start: Int, to end: Int, row: Int) {
    for x in max(0, start)..<max(start, min(end, columns)) { self[x, row] = erased }
    wrapsNext = false
  }

  private mutating func eraseLine(_ what: Int) {
    erase(
      from: what == 0 ? cursor.x : 0, to: what == 1 ? cursor.x + 1 : columns, row: cursor.y)
  }

  private mutating func eraseDisplay(_ what: Int) {
    guard (0...2).contains(what) else { return }  // 3 is the scrollback, which is not kept.
    eraseLine(what)
    let others = what == 0 ? cursor.y + 1..<rows : what == 1 ? 0..<cursor.y : 0..<rows
    for y in others { erase(from: 0, to: columns, row: y) }
  }

  /// Takes characters out at the cursor, or puts blanks in if negative.
  private mutating func shift(by count: Int) {
    let (former, start) = (cells, cursor.y * columns)
    for x in cursor.x..<columns {
      let source = x + count
      self[x, cursor.y] = source < cursor.x || source >= columns ? erased : former[start + source]
    }
    wrapsNext = false
  }

  private mutating func applyStyle(_ numbers: [Int]) {
    var rest = numbers.isEmpty ? [0] : numbers[...]
    while let number = rest.popFirst() {
      switch number {
      case 0: style = Style()
      case 1: style.isBold = true
      case 2: style.isDim = true
      case 4: style.isUnderlined = true
      case 7: style.isReversed = true
      case 22: (style.isBold, style.isDim) = (false, false)
      case 24: style.isUnderlined = false
      case 27: style.isReversed = false
      case 10: break  // The primary font.
      case 30...37: style.foreground = number - 30
      case 90...97: style.foreground = number - 82
      case 39: style.foreground = nil
      case 40...47: style.background = number - 40
      case 100...107: style.background = number - 92
      case 49: style.background = nil
      case 38, 48:
        guard rest.popFirst() == 5, let color = rest.popFirst() else {
          unknown.append("SGR \(numbers)")
          return
        }
        if number == 38 { style.foreground = color } else { style.background = color }
      default: unknown.append("SGR \(number)")
      }
    }
  }
}
