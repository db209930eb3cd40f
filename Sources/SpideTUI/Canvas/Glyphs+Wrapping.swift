extension Glyphs {
  /// `text` in lines of at most `width` columns, broken between words, and within one that is longer than a line.
  ///
  /// Line ends in `text` are kept. Not a line where `width` is not positive.
  public func wrapped(_ text: String, to width: Int) -> [String] {
    guard width > 0 else { return [] }
    var lines: [String] = []
    let paragraphs = plain(text).unicodeScalars.split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" })
    for paragraph in paragraphs {
      var line = ""
      for word in paragraph.split(separator: " ") {
        var rest = String(word)
        if !line.isEmpty {
          if self.width(line) + 1 + self.width(rest) <= width {
            line += " " + rest
            continue
          }
          lines.append(line)
        }
        while self.width(rest) > width {
          // A character wider than the line stands in one of its own.
          let part = prefix(rest, columns: width)
          let taken = part.isEmpty ? String(rest.unicodeScalars.prefix(1)) : part
          lines.append(taken)
          rest = String(rest.unicodeScalars.dropFirst(taken.unicodeScalars.count))
        }
        line = rest.isEmpty ? lines.removeLast() : rest
      }
      lines.append(line)
    }
    return lines
  }
}
