import Glibc

/// How a program ended and what it left behind.
struct Ending {
  enum Status: Hashable {
    case exited(Int32)
    case killed(Int32)
  }

  let status: Status
  let screen: ScreenReader
  /// What is not as it was before the program started; empty after a clean end.
  let leftovers: [String]

  init(waitStatus: Int32, screen: ScreenReader, hasSameSettings: Bool) {
    let signal = waitStatus & 0x7f
    status = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .killed(signal)
    self.screen = screen
    var left: [String] = []
    // Mode 12 is the cursor's blinking, which "normal cursor" turns off on the way.
    let modes = screen.modes.symmetricDifference(ScreenReader.initialModes).subtracting([12])
    left += modes.sorted().map { "mode \($0) is \(screen.modes.contains($0) ? "on" : "off")" }
    if screen.isAlternate { left.append("alternate screen") }
    if screen.style != ScreenReader.Style() { left.append("style \(screen.style)") }
    if screen.region != 0...screen.rows - 1 { left.append("scrolling region \(screen.region)") }
    if !hasSameSettings { left.append("terminal settings") }
    leftovers = left
  }
}

extension PseudoTerminal {
  static func check(_ isFine: Bool, _ what: String) throws {
    if !isFine { throw Failure(what: "\(what): \(String(cString: strerror(errno)))", screen: "") }
  }

  /// Everything in a terminal's settings that a program could leave changed.
  static func describe(_ settings: termios) -> [UInt64] {
    var copy = settings
    let keys = withUnsafeBytes(of: &copy.c_cc) { $0.map(UInt64.init) }
    return [settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag]
      .map(UInt64.init) + keys
  }
}
