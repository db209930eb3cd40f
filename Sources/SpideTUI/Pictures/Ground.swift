/// What a picture stands on: the terminal's own background, and the foreground that is read on it.
public enum Ground: String, Hashable, Sendable, CaseIterable {
  case dark
  case light

  /// `#rrggbb`.
  var background: String { self == .dark ? "#0d1117" : "#ffffff" }
  /// The edge of the picture, which shows on a page of the same colour.
  var edge: String { self == .dark ? "#30363d" : "#d1d9e0" }
  /// `#rrggbb`.
  var foreground: String { self == .dark ? "#d1d7e0" : "#1f2328" }

  /// The colour of an xterm's number 16 … 255 as `#rrggbb`: a cube of 6×6×6, then 24 grays. Another number (-1 stands for
  /// the terminal's own colour) is `own`.
  static func color(_ number: Int, own: String) -> String {
    switch number {
    case 16...231:
      let levels = [0, 95, 135, 175, 215, 255]
      let place = number - 16
      return hexadecimal([levels[place / 36], levels[place / 6 % 6], levels[place % 6]])
    case 232...255:
      let level = 8 + 10 * (number - 232)
      return hexadecimal([level, level, level])
    default: return own
    }
  }

  private static func hexadecimal(_ levels: [Int]) -> String {
    levels.reduce("#") { text, level in
      let digits = String(level, radix: 16)
      return text + (digits.count == 1 ? "0" : "") + digits
    }
  }
}
