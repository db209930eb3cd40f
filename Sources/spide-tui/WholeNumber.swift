/// Whole numbers of the command line.
enum WholeNumber {
  /// Reads a number of a range, and says of any other text why it is none.
  static func within<Number: FixedWidthInteger & Sendable>(
    _ range: ClosedRange<Number>
  ) -> @Sendable (String) throws -> Number {
    { text in
      if let number = Number(text), range.contains(number) { return number }
      let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
      let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (48...57).contains($0) }
      // Whoever meant a small number need not read the largest of the machine.
      let isTooLarge =
        isNumber && !text.hasPrefix("-") && (Number(text).map { $0 > range.upperBound } ?? true)
      let isOpen = range.upperBound == Int.max && !isTooLarge
      let expected =
        isOpen ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
      throw Refusal(
        description: isNumber
          ? "out of range; expected \(expected)" : "expected a whole number, \(expected)")
    }
  }

  private struct Refusal: Error, CustomStringConvertible {
    let description: String
  }
}
