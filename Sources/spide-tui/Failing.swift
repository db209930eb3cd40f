import SpideConfiguration
import SpideData
import SpideTUI

/// The one place where errors become a line and an exit code.
struct Failing {
  let line: String
  let exitCode: Int32

  /// Nil for what the argument parser itself reports: usage, help, exit codes.
  init?(_ error: any Error) {
    switch error {
    case let error as ConfigurationError:
      // The place comes first, as compilers have it, so that editors can jump there.
      line = error.description
      exitCode = error.exitCode
    case let error as LibraryError:
      if case .invalid = error {
        line = error.description
      } else {
        line = "spide-tui: \(error.description)"
      }
      exitCode = error.exitCode
    case let error as DataError:
      line = "spide-tui: \(error.description)"
      exitCode = error.exitCode
    case let error as TerminalError:
      line = "spide-tui: \(error.description)"
      exitCode = error.exitCode
    case let error as SpideTUI.Failure:
      line = "spide-tui: \(error.line)"
      exitCode = 65
    case let error as UsageError:
      line = "spide-tui: \(error.line)"
      exitCode = 64
    case let error as ProgramFault:
      line = "spide-tui: \(error.line)"
      exitCode = 70
    default: return nil
    }
  }
}

/// A fault of the program itself.
struct ProgramFault: Error {
  let line: String
}

/// Options that do not go together or are out of range.
struct UsageError: Error {
  let line: String

  init(_ line: String) { self.line = line }
}
