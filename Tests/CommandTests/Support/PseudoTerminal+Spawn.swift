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
  static func windowSize(_ columns: Int, _ rows: Int) -> winsize {
    winsize(
      ws_row: UInt16(clamping: rows), ws_col: UInt16(clamping: columns), ws_xpixel: 0, ws_ypixel: 0)
  }

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

  /// Starts a session led by the program, the terminal its controlling one, all signals as usual.
  static func spawn(
    _ program: String, _ arguments: [String], _ environment: [String], on terminal: [CChar]
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, terminal, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let newSession: Int32 = 0x80  // POSIX_SPAWN_SETSID, hidden behind _GNU_SOURCE.
    let flags = newSession | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
    posix_spawnattr_setflags(&attributes, Int16(flags))

    let pointers = (arguments + environment).map { strdup($0) }
    defer { pointers.forEach { free($0) } }
    var list = Array(pointers.prefix(arguments.count)) + [nil]
    var variables = Array(pointers.dropFirst(arguments.count)) + [nil]
    var process: pid_t = 0
    let error = posix_spawn(&process, program, &actions, &attributes, &list, &variables)
    guard error == 0 else {
      throw Failure(what: "\(program): \(String(cString: strerror(error)))", screen: "")
    }
    return process
  }
}
