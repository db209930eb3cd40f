extension Glyphs {
  /// `text` in lines of at most `width` columns, cut between words, and within a word where that is longer than a line.
  func lines(_ text: String, width: Int) -> [String] {
    guard width > 0 else { return [] }
    var lines: [String] = []
    for word in plain(text).split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
        continue
      }
      var rest = word
      while rest.count > width {
        lines.append(String(rest.prefix(width)))
        rest = rest.dropFirst(width)
      }
      if !rest.isEmpty { lines.append(String(rest)) }
    }
    return lines
  }
}
