import SpideExperiment

/// A command of the command line: its name, how it is used, what Tab offers after it, and what it does.
struct Command: Sendable {
  /// What it does to the model, and wants done outside.
  typealias Effect =
    @Sendable (inout Model, Arguments) throws(CommandError) -> [SpideTUI.Effect]

  let name: String
  /// What follows the name, as the usage writes it; empty where nothing may.
  let arguments: String
  let completion: ArgumentCompletion
  private let effect: Effect

  /// A command with arguments.
  init(
    _ name: String, _ arguments: String, _ completion: ArgumentCompletion = .none,
    effect: @escaping Effect
  ) {
    self.name = name
    self.arguments = arguments
    self.completion = completion
    self.effect = effect
  }

  /// A command that stands alone.
  init(_ name: String, effect: @escaping @Sendable (inout Model) -> [SpideTUI.Effect]) {
    self.init(name, "") { model, arguments throws(CommandError) in
      guard arguments.words.isEmpty else { throw arguments.misuse }
      return effect(&model)
    }
  }

  /// How it is used.
  var usage: String { arguments.isEmpty ? name : "\(name) \(arguments)" }

  /// Carries it out with what follows its name on the line.
  func run(
    _ model: inout Model, with text: some StringProtocol
  ) throws(CommandError) -> [SpideTUI.Effect] {
    try effect(&model, Arguments(Substring(text), usage: usage))
  }
}

/// What can be offered after a command's name.
enum ArgumentCompletion: Sendable {
  case none
  /// Words, by the place of the argument: 1 for the first.
  case words(@Sendable (Model, Int) -> [String])
  /// Words, by those before them.
  case phrases(@Sendable (Model, [Substring]) -> [String])
  /// A path: the whole rest of the line, spaces included.
  case path(PathKind)
  /// A name, or a path where it has a `/`.
  case namesOrPath(PathKind, @Sendable (Model) -> [String])
  /// `KEY=VALUE` of a preset.
  case settings
  /// The same over and over, after words of the command's own.
  case assignments(@Sendable (Model) -> [String])
  /// Words, by those before them; after some of these a path.
  case verbs([String: PathKind], @Sendable (Model, [Substring]) -> [String])
}

/// What of a folder a command can use.
enum PathKind {
  case weights, folders, presets, sweeps, anything

  /// Whether a file of that name is offered; folders always are, since they lead further.
  func offers(_ file: String) -> Bool {
    switch self {
    case .weights: return file.hasSuffix(".safetensors")
    case .presets: return file.hasSuffix(".yaml")
    case .sweeps: return file.hasSuffix(".csv")
    case .folders: return false
    case .anything: return true
    }
  }
}
