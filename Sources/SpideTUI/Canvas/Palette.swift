/// How many colours a terminal shows.
public enum ColorDepth: Int, Hashable, Sendable, CaseIterable {
  case none = 0
  case eight = 8
  case sixteen = 16
  case twoHundredFiftySix = 256
}

/// What a style looks like on a terminal: colour numbers, -1 for the terminal's own, and attributes.
package struct Ink: Hashable, Sendable {
  package var foreground = -1
  package var background = -1
  package var isBold = false
  package var isDim = false
  package var isReversed = false
  package var isUnderlined = false
}

/// Turns meanings into what a terminal of some depth can do.
///
/// Foregrounds of text and lines keep a contrast of 3 to 1 or so against black and against white,
/// since the background is the user's, that of maps too. Pictures bring a black background with them instead.
/// Warm against cool tells signs apart whatever the eye's colour vision.
package struct Palette: Sendable {
  package let depth: ColorDepth

  package init(_ depth: ColorDepth) { self.depth = depth }

  /// The ink for a style.
  package func ink(for style: Style) -> Ink {
    var ink = depth == .none ? Ink() : colors(for: style.tone)
    emphasize(&ink, for: style.tone)
    ink.isBold = ink.isBold || style.isBold
    ink.isDim = ink.isDim || style.isDim
    ink.isReversed = style.isReversed
    ink.isUnderlined = ink.isUnderlined || style.isUnderlined
    return ink
  }

  /// What says a tone by itself: on every terminal for titles, elsewhere where colours are few.
  private func emphasize(_ ink: inout Ink, for tone: Tone) {
    switch tone {
    case .accent: ink.isBold = true
    case .heat(let value) where value != 0:
      emphasize(&ink, for: value < 0 ? .negative : .positive)
    case .faint: ink.isDim = depth != .twoHundredFiftySix
    case .threshold: ink.isDim = depth == .none
    case .positive, .bad, .warning: ink.isBold = depth == .none
    case .negative: ink.isDim = depth == .none
    case .series(let number) where depth == .eight || depth == .sixteen:
      ink.isBold = Self.index(number, of: 4) > 1
    case .series(let number) where depth == .none:
      switch Self.index(number, of: 4) {
      case 1: ink.isBold = true
      case 2: ink.isUnderlined = true
      case 3: ink.isDim = true
      default: break
      }
    default: break
    }
  }

  private func colors(for tone: Tone) -> Ink {
    switch tone {
    case .normal: Ink()
    case .faint: Ink(foreground: pick(244, few: -1))
    case .accent: Ink(foreground: pick(133, few: 5))
    case .spike: Ink(foreground: pick(30, few: 2))
    case .positive: Ink(foreground: pick(166, few: 1))
    case .negative: Ink(foreground: pick(32, sixteen: 12, few: 6))
    case .threshold: Ink(foreground: pick(162, few: 5))
    case .exact: Ink(foreground: pick(100, few: 3))
    case .good: Ink(foreground: pick(28, few: 2))
    case .bad: Ink(foreground: pick(160, few: 1))
    case .warning: Ink(foreground: pick(136, few: 3))
    case .series(let number): Ink(foreground: series(number))
    case .gray(let level): Ink(foreground: gray(level), background: black)
    case .color(let red, let green, let blue):
      Ink(foreground: color(Int(red), Int(green), Int(blue)), background: black)
    // What is strong has more of the cell, so it stands out on dark and on light ground alike.
    case .heat(let value): colors(for: value < 0 ? .negative : value > 0 ? .positive : .faint)
    }
  }

  private func pick(_ full: Int, sixteen: Int? = nil, few: Int) -> Int {
    switch depth {
    case .none: -1
    case .eight: few
    case .sixteen: sixteen ?? few
    case .twoHundredFiftySix: full
    }
  }

  private var black: Int { pick(16, few: 0) }

  /// Indigo, red-brown, sage, tan, mauve, gray: none of them has a meaning of its own.
  private func series(_ number: Int) -> Int {
    let full = [61, 131, 65, 137, 96, 244]
    // Where colours are few, two of them, plain and bold.
    return depth == .twoHundredFiftySix
      ? full[Self.index(number, of: full.count)] : Self.index(number, of: 2) == 0 ? 4 : -1
  }

  private func gray(_ level: UInt8) -> Int {
    let level = Int(level)
    return switch depth {
    case .none: -1
    case .eight: level < 32 ? 0 : 7
    case .sixteen: level < 32 ? 0 : level < 112 ? 8 : level < 192 ? 7 : 15
    case .twoHundredFiftySix: level < 4 ? 16 : level > 246 ? 231 : 232 + min(23, (level - 3) / 10)
    }
  }

  private func color(_ red: Int, _ green: Int, _ blue: Int) -> Int {
    guard depth == .twoHundredFiftySix else {
      return gray(UInt8((299 * red + 587 * green + 114 * blue) / 1000))
    }
    return Self.nearest(red: red, green: green, blue: blue)
  }

  private static func index(_ number: Int, of count: Int) -> Int {
    ((number % count) + count) % count
  }

  /// The colour of the 6×6×6 cube nearest to one given in 0 … 255.
  private static func nearest(red: Int, green: Int, blue: Int) -> Int {
    // The cube's levels are 0, 95, 135, … 255: even steps of 40 but for the first.
    func level(_ value: Int) -> Int { value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40 }
    return 16 + 36 * level(red) + 6 * level(green) + level(blue)
  }
}
