/// The name of a recording as CIFAR10-DVS is published, `cifar10_airplane_900.aedat`: its number says which part it is of.
struct RecordingName {
  /// The file name.
  let text: String
  /// The number's digits, without zeros before them.
  private let digits: Substring

  static let suffix = ".aedat"

  /// Nil for a name that does not end in a number, after a `_` or alone.
  init?(_ text: String) {
    let stem = text.dropLast(RecordingName.suffix.count)
    let number = stem.lastIndex(of: "_").map { stem[stem.index(after: $0)...] } ?? stem
    guard text.hasSuffix(RecordingName.suffix), !number.isEmpty,
      number.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    self.text = text
    digits = number.drop { $0 == "0" }
  }

  /// Whether the recording tests: 900 … 999.
  var isTest: Bool { digits.utf8.count == 3 && digits.hasPrefix("9") }

  /// Whether its number is below another's; a number may be of any length.
  func precedes(_ other: RecordingName) -> Bool {
    (digits.utf8.count, String(digits)) < (other.digits.utf8.count, String(other.digits))
  }
}
