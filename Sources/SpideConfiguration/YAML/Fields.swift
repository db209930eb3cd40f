/// A mapping whose keys are known: a key that is not is an error before any value is read.
struct Fields {
  let node: YAMLNode
  private let entries: [YAMLNode.Entry]

  init(_ node: YAMLNode, keys: [String]) throws(ConfigurationError) {
    guard case .mapping(let entries) = node.content else {
      throw node.mismatch(expected: "a mapping with \(alternatives(keys))")
    }
    for entry in entries where !keys.contains(entry.key) {
      let place = node.path.isEmpty ? "" : " in \(node.path)"
      throw ConfigurationError(
        at: entry.position, "unknown key \(quoted(entry.key))" + place,
        expected: alternatives(keys) + Spelling.hint(for: entry.key, in: keys))
    }
    self.node = node
    self.entries = entries
  }

  subscript(key: String) -> YAMLNode? { entries.first { $0.key == key }?.value }

  func position(of key: String) -> Position {
    entries.first { $0.key == key }?.position ?? node.position
  }

  /// The value of a key that must be there.
  func required(_ key: String, _ meaning: String) throws(ConfigurationError) -> YAMLNode {
    guard let value = self[key] else {
      throw ConfigurationError(
        at: node.position, "the key \(joined(node.path, key)) is missing", expected: meaning)
    }
    return value
  }

  /// The one key of `choices` that a mapping must have, beside whatever else it has.
  func choice(_ choices: [String]) throws(ConfigurationError) -> YAMLNode.Entry {
    let chosen = entries.filter { choices.contains($0.key) }
    guard let first = chosen.first else {
      throw node.error("chooses nothing", expected: "one of " + alternatives(choices))
    }
    if chosen.count > 1 {
      throw ConfigurationError(
        at: chosen[1].position, "\(chosen[1].key) beside \(first.key) in \(node.path)",
        expected: "only one of " + alternatives(choices))
    }
    return first
  }

  /// An integer, or a default where the key is missing.
  func integer(
    _ key: String, _ range: ClosedRange<Int>, default value: Int
  ) throws(ConfigurationError) -> Int {
    guard let node = self[key] else { return value }
    return try node.integer(range)
  }

  /// A number, or a default where the key is missing.
  func number(
    _ key: String, _ bounds: Bounds, default value: Float
  ) throws(ConfigurationError) -> Float {
    guard let node = self[key] else { return value }
    return try node.number(bounds)
  }

  /// A truth value, or a default where the key is missing.
  func boolean(_ key: String, default value: Bool) throws(ConfigurationError) -> Bool {
    guard let node = self[key] else { return value }
    return try node.boolean()
  }
}
