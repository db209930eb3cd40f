import Foundation
import SpideConfiguration
import SpideData
import SpideExperiment
import SpideFiles
import SpideTUI

/// The one place where errors become a line and an exit code.
struct Failing {
  /// What standard error gets; empty where there is nothing to say.
  let line: String
  /// How the program is used, where that was the error.
  private(set) var usage = ""
  let exitCode: Int32

  init(_ error: any Error) {
    switch error {
    case let error as RankFailure:
      let place = error.place.map { " (\($0))" } ?? ""
      line = error.error.map { Failing($0).line + place } ?? ""
      exitCode = error.exitCode
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
    case let error as ExperimentError:
      line = "spide-tui: \(error.description)"
      exitCode = 64
    case let error as UsageError:
      line = "spide-tui: \(error.line)"
      exitCode = 64
    case let error as OutputFailure:
      line = error.isClosedPipe ? "" : "spide-tui: \(error.line)"
      exitCode = 73
    case let error as ProgramFault:
      line = "spide-tui: \(error.line)"
      exitCode = 70
    default:
      let message = SpideCommand.message(for: error)
      let whole = SpideCommand.fullMessage(for: error)
      line = message.isEmpty ? "" : "Error: \(message)"
      if let range = whole.range(of: "\nUsage: ", options: .backwards) {
        usage = String(whole[range.lowerBound...].dropFirst())
      }
      exitCode = SpideCommand.exitCode(for: error).rawValue
    }
  }

  /// Says it on standard error.
  func tell() {
    if !line.isEmpty { StandardError.line(Failing.shortened(line)) }
    if !usage.isEmpty { StandardError.text(usage + "\n") }
  }

  /// The line with whatever was given to the program cut to 200 characters where it stands in it.
  private static func shortened(_ line: String) -> String {
    let limit = 200
    let given =
      Array(CommandLine.arguments.dropFirst()) + ProcessInfo.processInfo.environment.values
    // Either side of --option=value and of key=value is given too.
    let parts = given.flatMap { [$0] + $0.split(separator: "=", maxSplits: 2).map(String.init) }
    let long = Set(parts.filter { $0.utf8.count > limit }.map { $0.printable() })
      .filter { $0.count > limit }
    return long.sorted { $0.count > $1.count }.reduce(line.printable()) { line, text in
      line.replacing(text, with: text.prefix(limit) + "…")
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
