/// The characters that pictures are made of: what `--cells` chooses.
public enum Glyphs: String, Hashable, Sendable, CaseIterable {
  /// Braille dots, 2×4 to a cell; the finest lines.
  case braille
  /// Quarter blocks, 2×2 to a cell, for fonts without braille.
  case block
  /// Printable ASCII and nothing else.
  case ascii

  /// Whether only ASCII may be used.
  public var isASCII: Bool { self == .ascii }

  private func pick(_ rich: Character, _ plain: Character) -> Character { isASCII ? plain : rich }

  // MARK: Lines and frames

  /// The parts of a frame; a heavy one stands out without colour.
  public func frame(heavy: Bool) -> FrameParts {
    switch (isASCII, heavy) {
    case (false, false): FrameParts("┌", "┐", "└", "┘", "─", "│")
    case (false, true): FrameParts("┏", "┓", "┗", "┛", "━", "┃")
    case (true, false): FrameParts("+", "+", "+", "+", "-", "|")
    case (true, true): FrameParts("#", "#", "#", "#", "=", "|")
    }
  }
  /// A horizontal axis.
  public var horizontal: Character { pick("─", "-") }
  /// A vertical axis, or the cursor's column.
  public var vertical: Character { pick("│", "|") }
  /// Where two axes meet at the lower left.
  public var corner: Character { pick("└", "+") }
  /// A tick of the vertical axis.
  public var verticalTick: Character { pick("┤", "+") }
  /// A tick of the horizontal axis.
  public var horizontalTick: Character { pick("┬", "+") }
  /// A threshold drawn as a line.
  public var thresholdLine: Character { pick("─", "-") }
  /// A reset potential drawn as a line.
  public var resetLine: Character { pick("┄", ".") }
  /// A threshold drawn upright, across a histogram.
  public var uprightThreshold: Character { pick("│", "|") }
  /// A reset potential drawn upright.
  public var uprightReset: Character { pick("┊", ":") }

  // MARK: Marks

  /// A forward spike.
  public var spike: Character { pick("•", "*") }
  /// A positive backward spike.
  public var positive: Character { pick("▴", "^") }
  /// A negative backward spike.
  public var negative: Character { pick("▾", "v") }
  /// Positive spikes of several units or steps in one cell, from few to many.
  public var positiveLevels: [Character] { isASCII ? ["^", "^", "A"] : ["▵", "▴", "▲"] }
  /// Negative spikes of several units or steps in one cell, from few to many.
  public var negativeLevels: [Character] { isASCII ? ["v", "v", "V"] : ["▿", "▾", "▼"] }
  /// About as many positive as negative spikes in one cell, from few to many.
  public var mixedLevels: [Character] { isASCII ? ["x", "x", "X"] : ["◇", "◆", "◆"] }
  /// The right class.
  public var check: Character { pick("✓", "*") }
  /// The selected row.
  public var pointer: Character { pick("▸", ">") }
  /// Points back to where something goes in.
  public var leftArrow: Character { pick("◂", "<") }
  /// Down a link.
  public var downArrow: Character { pick("↓", "v") }
  /// More above.
  public var upArrow: Character { pick("↑", "^") }
  /// Around: feedback.
  public var loop: Character { pick("↺", "@") }
  /// So many times.
  public var times: Character { pick("×", "x") }
  /// Something differs from what is exact.
  public var differs: Character { pick("≠", "!") }
  /// A place of the timeline that the cursor has passed.
  public var done: Character { pick("●", "o") }
  /// A place of the timeline still to come, or a zero in a grid.
  public var dot: Character { pick("·", ".") }
  /// Another run has spikes here, and this one has none.
  public var missing: Character { pick("·", "_") }
  /// Playing.
  public var play: Character { pick("▶", ">") }
  /// Paused.
  public var pause: Character { pick("‖", "|") }
  /// Stands for what was cut off.
  public var ellipsis: String { isASCII ? ".." : "…" }
  /// Marks that tell curves apart without colour, by series.
  public func seriesMark(_ index: Int) -> Character {
    let marks: [Character] =
      isASCII ? ["*", "o", "+", "x", "%", "="] : ["●", "◆", "▲", "■", "▼", "○"]
    return marks[((index % marks.count) + marks.count) % marks.count]
  }

  /// A place that several curves pass, where one character must stand for them.
  public var sharedMark: Character { pick("•", "&") }
  /// The band around a curve, where one character must stand for it.
  public var bandMark: Character { pick("░", ".") }

  // MARK: Amounts

  /// 0 … 8 eighths of a cell filled from the left.
  public var horizontalEighths: [Character] { Array(isASCII ? "    ----#" : " ▏▎▍▌▋▊▉█") }
  /// 0 … 8 eighths of a cell filled from below.
  public var verticalEighths: [Character] { Array(isASCII ? " ...:::##" : " ▁▂▃▄▅▆▇█") }
  /// What is left of a bar.
  public var track: Character { pick("░", ".") }
  /// The whole of a bar.
  public var full: Character { pick("█", "#") }
  /// Nothing to everything, with the share of the cell that each covers.
  public var shades: [(character: Character, coverage: Double)] {
    isASCII
      ? zip(" .:-=+*#%@", 0...).map { ($0, Double($1) / 9) }
      : zip(" ░▒▓█", 0...).map { ($0, Double($1) / 4) }
  }
  /// How many spikes fall into a cell, from few to many.
  public var densityLevels: [Character] { Array(isASCII ? ".:*#" : "░▒▓█") }
  /// Positive values from weak to strong.
  public var positiveHeat: [Character] { Array(isASCII ? ":+*#" : "░▒▓█") }
  /// Negative values from weak to strong.
  public var negativeHeat: [Character] { Array(isASCII ? ".-~=" : "·-=≡") }

  /// The shade for a brightness in 0 … 1 and the tone that makes up the rest: coverage × tone = brightness.
  public func shade(_ brightness: Double) -> Cell {
    let value = brightness.isFinite ? min(max(brightness, 0), 1) : 0
    // Half a level of grace: without it a value one bit above a level would jump to the next, coarser one.
    let slack = 0.5 / 255
    for (character, coverage) in shades where coverage + slack >= value {
      if coverage == 0 { return Cell(character, Style(.gray(0))) }
      return Cell(character, Style(.gray(UInt8((min(value / coverage, 1) * 255).rounded()))))
    }
    return Cell(full, Style(.gray(255)))
  }
}

/// The six characters of a frame.
public struct FrameParts: Hashable, Sendable {
  /// Corners and sides.
  public let topLeft, topRight, bottomLeft, bottomRight, horizontal, vertical: Character

  init(
    _ topLeft: Character, _ topRight: Character, _ bottomLeft: Character,
    _ bottomRight: Character, _ horizontal: Character, _ vertical: Character
  ) {
    self.topLeft = topLeft
    self.topRight = topRight
    self.bottomLeft = bottomLeft
    self.bottomRight = bottomRight
    self.horizontal = horizontal
    self.vertical = vertical
  }
}
