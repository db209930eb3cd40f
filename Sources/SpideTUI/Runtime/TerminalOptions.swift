/// What the user asked of the terminal.
public struct TerminalOptions: Hashable, Sendable {
  /// Whether clicks, drags and the wheel come as events. Off, the terminal's own selection works.
  public var usesMouse: Bool
  /// Whether colours are used where the terminal has them and `NO_COLOR` is not set.
  public var usesColor: Bool
  /// Whether characters beyond ASCII are shown; nil asks the locale.
  public var usesUnicode: Bool?

  /// What suits most terminals, unless told otherwise.
  public init(usesMouse: Bool = true, usesColor: Bool = true, usesUnicode: Bool? = nil) {
    self.usesMouse = usesMouse
    self.usesColor = usesColor
    self.usesUnicode = usesUnicode
  }
}
