/// A preset that the menu offers.
public struct PresetChoice: Hashable, Sendable {
  /// Its name.
  public var name: String
  /// One line about it, or what is wrong with it.
  public var summary: String
  /// Whether it can be opened.
  public var isUsable: Bool
  /// What opens it: its name, or a path.
  public var argument: String
  /// What stands in its way, in a word or two; empty for nothing.
  public var mark: String

  /// A choice, opened by its name unless an argument is given.
  public init(
    name: String, summary: String, isUsable: Bool, argument: String? = nil, mark: String = ""
  ) {
    self.name = name
    self.summary = summary
    self.isUsable = isUsable
    self.argument = argument ?? name
    self.mark = mark
  }
}
