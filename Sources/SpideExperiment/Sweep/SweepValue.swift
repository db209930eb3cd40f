/// A value that a key of presets takes in a sweep, as it was typed. Numbers are the same however they are written.
public struct SweepValue: Sendable {
  /// As it was typed.
  public let text: String
  /// The number that it is; nil for any other text.
  public let number: Double?

  /// A value.
  public init(_ text: String) {
    self.text = text
    number = NumberText.read(text)
  }
}

extension SweepValue: Hashable {
  /// Equal numbers, or equal texts.
  public static func == (one: SweepValue, other: SweepValue) -> Bool {
    one.number == other.number && (one.number != nil || one.text == other.text)
  }

  /// Of the number, or of the text where it is none.
  public func hash(into hasher: inout Hasher) {
    if let number { hasher.combine(number) } else { hasher.combine(text) }
  }
}
