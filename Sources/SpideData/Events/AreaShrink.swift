/// Shrinks frames of 128×128 to 48×48 by area: each new pixel is the mean of what it covers.
///
/// 128 to 48 is 8 to 3. In thirds of an old pixel, an old one is 3 wide and a new one 8, so that a mean is a whole
/// number divided by 64: exact in a `Float`, and kept as the whole number.
package enum AreaShrink {
  /// Rows, and columns, of the new frame.
  package static let side = 48
  /// What divides the numbers of a new frame.
  package static let scale: Float = 64

  /// For each new row or column: the first old one that it covers, and how much of that and the following ones.
  private static let covers: [(first: Int, thirds: [UInt32])] = (0..<side).map { new in
    let first = 8 * new / 3
    let last = (8 * new + 7) / 3
    return (
      first,
      (first...last).map { old in
        UInt32(min(3 * old + 3, 8 * new + 8) - max(3 * old, 8 * new))
      }
    )
  }

  /// Appends 64 times the shrunk frame, `[2, 48, 48]`, of counts `[2, 128, 128]`.
  package static func append(_ counts: [UInt32], to shrunk: inout [UInt32]) {
    let old = EventFile.side
    var rows = [UInt32](repeating: 0, count: old)
    for plane in 0..<2 {
      for rowCover in covers {
        for column in 0..<old { rows[column] = 0 }
        for (offset, height) in rowCover.thirds.enumerated() {
          let start = (plane * old + rowCover.first + offset) * old
          for column in 0..<old { rows[column] += height * counts[start + column] }
        }
        for columnCover in covers {
          var sum: UInt32 = 0
          for (offset, width) in columnCover.thirds.enumerated() {
            sum += width * rows[columnCover.first + offset]
          }
          shrunk.append(sum)
        }
      }
    }
  }
}
