import ArgumentParser
import SpideData
import SpideTUI

/// A picture of the explorer, drawn without a terminal.
struct PictureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "picture",
    abstract: "Draw the explorer to a file after a played session: SVG, plain text or ANSI.",
    discussion: """
      Needs no terminal and no clock: the same options and session give the same bytes every time. A line of the \
      session is keys as the help names them (s s n, space, Tab, Esc), a : command such as :reset zero, wait 0.5 \
      (seconds of what plays or trains, at 10000 samples a second) or # a remark. :train 100 trains 100 batches, then \
      goes on. :log FILE writes what was done in the explorer as such a file.
      """)

  @OptionGroup var explorer: ExplorerOptions

  @Argument(help: ArgumentHelp("Folders with checkpoints to open as runs.", valueName: "folder"))
  var runs: [String] = []

  @Option(help: ArgumentHelp("What is done before (default: nothing).", valueName: "file"))
  var play: String?

  @Option(
    help: ArgumentHelp(
      "Columns and rows (default: what the session says, or else 120x36).", valueName: "120x36"),
    transform: { text in
      guard let size = ScreenSize(text) else {
        throw ValidationError("expected \(ScreenSize.expected)")
      }
      return size
    })
  var size: ScreenSize?

  @Option(
    help: ArgumentHelp(
      "Where the picture goes; the ending says what it is: .svg, .txt or .ansi.",
      valueName: "f.svg"))
  var out: String

  @Flag(help: "The colours of a light ground, in an SVG.")
  var light = false

  func validate() throws {
    try explorer.refuse(runs: runs)
    let form = PictureForm(path: out)
    if form == nil {
      throw ValidationError("--out \(out); expected a file that ends in .svg, .txt or .ansi")
    }
    if light, form != .svg { throw ValidationError("--light is for .svg") }
  }

  func run() throws {
    guard let form = PictureForm(path: out) else { throw ProgramFault(line: "no form of \(out)") }
    let session = try play.map { try PlayedSession(path: $0) }
    let options = try explorer.load(runs: runs)
    let frame = try options.picture(session, size: size)
    let file = form.file(frame, usesColor: options.usesColor, ground: light ? .light : .dark)
    try AtomicFile.write(Array(file.utf8), to: out)
  }
}
