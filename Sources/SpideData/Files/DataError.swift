import SpideFiles

/// What is wrong with a file that was to be read or written: one line for the user, and an exit code.
public struct DataError: Error, Hashable, Sendable {
  /// What failed, as the program's exit code tells it.
  public enum Kind: Int32, Hashable, Sendable {
    /// The file is there, but its contents are not what they should be.
    case badData = 65
    /// The file is not there or cannot be opened.
    case missingInput = 66
    /// It would take more memory than there is.
    case outOfMemory = 70
    /// The output cannot be written.
    case cannotCreate = 73
  }

  /// What failed.
  public let kind: Kind
  /// The file, or the data set where no single file is at fault.
  public let path: String
  /// What is wrong, with the values.
  public let problem: String
  /// What would have been right.
  public let expected: String

  /// An error about `path`.
  public init(_ kind: Kind, path: String, problem: String, expected: String) {
    self.kind = kind
    self.path = path
    self.problem = problem
    self.expected = expected
  }

  /// 65, 66, 70 or 73.
  public var exitCode: Int32 { kind.rawValue }
}

extension DataError: CustomStringConvertible {
  /// `PATH: what is wrong; what was expected`: always one line, without control characters.
  public var description: String {
    "\(path.isEmpty ? "\"\"" : path): \(problem); expected \(expected)".printable()
  }
}
