/// How a cell looks, by meaning. The terminal layer turns meanings into what the terminal can do.
public struct Style: Hashable, Sendable {
  /// Colour, by meaning.
  public var tone: Tone
  /// Bold.
  public var isBold: Bool
  /// Dim, where the terminal has it.
  public var isDim: Bool
  /// Swapped foreground and background: cursors and selections.
  public var isReversed: Bool
  /// Underlined.
  public var isUnderlined: Bool

  /// A style.
  public init(
    _ tone: Tone = .normal, bold: Bool = false, dim: Bool = false, reversed: Bool = false,
    underlined: Bool = false
  ) {
    self.tone = tone
    isBold = bold
    isDim = dim
    isReversed = reversed
    isUnderlined = underlined
  }

  /// The terminal's own colours.
  public static let plain = Style()
}

/// What a colour means. No meaning is carried by colour alone: shape or text repeats it.
public enum Tone: Hashable, Sendable {
  /// The terminal's default foreground.
  case normal
  /// Frames, axes, hints.
  case faint
  /// Titles, the cursor, the selected panel.
  case accent
  /// Forward spikes.
  case spike
  /// Positive backward spikes, positive weights.
  case positive
  /// Negative backward spikes, negative weights.
  case negative
  /// Thresholds and resets drawn as lines.
  case threshold
  /// What was solved exactly: `a*`, the exact β, the gates at equilibrium.
  case exact
  case good
  case bad
  case warning
  /// Curves that stand beside each other, counted from 0; at least four are told apart.
  case series(Int)
  /// Brightness of a picture's cell in 0 … 255, blanks included: a picture is meant to stand on black.
  case gray(UInt8)
  /// Colour of a picture's cell in 0 … 255 each, on black; gray where the terminal has few colours.
  case color(red: UInt8, green: UInt8, blue: UInt8)
  /// Signed heat of a map's cell in -127 … 127 (negative to positive). Its size is in the character; the ground is the
  /// terminal's.
  case heat(Int8)
}
