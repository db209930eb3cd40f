/// Why the terminal could not be taken over: one line for its user.
public enum TerminalError: Error, Hashable, Sendable {
  case inputIsNoTerminal
  case outputIsNoTerminal
  /// The value of `TERM`, empty if unset.
  case unknownType(String)
  /// The value of `TERM`.
  case cannotMoveCursor(String)
  /// What the system said.
  case failed(String)

  /// The exit code that fits: 64 for a use that cannot work, 70 for a fault.
  public var exitCode: Int32 {
    if case .failed = self { 70 } else { 64 }
  }
}

extension TerminalError: CustomStringConvertible {
  /// Where, what, and what was expected.
  public var description: String {
    switch self {
    case .inputIsNoTerminal:
      "standard input: not a terminal; the explorer needs one to read keys from"
    case .outputIsNoTerminal:
      "standard output: not a terminal; the explorer needs one to draw on"
    case .unknownType(""):
      "TERM: not set; expected the terminal's type, such as xterm-256color"
    case .unknownType(let name):
      "TERM=\(name): unknown terminal type; expected one such as xterm-256color"
    case .cannotMoveCursor(let name):
      "TERM=\(name): this terminal cannot move its cursor; expected one such as xterm-256color"
    case .failed(let reason):
      "terminal: \(reason)"
    }
  }
}
