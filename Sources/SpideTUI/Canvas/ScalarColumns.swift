/// How many columns terminals give a Unicode scalar that stands alone.
///
/// Texts are measured and cut by scalars, never by what they merge into: two texts one after the other are as wide as
/// both together, whatever their ends are. Terminals agree on scalars; about flags, joined emoji and their colours of
/// skin no two do, so their parts are shown one by one.
enum ScalarColumns {
  /// 0 for what joins the scalar before it or shows nothing, 2 for wide characters, 1 for everything else.
  static func count(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return value == 0xAD ? 0 : 1 }
    if isFlagLetter(scalar) { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if scalar.properties.isEmojiModifier || (0x1160...0x11FF).contains(value) { return 0 }
    return isWide(scalar) ? 2 : 1
  }

  /// Whether a scalar without columns of its own is drawn over the one before it, and not left out.
  static func isDrawnOver(_ scalar: Unicode.Scalar) -> Bool {
    overlays.contains { $0.contains(scalar.value) }
  }

  /// Whether terminals draw a scalar as wide as ``count(_:)`` says; of others a `?` is shown.
  static func isShown(_ scalar: Unicode.Scalar) -> Bool { isNarrow(scalar) || isWide(scalar) }

  /// Whether every terminal gives a scalar one column.
  static func isNarrow(_ scalar: Unicode.Scalar) -> Bool {
    (0x20...0x7E).contains(scalar.value) || narrow.contains { $0.contains(scalar.value) }
  }

  /// The letter that a half of a flag stands for.
  static func flagLetter(_ scalar: Unicode.Scalar) -> Character? {
    guard isFlagLetter(scalar) else { return nil }
    return Unicode.Scalar(scalar.value - 0x1F1E6 + 0x41).map { Character($0) }
  }

  private static func isFlagLetter(_ scalar: Unicode.Scalar) -> Bool {
    (0x1F1E6...0x1F1FF).contains(scalar.value)
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x1100 else { return false }
    return wide.contains { $0.contains(scalar.value) } || scalar.properties.isEmojiPresentation
  }

  /// Blocks of Unicode, beyond ASCII, whose characters every terminal gives one column.
  private static let narrow: [ClosedRange<UInt32>] = [
    0xA1...0xAC, 0xAE...0x24F,  // Latin
    0x391...0x3C9, 0x400...0x482, 0x48A...0x52F, 0x1E00...0x1EFF,  // Greek, Cyrillic, Vietnamese
    0x2010...0x2027, 0x2030...0x205E, 0x2070...0x209C,  // punctuation, small digits
    0x2190...0x22FF,  // arrows, mathematics
    0x2500...0x25FC, 0x2713...0x2717,  // boxes, blocks, shapes, checks
    0x27E8...0x27E9, 0x2800...0x28FF,  // brackets, braille
  ]

  /// The blocks that Unicode calls wide or fullwidth, emoji apart, which have a property of their own.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4CF,
    0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
  ]

  /// Accents, Japanese voicing marks, and the vowels and ends of Korean syllables.
  private static let overlays: [ClosedRange<UInt32>] = [
    0x300...0x36F, 0x1160...0x11FF, 0x3099...0x309A,
  ]
}
