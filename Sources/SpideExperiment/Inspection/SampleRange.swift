/// Samples of a set as a command line names them: `A..B`, both of them among the samples.
public struct SampleRange: Sendable, Hashable {
  /// From the first to behind the last.
  public let indices: Range<Int>

  /// Reads `A..B`; nil for any other text and where `B` is below `A`.
  public init?(_ text: String) {
    let ends = text.split(separator: ".", omittingEmptySubsequences: false)
    guard ends.count == 3, ends[1].isEmpty, let first = Self.number(ends[0]),
      let last = Self.number(ends[2]), first <= last, last < Int.max
    else { return nil }
    indices = first..<last + 1
  }

  /// One sample.
  public init(_ index: Int) { indices = index..<index + 1 }

  private static func number(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }
}
