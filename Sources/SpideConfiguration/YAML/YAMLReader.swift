import Yams

/// Text → checked ``YAMLNode``; the one place that knows the YAML library.
///
/// Accepted is the YAML that people write by hand: one document of mappings, lists and scalars. Anchors,
/// aliases, tags, merge keys and keys that are not text are refused, because a preset must read as it looks.
struct YAMLReader {
  /// Levels of mappings and lists.
  static let deepestNesting = 24

  private let check: TextCheck

  init(file: String, columnOffset: Int = 0) {
    check = TextCheck(file: file, columnOffset: columnOffset)
  }

  /// The root value; nil where the text is empty or has only comments.
  func read(_ source: String, path: String = "") throws(ConfigurationError) -> YAMLNode? {
    let text =
      source.unicodeScalars.first == "\u{FEFF}"
      ? String(source.unicodeScalars.dropFirst()) : source
    try check.check(text)
    do {
      // Nodes hold their anchors weakly: the parser must outlive the conversion.
      let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      defer { withExtendedLifetime(parser) {} }
      return try parser.singleRoot().map { try node($0, path: path, depth: 0) }
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw translated(error, text: text)
    }
  }

  private func node(_ node: Node, path: String, depth: Int) throws(ConfigurationError) -> YAMLNode {
    let position = position(node.mark)
    if node.anchor != nil {
      throw ConfigurationError(
        at: position, "an anchor or alias (&name, *name)", expected: "every value written out")
    }
    guard depth <= YAMLReader.deepestNesting else { throw tooDeep(position) }
    let content: YAMLNode.Content
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain
      try refuseTag(scalar.tag, at: position, allowed: isPlain ? "" : Tag.Name.str.rawValue)
      content = .scalar(scalar.string, isPlain: isPlain)
    case .sequence(let sequence):
      try refuseTag(sequence.tag, at: position, allowed: "")
      var values: [YAMLNode] = []
      for (index, value) in sequence.enumerated() {
        values.append(try self.node(value, path: joined(path, String(index)), depth: depth + 1))
      }
      content = .sequence(values)
    case .mapping(let mapping):
      try refuseTag(mapping.tag, at: position, allowed: "")
      var entries: [YAMLNode.Entry] = []
      for (key, value) in mapping {
        let (name, place) = try self.key(key)
        let value = try self.node(value, path: joined(path, name), depth: depth + 1)
        entries.append(YAMLNode.Entry(key: name, position: place, value: value))
      }
      content = .mapping(entries)
    case .alias:
      throw ConfigurationError(at: position, "an alias", expected: "every value written out")
    }
    return YAMLNode(content: content, position: position, path: path)
  }

  private func key(_ node: Node) throws(ConfigurationError) -> (String, Position) {
    let position = position(node.mark)
    guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
      throw ConfigurationError(at: position, "a key that is no text", expected: "a known key")
    }
    if node.anchor != nil {
      throw ConfigurationError(
        at: position, "an anchor or alias (&name, *name)", expected: "a known key")
    }
    if scalar.string == "<<" {
      throw ConfigurationError(
        at: position, "a merge key (<<)", expected: "every key written out")
    }
    // The parser has compared keys by now, which gave those without a tag the one of text.
    try refuseTag(scalar.tag, at: position, allowed: Tag.Name.str.rawValue)
    return (scalar.string, position)
  }

  private func refuseTag(
    _ tag: Tag, at position: Position, allowed: String
  ) throws(ConfigurationError) {
    guard tag.rawValue != allowed, !tag.rawValue.isEmpty else { return }
    throw ConfigurationError(
      at: position, "the tag \(quoted(tag.rawValue))", expected: "a value without a tag")
  }

  private func tooDeep(_ position: Position) -> ConfigurationError {
    ConfigurationError(
      at: position, "mappings and lists nested more than \(YAMLReader.deepestNesting) deep",
      expected: "a file nested a few levels deep")
  }

  private func position(_ mark: Mark?) -> Position {
    check.position(line: mark?.line ?? 1, column: mark?.column ?? 1)
  }

  private func translated(_ error: any Error, text: String) -> ConfigurationError {
    guard let error = error as? YamlError else {
      return ConfigurationError(
        at: position(nil), "unreadable YAML (\(error))", expected: "YAML text")
    }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
      if problem.hasPrefix("Maximum nesting level") { return tooDeep(position(mark)) }
      return ConfigurationError(
        at: position(mark), "no YAML here: \(problem)",
        expected: "\"key: value\" lines, indented with spaces")
    case .composer(_, let problem, let mark, _):
      let isDocument = problem.hasSuffix("another document")
      return ConfigurationError(
        at: position(mark), isDocument ? "a second document begins" : problem,
        expected: isDocument ? "one document" : "every value written out")
    case .duplicatedKeysInMapping(let keys, let context):
      let key = keys.first ?? ""
      return ConfigurationError(
        at: secondPlace(of: key, after: context.mark, in: text),
        "the key \(quoted(key)) is given twice", expected: "each key once")
    default:
      return ConfigurationError(
        at: position(nil), "unreadable YAML (\(error))", expected: "YAML text")
    }
  }

  /// Where a key stands again: later on its line, or below at the same column. The parser tells the first
  /// place only, and that is the answer where the text is laid out otherwise.
  private func secondPlace(of key: String, after first: Mark, in text: String) -> Position {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
      .map { Array($0.unicodeScalars) }
    let name = Array(key.unicodeScalars)
    func stands(_ line: Int, _ column: Int) -> Bool {
      let rest = lines[line - 1].dropFirst(column - 1)
      return rest.starts(with: name) && rest.dropFirst(name.count).first { $0 != " " } == ":"
    }
    guard lines.indices.contains(first.line - 1) else { return position(first) }
    let sameLine = (first.column...max(first.column, lines[first.line - 1].count)).dropFirst()
    if let column = sameLine.first(where: { stands(first.line, $0) }) {
      return check.position(line: first.line, column: column)
    }
    let line = (first.line...lines.count).dropFirst().first { stands($0, first.column) }
    return check.position(line: line ?? first.line, column: first.column)
  }
}
