/// A YAML value with its place and its dotted path from the root, before it means anything.
///
/// Scalars stay text: YAML's own reading of `030`, `1:30` or `yes` never happens.
struct YAMLNode: Sendable {
  enum Content: Sendable {
    /// `isPlain` is false for quoted and block text.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Entry])
  }

  /// A key of a mapping with its value.
  struct Entry: Sendable {
    let key: String
    let position: Position
    var value: YAMLNode
  }

  var content: Content
  let position: Position
  /// `network.links.0.dense.units`, as `--set` writes it; empty for the root.
  let path: String

  /// Whether it is a mapping with that key.
  func has(_ key: String) -> Bool {
    guard case .mapping(let entries) = content else { return false }
    return entries.contains { $0.key == key }
  }

  /// An error at this value: `what` follows its path.
  func error(_ what: String, expected: String) -> ConfigurationError {
    ConfigurationError(
      at: position, (path.isEmpty ? "the file" : path) + " " + what, expected: expected)
  }

  /// An error that says what the value is instead of what it should be.
  func mismatch(expected: String) -> ConfigurationError {
    error("is " + summary, expected: expected)
  }

  /// The value in a few words: `a list`, `empty`, `"abc"`, `0.5`.
  private var summary: String {
    switch content {
    case .sequence: return "a list"
    case .mapping: return "a mapping"
    case .scalar(let text, isPlain: true) where text.isEmpty: return "empty"
    case .scalar(let text, isPlain: true) where Scalar.isNumber(text): return text
    case .scalar(let text, isPlain: true): return quoted(text)
    case .scalar(let text, isPlain: false): return "the text " + quoted(text)
    }
  }
}

/// Appends a key or an index to a dotted path.
func joined(_ path: String, _ key: String) -> String { path.isEmpty ? key : path + "." + key }
