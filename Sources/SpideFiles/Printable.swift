extension String {
  /// The text with control characters escaped but for those in `kept`, cut to `limit` characters: file contents may be
  /// hostile, and messages end up on terminals.
  package func printable(limit: Int = .max, keeping kept: [Unicode.Scalar] = []) -> String {
    var text = ""
    for scalar in unicodeScalars.prefix(limit) {
      switch scalar.properties.generalCategory {
      case .control where kept.contains(scalar): text.unicodeScalars.append(scalar)
      case .control, .format, .lineSeparator, .paragraphSeparator:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return unicodeScalars.count > limit ? text + "…" : text
  }
}
