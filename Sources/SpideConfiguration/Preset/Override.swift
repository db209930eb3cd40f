/// One `KEY=VALUE` argument of `--set`: replaces the value of a key, or adds a key that is missing.
///
/// `KEY` is a dotted path, with indices for entries of lists: `network.links.0.dense.units`. `VALUE` is YAML.
/// Whether the key and the value are legal is for the decoder to say, as for any other.
struct Override {
  private let argument: String
  private let segments: [(name: String, column: Int)]
  private let value: YAMLNode

  init(_ argument: String) throws(ConfigurationError) {
    self.argument = argument
    let position = { Override.position(of: argument, column: $0) }
    guard let equals = argument.unicodeScalars.firstIndex(of: "=") else {
      throw ConfigurationError(at: position(1), "no = in it", expected: "KEY=VALUE")
    }
    let key = argument.unicodeScalars[..<equals]
    var segments: [(name: String, column: Int)] = []
    var column = 1
    for segment in key.split(separator: ".", omittingEmptySubsequences: false) {
      if segment.isEmpty {
        throw ConfigurationError(
          at: position(column), "an empty key", expected: "a key such as steps.backward")
      }
      segments.append((String(segment), column))
      column += segment.count + 1
    }
    // Paths end up in every error about the value, and recursion follows them.
    guard segments.count <= 8 else {
      throw ConfigurationError(
        at: position(1), "a key of \(segments.count) parts", expected: "at most 8")
    }
    self.segments = segments
    let reader = YAMLReader(file: Override.file(argument), columnOffset: key.count + 1)
    let text = String(argument.unicodeScalars[equals...].dropFirst())
    let empty = YAMLNode(
      content: .scalar("", isPlain: true), position: position(key.count + 2), path: String(key))
    do throws(ConfigurationError) {
      value = try reader.read(text, path: String(key)) ?? empty
    } catch {
      // The parser places a fault at the end of its text on a line that an argument does not have.
      guard error.line > 1, !text.contains(where: \.isNewline) else { throw error }
      throw ConfigurationError(
        at: position(argument.unicodeScalars.count + 1), error.problem, expected: error.expected)
    }
  }

  /// What errors call the text of an override.
  static func file(_ argument: String) -> String { filePrefix + argument }
  static let filePrefix = "--set "

  /// A place in an override.
  static func position(of argument: String, column: Int) -> Position {
    Position(file: file(argument), line: 1, column: column)
  }

  /// Puts the value into a tree.
  func apply(to root: inout YAMLNode) throws(ConfigurationError) {
    try set(&root, segments[...])
  }

  private func set(
    _ node: inout YAMLNode, _ path: ArraySlice<(name: String, column: Int)>
  ) throws(ConfigurationError) {
    guard let segment = path.first else {
      node = value
      return
    }
    let position = Override.position(of: argument, column: segment.column)
    switch node.content {
    case .mapping(var entries):
      let index = entries.firstIndex { $0.key == segment.name } ?? entries.count
      if index == entries.count {
        let missing = YAMLNode(
          content: .mapping([]), position: position, path: joined(node.path, segment.name))
        entries.append(YAMLNode.Entry(key: segment.name, position: position, value: missing))
      }
      try set(&entries[index].value, path.dropFirst())
      node.content = .mapping(entries)
    case .sequence(var values):
      guard let index = Int(segment.name), values.indices.contains(index) else {
        let indices = values.isEmpty ? "a list with entries" : "0 to \(values.count - 1)"
        throw ConfigurationError(
          at: position, "\(node.path) has no entry \(quoted(segment.name))", expected: indices)
      }
      try set(&values[index], path.dropFirst())
      node.content = .sequence(values)
    case .scalar:
      throw ConfigurationError(
        at: position, "\(node.path) has no keys within it",
        expected: "\(node.path)=VALUE")
    }
  }
}
