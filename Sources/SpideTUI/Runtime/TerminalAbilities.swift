internal import CTerminal
import Glibc

/// What the terminal can do, as far as its environment tells.
public struct TerminalAbilities: Hashable, Sendable {
  /// The value of `TERM`, empty if unset.
  public var type: String
  /// How many colours are used, `NO_COLOR` obeyed.
  public var colors: ColorDepth
  /// Whether the locale's characters are UTF-8.
  public var isUnicode: Bool
  /// What would keep the explorer from opening; nil if nothing would.
  public var obstacle: TerminalError?

  /// The cells that suit it.
  public var glyphs: Glyphs { Glyphs(fitting: type, isUnicode: isUnicode) }

  /// Whether lines on standard error, where that is a terminal, can be cleared and written again.
  public static var redrawsLines: Bool { isatty(STDERR_FILENO) == 1 && sct_redraws_lines() }

  /// Asks the environment, writing nothing to the terminal. Sets the process's character locale.
  public static func current() -> TerminalAbilities {
    var found = sct_abilities()
    let status = sct_probe(&found)
    return TerminalAbilities(
      type: environment("TERM") ?? "",
      colors: ColorDepth(colors: Int(found.colours), allowed: true),
      isUnicode: found.unicode, obstacle: TerminalError(status))
  }
}

extension Glyphs {
  /// The cells for a terminal of a type: the Linux console has a font without braille, and without UTF-8 there is ASCII
  /// alone.
  package init(fitting type: String, isUnicode: Bool) {
    let isConsole = type.split(separator: "-").first == "linux"
    self = !isUnicode ? .ascii : isConsole ? .block : .braille
  }
}

extension ColorDepth {
  /// The depth for a terminal of so many colours; none if not allowed here or by `NO_COLOR`.
  init(colors: Int, allowed: Bool) {
    let isRefused = !allowed || !(environment("NO_COLOR") ?? "").isEmpty
    self =
      switch colors {
      case _ where isRefused: .none
      case 256...: .twoHundredFiftySix
      case 16...: .sixteen
      case 8...: .eight
      default: .none
      }
  }
}

extension TerminalError {
  /// The error of a status; nil if opening went well. Reads `errno` for `SCT_FAILED`.
  init?(_ status: sct_status) {
    let type = environment("TERM") ?? ""
    switch status {
    case .SCT_OPENED: return nil
    case .SCT_INPUT_IS_NO_TERMINAL: self = .inputIsNoTerminal
    case .SCT_OUTPUT_IS_NO_TERMINAL: self = .outputIsNoTerminal
    case .SCT_UNKNOWN_TYPE: self = .unknownType(type)
    case .SCT_CANNOT_MOVE_CURSOR: self = .cannotMoveCursor(type)
    case .SCT_FAILED: self = .failed(String(cString: strerror(errno)))
    @unknown default: self = .failed("status \(status.rawValue)")
    }
  }
}

private func environment(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}
