import ArgumentParser
import SpideTUI

/// The explorer, the default command.
struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore", abstract: "Open the explorer (the default).")

  @OptionGroup var explorer: ExplorerOptions

  @Argument(
    help: ArgumentHelp(
      "Folders with checkpoints to open as runs, the first on screen and the curves of the others over its own.",
      valueName: "folder"))
  var runs: [String] = []

  @Option(
    help: ArgumentHelp(
      "Play a session, then leave the explorer to you; a key or a click of yours ends the playing.",
      discussion: """
        A line of the file is keys as the help names them (s s n), a : command, wait 0.5 (seconds) or # a remark; \
        :log FILE writes one of what you did.
        """, valueName: "file"))
  var play: String?

  @Flag(name: .customLong("no-mouse"), help: "Leave the mouse to the terminal.")
  var noMouse = false

  func validate() throws { try explorer.refuse(runs: runs) }

  func run() throws {
    if let obstacle = TerminalAbilities.current().obstacle { throw obstacle }
    let session = try play.map { try PlayedSession(path: $0) }
    var options = try explorer.load(runs: runs)
    options.session = session
    options.usesMouse = !noMouse
    throw ExitCode(try Explorer.run(options))
  }
}
