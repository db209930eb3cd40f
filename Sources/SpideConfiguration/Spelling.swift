/// Finds the known word that a user probably meant.
package enum Spelling {
  /// The nearest of `words`; nil where none is close enough to be the same word mistyped.
  static func nearest(to word: String, in words: [String]) -> String? {
    // A word of three letters is another word after two changes; a long one is not.
    let allowance = word.count <= 3 ? 1 : word.count <= 8 ? 2 : 3
    guard word.count <= 64 else { return nil }
    return words.map { ($0, distance(word.lowercased(), $0.lowercased())) }
      .filter { $0.1 <= allowance && $0.1 < $0.0.count }
      .min { $0.1 < $1.1 }?.0
  }

  /// ` (did you mean "threshold"?)`, or nothing where no word is near.
  package static func hint(for word: String, in words: [String]) -> String {
    nearest(to: word, in: words).map { " (did you mean \"\($0)\"?)" } ?? ""
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other
  /// (optimal string alignment).
  static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first.unicodeScalars)
    let b = Array(second.unicodeScalars)
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row.append(best)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
