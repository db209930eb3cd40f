import ArgumentParser
import Glibc
import SpideExperiment
import SpideTUI

/// The program.
@main
struct SpideCommand: ParsableCommand {
  static let version = Program.version

  static let configuration = CommandConfiguration(
    commandName: "spide-tui",
    abstract: "A laboratory for SPIDE: spiking networks that learn with spikes alone.",
    discussion: """
      Without a command the explorer opens: step both stages of a sample by hand, change the reset potential, \
      watch training live. Press ? there for its keys.

      Exit codes: 0 done; 64 usage; 65 bad data or preset; 66 missing input; 70 a fault of the program; \
      69 another process of the training was lost; 73 cannot create output; 130 interrupted.
      """,
    version: version,
    subcommands: [
      ExploreCommand.self, TrainCommand.self, EvaluateCommand.self, TraceCommand.self,
      InspectCommand.self, SweepCommand.self, PictureCommand.self,
      BenchCommand.self, ExportCommand.self, ImportCommand.self, PresetsCommand.self,
      ScreensCommand.self, InfoCommand.self,
    ],
    defaultSubcommand: ExploreCommand.self)

  static func main() {
    ProcessStart.prepare()
    MemoryFailure.watch()
    Glibc.exit(run())
  }

  /// Carries the command line out. What was asked for is done only once it has been written.
  ///
  /// - Returns: the exit code.
  private static func run() -> Int32 {
    do {
      do {
        var command = try parseAsRoot()
        try RankLaunch.requireAlone(command)
        try command.run()
      } catch  where exitCode(for: error).isSuccess {
        // Help, the version, completion scripts.
        let text = fullMessage(for: error)
        if !text.isEmpty { try StandardOutput.text(text + "\n") }
      }
      try StandardOutput.finish()
      return 0
    } catch {
      if let failure = error as? OutputFailure, failure.isClosedPipe {
        ProcessStart.endByClosedPipe()
      }
      let failing = Failing(error)
      // What is wrong with the command line is so for all processes, and the first says it, before another ends.
      if RankLaunch.here?.rank ?? 0 == 0 { failing.tell() } else { usleep(500_000) }
      return failing.exitCode
    }
  }
}
