import SpideFiles

/// Why a preset or a screen cannot be had by its name or path.
public enum LibraryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Nothing has that name: `kind` is `preset` or `screen`, `searched` the places looked in.
  case notFound(kind: String, name: String, suggestion: String?, searched: [String])
  /// There is something, but its text cannot be had: a directory, no permission.
  case unreadable(path: String, reason: String)
  /// The text was read and is wrong.
  case invalid(ConfigurationError)

  /// One line.
  public var description: String {
    switch self {
    case .notFound(let kind, let name, let suggestion, let searched):
      let hint = suggestion.map { " (did you mean \"\($0)\"?)" } ?? ""
      return "no \(kind) \(quoted(name))\(hint); looked in \(searched.joined(separator: ", "))"
        .printable()
    case .unreadable(let path, let reason):
      return "\(path): cannot be read: \(reason); expected a readable YAML file".printable()
    case .invalid(let error): return error.description
    }
  }

  /// The status with which a command ends on this error: 66 for missing input, 65 for bad data.
  public var exitCode: Int32 {
    if case .invalid(let error) = self { return error.exitCode }
    return 66
  }
}
