import ArgumentParser
import Foundation

/// The program.
@main
struct SpideCommand: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "spide-tui",
    abstract: "A laboratory for SPIDE: spiking networks that learn with spikes alone.",
    discussion: """
      Without a command the explorer opens: step both stages of a sample by hand, change the reset potential, \
      watch training live. Press ? there for its keys.

      Exit codes: 0 done; 64 usage; 65 bad data or preset; 66 missing input; 70 a fault of the program; \
      73 cannot create output; 130 interrupted.
      """,
    version: version,
    subcommands: [
      ExploreCommand.self, TrainCommand.self, EvaluateCommand.self, TraceCommand.self,
      BenchCommand.self, ExportCommand.self, ImportCommand.self, PresetsCommand.self,
      ScreensCommand.self, InfoCommand.self,
    ],
    defaultSubcommand: ExploreCommand.self)

  static func main() {
    // A file that may not grow is an error like a full disk, and no reason to end without a word.
    signal(SIGXFSZ, SIG_IGN)
    MemoryFailure.watch()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard let failure = Failing(error) else { exit(withError: error) }
      FileHandle.standardError.write(Data((failure.line + "\n").utf8))
      Foundation.exit(failure.exitCode)
    }
  }
}
