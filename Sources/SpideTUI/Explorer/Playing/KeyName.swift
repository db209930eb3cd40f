extension Key {
  /// What the help and played sessions call the key: `s`, `space`, `Tab`, `PgUp`, `Ctrl-C`, `F1`. A character that cannot
  /// be seen goes by its number, as in `U+A0`.
  var name: String {
    switch self {
    case .character(let character):
      if let name = Key.named.first(where: { $0.key == self })?.name { return name }
      let scalars = character.unicodeScalars
      if scalars.allSatisfy(\.isSeen) { return String(character) }
      return scalars.map { "U+" + String($0.value, radix: 16, uppercase: true) }.joined(
        separator: "+")
    case .control(let letter): return "Ctrl-" + letter.uppercased()
    case .function(let number): return "F\(number)"
    default: return Key.named.first { $0.key == self }?.name ?? ""
    }
  }

  /// The key of a name; nil for any other word.
  init?(name: some StringProtocol) {
    if let known = Key.named.first(where: { $0.name == name }) {
      self = known.key
    } else if let letter = Key.suffix(name, after: "Ctrl-") {
      let scalars = letter.unicodeScalars
      guard scalars.count == 1, let scalar = scalars.first, ("@"..."_").contains(scalar) else {
        return nil
      }
      self = .control(Character(letter.lowercased()))
    } else if let digits = Key.suffix(name, after: "F"), let number = Key.digits(digits),
      number > 0
    {
      self = .function(number)
    } else if name.hasPrefix("U+") {
      var text = String.UnicodeScalarView()
      for part in name.split(separator: "+", omittingEmptySubsequences: false) where part != "U" {
        guard let code = UInt32(part, radix: 16), let scalar = Unicode.Scalar(code) else {
          return nil
        }
        text.append(scalar)
      }
      guard String(text).count == 1 else { return nil }
      self = .character(Character(String(text)))
    } else if name.count == 1, let character = name.first,
      character.unicodeScalars.allSatisfy(\.isSeen)
    {
      self = .character(character)
    } else {
      return nil
    }
  }

  /// Keys that have a name of their own. At the beginning of a line `:` and `#` mean something else there.
  private static let named: [(name: String, key: Key)] = [
    ("space", .character(" ")), ("colon", .character(":")), ("hash", .character("#")),
    ("Enter", .enter), ("Esc", .escape), ("Tab", .tab), ("Shift-Tab", .backTab),
    ("Backspace", .backspace), ("Delete", .delete), ("Insert", .insert), ("Up", .up),
    ("Down", .down), ("Left", .left), ("Right", .right), ("Home", .home), ("End", .end),
    ("PgUp", .pageUp), ("PgDn", .pageDown),
  ]

  private static func suffix(_ name: some StringProtocol, after prefix: String) -> String? {
    name.hasPrefix(prefix) && name.count > prefix.count ? String(name.dropFirst(prefix.count)) : nil
  }

  private static func digits(_ text: String) -> Int? {
    text.utf8.allSatisfy { (48...57).contains($0) } && text.utf8.count <= 2 ? Int(text) : nil
  }
}

extension Unicode.Scalar {
  /// Whether it is seen in a line of text, so that it can stand there as it is.
  var isSeen: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate,
      .privateUse, .unassigned:
      return false
    default: return true
    }
  }
}
