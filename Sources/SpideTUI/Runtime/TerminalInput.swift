internal import CTerminal

/// What ended a wait.
struct Happenings: OptionSet {
  let rawValue: UInt32

  static let input = Happenings(SCT_INPUT)
  static let woken = Happenings(SCT_WOKEN)
  static let gone = Happenings(SCT_GONE)
  static let resized = Happenings(SCT_RESIZED)
  static let stop = Happenings(SCT_STOP)
  static let continued = Happenings(SCT_CONTINUED)
  static let interrupt = Happenings(SCT_SIGINT)
  static let terminate = Happenings(SCT_SIGTERM)
  static let hangup = Happenings(SCT_SIGHUP)
  static let quit = Happenings(SCT_SIGQUIT)
}

extension Happenings {
  private init(_ bit: Int) { self.init(rawValue: UInt32(bit)) }
}

extension RawInput {
  /// Nil if nothing has arrived.
  init?(_ input: sct_input) {
    switch input.kind {
    case .SCT_NOTHING: return nil
    case .SCT_CHARACTER: self = .character(input.value)
    case .SCT_KEY: self = Key(sct_key(input.value)).map { .key($0) } ?? .unknown
    case .SCT_MOUSE: self = .mouse
    case .SCT_PASTE_BEGIN: self = .pasteBegin
    case .SCT_PASTE_END: self = .pasteEnd
    case .SCT_UNKNOWN: self = .unknown
    @unknown default: self = .unknown
    }
  }
}

extension Key {
  fileprivate init?(_ key: sct_key) {
    switch key {
    case SCT_KEY_UP: self = .up
    case SCT_KEY_DOWN: self = .down
    case SCT_KEY_LEFT: self = .left
    case SCT_KEY_RIGHT: self = .right
    case SCT_KEY_HOME: self = .home
    case SCT_KEY_END: self = .end
    case SCT_KEY_PAGE_UP: self = .pageUp
    case SCT_KEY_PAGE_DOWN: self = .pageDown
    case SCT_KEY_INSERT: self = .insert
    case SCT_KEY_DELETE: self = .delete
    case SCT_KEY_BACKSPACE: self = .backspace
    case SCT_KEY_BACK_TAB: self = .backTab
    case SCT_KEY_ENTER: self = .enter
    case _ where key.rawValue > SCT_KEY_FUNCTION.rawValue:
      self = .function(Int(key.rawValue - SCT_KEY_FUNCTION.rawValue))
    default: return nil
    }
  }
}
