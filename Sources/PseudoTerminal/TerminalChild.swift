import Glibc

/// A program on a terminal of its own, which whoever started it holds the other end of.
public struct TerminalChild {
  /// The program; it leads a session whose terminal this is.
  public let process: pid_t
  /// Where keys go in and what is drawn comes out; reading and writing do not wait.
  public let primary: Int32
  /// The program's end, kept open so that its settings can still be read once the program has ended.
  public let secondary: Int32
  /// The terminal's settings before the program began.
  public let settings: termios

  /// Why a program could not be started.
  public struct Failure: Error {
    /// What failed, and the system's reason.
    public let what: String
  }

  /// Starts a program given by its path, with all signals as usual.
  ///
  /// - Parameter environment: `NAME=value`, all of it.
  public init(
    _ program: String, _ arguments: [String], environment: [String], columns: Int, rows: Int
  ) throws(Failure) {
    var size = Self.windowSize(columns, rows)
    var name = [CChar](repeating: 0, count: 128)
    var (first, second): (Int32, Int32) = (-1, -1)
    guard openpty(&first, &second, &name, nil, &size) == 0 else {
      throw Failure(what: "openpty: \(String(cString: strerror(errno)))")
    }
    // Another program that is started meanwhile must not inherit this terminal.
    for descriptor in [first, second] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(first, F_SETFL, O_NONBLOCK)
    (primary, secondary) = (first, second)
    // Before the program can change them.
    var found = termios()
    tcgetattr(second, &found)
    settings = found
    do throws(Failure) {
      process = try Self.spawn(program, [program] + arguments, environment, on: name)
    } catch {
      close(first)
      close(second)
      throw error
    }
  }

  /// Gives the terminal another size; the program gets SIGWINCH.
  public func resize(_ columns: Int, _ rows: Int) {
    var size = Self.windowSize(columns, rows)
    _ = ioctl(primary, UInt(TIOCSWINSZ), &size)
  }

  private static func windowSize(_ columns: Int, _ rows: Int) -> winsize {
    winsize(
      ws_row: UInt16(clamping: rows), ws_col: UInt16(clamping: columns), ws_xpixel: 0, ws_ypixel: 0)
  }

  private static func spawn(
    _ program: String, _ arguments: [String], _ environment: [String], on terminal: [CChar]
  ) throws(Failure) -> pid_t {
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
      throw Failure(what: "\(program): \(String(cString: strerror(error)))")
    }
    return process
  }
}
