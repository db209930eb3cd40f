/// The commands of the command line.
enum CommandName: String, CaseIterable {
  case back, checkpoint, compare, data, export, finish, goto, help, inspect, pause, play, preset
  case quit, reset, restart, sample, save, screen, set, speed, step, train, zoom

  /// How it is used.
  var usage: String {
    switch self {
    case .back: return "back [STEPS]"
    case .checkpoint: return "checkpoint FILE|FOLDER"
    case .compare: return "compare same-threshold|same-V"
    case .data: return "data [FOLDER]"
    case .export: return "export [NAME]"
    case .goto:
      return "goto F12 | B30 | readout | update | start | L1 | L1 17 | L1 CHANNEL,ROW,COLUMN"
    case .preset: return "preset NAME|FILE"
    case .reset: return "reset [forward|backward] minus-threshold|zero|NUMBER"
    case .sample: return "sample NUMBER | next | previous"
    case .save: return "save FILE.safetensors"
    case .screen: return "screen NAME|KEY"
    case .set: return "set KEY=VALUE"
    case .speed: return "speed STEPS-A-SECOND"
    case .step: return "step [STEPS]"
    case .finish, .help, .inspect, .pause, .play, .quit, .restart, .train, .zoom: return rawValue
    }
  }

  /// Whether something may follow it.
  var takesArguments: Bool { usage != rawValue }

  /// What its argument names in the file system; such an argument is the whole rest of the line, spaces included.
  var pathKind: PathKind? {
    switch self {
    case .checkpoint, .save: return .weights
    case .data: return .folders
    case .export: return .anything
    case .preset: return .presets
    default: return nil
    }
  }

  /// The commands that a word may stand for: the one of that name, or else all that begin so.
  static func matches(_ word: some StringProtocol) -> [CommandName] {
    if let exact = CommandName(rawValue: String(word)) { return [exact] }
    return allCases.filter { $0.rawValue.hasPrefix(word) }
  }
}

/// What of a folder a command can use.
enum PathKind {
  case weights, folders, presets, anything

  /// Whether a file of that name is offered; folders always are, since they lead further.
  func offers(_ file: String) -> Bool {
    switch self {
    case .weights: return file.hasSuffix(".safetensors")
    case .presets: return file.hasSuffix(".yaml")
    case .folders: return false
    case .anything: return true
    }
  }
}
