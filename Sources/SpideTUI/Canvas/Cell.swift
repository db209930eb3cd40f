/// One character with its style.
public struct Cell: Hashable, Sendable {
  /// What is shown: a character with the marks over it, one column wide, or two where the next cell is covered.
  public var character: Character
  /// How it is shown.
  public var style: Style
  /// Whether the right half of the wide character in the cell before lies here; ``character`` is a space then.
  public internal(set) var isCovered = false

  /// A cell.
  public init(_ character: Character, _ style: Style = .plain) {
    self.character = character
    self.style = style
  }

  /// A space in the terminal's own colours.
  public static let blank = Cell(" ")
}
