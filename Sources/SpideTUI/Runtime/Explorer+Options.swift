import Foundation
import SpideConfiguration
import SpideEngine

extension Explorer {
  /// What the command line decides.
  public struct Options: Sendable {
    /// The experiment to open.
    public var setup: Model.Setup
    /// More runs, to be compared with that of ``setup``.
    public var runs: [Model.Setup] = []
    /// The screens that keys lead to.
    public var screens: [PlacedScreen]
    /// Lines to show at the start, such as a screen whose key was taken.
    public var notes: [String]
    /// What is wrong with files of the user's, such as a screen that cannot be used; shown before the notes.
    public var problems: [String]
    /// What `--data` says.
    public var dataDirectory: String?
    /// Threads that train.
    public var threads: Int
    /// Bytes that the recording of a training may take.
    public var recordingBudget = Recording.budget
    /// The name of the first screen; nil for the one with the lowest key.
    public var startScreen: String?
    /// Cells to draw with; nil for those that suit the terminal.
    public var glyphs: Glyphs?
    /// Whether the mouse is taken.
    public var usesMouse: Bool
    /// Whether colours are used where the terminal has them.
    public var usesColor: Bool
    /// What is played at the start.
    package var session: PlayedSession?

    /// Options.
    public init(
      setup: Model.Setup, screens: [PlacedScreen], notes: [String] = [], problems: [String] = [],
      dataDirectory: String? = nil, threads: Int, startScreen: String? = nil,
      glyphs: Glyphs? = nil, usesMouse: Bool = true, usesColor: Bool = true
    ) {
      self.setup = setup
      self.screens = screens
      self.notes = notes
      self.problems = problems
      self.dataDirectory = dataDirectory
      self.threads = threads
      self.startScreen = startScreen
      self.glyphs = glyphs
      self.usesMouse = usesMouse
      self.usesColor = usesColor
    }
  }
}

extension Model {
  /// With the screen and the lines to begin with.
  init(_ options: Explorer.Options, glyphs: Glyphs, notes: [String] = []) {
    self.init(options.setup, screens: options.screens, glyphs: glyphs)
    dataFolder = options.dataDirectory
    runs[runs.current]?.dataFolder = dataFolder
    begin(with: options.runs)
    let loaded = options.setup.weights.map { "\($0.summary); testing \(glyphs.ellipsis)" }
    if let screen = options.startScreen,
      let index = screens.firstIndex(where: { $0.screen.name == screen })
    {
      screenIndex = index
    }
    home = ProcessInfo.processInfo.environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    let lines = options.problems + notes + options.notes + [loaded].compactMap { $0 }
    note =
      lines.isEmpty
      ? Note(text: "space plays, s steps, n next stage, r reset mode, t trains, ? all keys")
      : Note(
        text: lines.joined(separator: "\n"), isError: !options.problems.isEmpty, mustBeRead: true)
  }
}
