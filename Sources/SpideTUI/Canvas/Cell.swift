/// One character with its style. Every character used is one column wide.
public struct Cell: Hashable, Sendable {
  /// What is shown.
  public var character: Character
  /// How it is shown.
  public var style: Style

  /// A cell.
  public init(_ character: Character, _ style: Style = .plain) {
    self.character = character
    self.style = style
  }

  /// A space in the terminal's own colours.
  public static let blank = Cell(" ")
}
