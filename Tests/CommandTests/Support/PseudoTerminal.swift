import Glibc
import PseudoTerminal

/// A program running on a terminal of its own, and what that terminal shows.
///
///     let app = try PseudoTerminal.launch(program, ["--preset", "digits"], columns: 80, rows: 24)
///     try app.wait { $0.contains("F 1/30") }
///     try app.send("q")
///     #expect(try app.waitForExit().leftovers == [])
final class PseudoTerminal {
  private let child: TerminalChild
  /// The process started; it leads a session whose terminal this is.
  var process: pid_t { child.process }
  private(set) var screen: ScreenReader
  /// All that was read so far.
  var raw: String { String(decoding: bytes, as: UTF8.self) }

  private var bytes: [UInt8] = []
  private var primary: Int32
  private let initialSettings: termios
  private var status: Int32?

  /// Starts a program given by its path.
  /// - Parameter environment: what differs from a small standard environment; nil takes out.
  static func launch(
    _ program: String, _ arguments: [String] = [], environment: [String: String?] = [:],
    columns: Int = 80, rows: Int = 24
  ) throws -> PseudoTerminal {
    var variables: [String: String?] = [
      "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin",
      "HOME": TemporaryHome.path,
    ]
    for (name, value) in Program.sanitizerOptions { variables[name] = value }
    variables.merge(environment) { $1 }
    let list = variables.compactMap { name, value in value.map { "\(name)=\($0)" } }
    return try PseudoTerminal(program, arguments, list, columns, rows)
  }

  /// The path of a program built beside the running tests, or in the folder that `SPIDE_PROGRAMS` names.
  static func built(_ name: String) throws -> String {
    if let folder = getenv("SPIDE_PROGRAMS") { return String(cString: folder) + "/" + name }
    var path = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &path, path.count)
    try check(length > 0, "readlink /proc/self/exe")
    let own = String(decoding: path.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return own.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/" + name
  }

  private init(
    _ program: String, _ arguments: [String], _ environment: [String], _ columns: Int, _ rows: Int
  ) throws {
    child = try TerminalChild(
      program, arguments, environment: environment, columns: columns, rows: rows)
    initialSettings = child.settings
    primary = child.primary
    screen = ScreenReader(columns: columns, rows: rows)
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      var ended: Int32 = 0
      waitpid(process, &ended, 0)
    }
    hangUp()
    Glibc.close(child.secondary)
  }

  // MARK: Acting on the program

  /// Types text, or sends the bytes of a key such as `"\u{1b}[A"`.
  func send(_ text: String) throws {
    var rest = Array(text.utf8)[...]
    let deadline = ContinuousClock.now + .seconds(10)
    while !rest.isEmpty {
      try read(until: deadline, orWritable: true)
      let written = Array(rest).withUnsafeBytes { Glibc.write(primary, $0.baseAddress, $0.count) }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if errno != EAGAIN && errno != EINTR {
        throw Failure(what: "write: \(String(cString: strerror(errno)))", screen: screen.text)
      }
    }
  }

  /// Gives the terminal another size; the program gets SIGWINCH.
  func resize(_ columns: Int, _ rows: Int) {
    child.resize(columns, rows)
    screen.resize(columns: columns, rows: rows)
  }

  /// Sends a signal to the process.
  func signal(_ number: Int32) { kill(process, number) }

  /// Takes the terminal away, as closing its window does.
  func hangUp() {
    if primary >= 0 { Glibc.close(primary) }
    primary = -1
  }

  // MARK: Looking at it

  /// Reads until the screen is as wished. Throws with a picture of the screen if the time is over.
  func wait(
    _ seconds: Double = 10, until isAsWished: (ScreenReader) throws -> Bool
  ) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try !isAsWished(screen) {
      guard ContinuousClock.now < deadline else {
        throw Failure(what: "not seen in \(seconds) s", screen: screen.text)
      }
      try read(until: deadline)
      if hasExited {
        drain()
        if try isAsWished(screen) { return }
        throw Failure(what: "the program ended first", screen: screen.text)
      }
    }
  }

  /// Reads for so long; returns how many bytes came. A program with nothing to show writes none.
  @discardableResult
  func watch(_ seconds: Double) throws -> Int {
    let before = screen.byteCount
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline && !hasExited { try read(until: deadline) }
    drain()
    return screen.byteCount - before
  }

  /// Waits for the end as a terminal that nobody reads any more.
  func waitForExitUnread(_ seconds: Double = 10) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !hasExited {
      guard ContinuousClock.now < deadline else {
        throw Failure(what: "did not end in \(seconds) s", screen: screen.text)
      }
      usleep(10_000)
    }
  }

  /// Waits for the end, reading on meanwhile.
  func waitForExit(_ seconds: Double = 10) throws -> Ending {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !hasExited {
      guard ContinuousClock.now < deadline else {
        throw Failure(what: "did not end in \(seconds) s", screen: screen.text)
      }
      try read(until: deadline)
    }
    drain()
    var settings = termios()
    tcgetattr(child.secondary, &settings)
    return Ending(
      waitStatus: status ?? 0, screen: screen,
      hasSameSettings: Self.describe(settings) == Self.describe(initialSettings))
  }

  /// Processor time that the process has used, in seconds.
  func processorSeconds() throws -> Double {
    var text = [CChar](repeating: 0, count: 1024)
    let file = open("/proc/\(process)/stat", O_RDONLY)
    try Self.check(file >= 0, "/proc/\(process)/stat")
    defer { Glibc.close(file) }
    let length = Glibc.read(file, &text, text.count)
    let line = String(
      decoding: text.prefix(max(0, length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    // After the name in parentheses come the state and, as fields 12 and 13, the times in ticks.
    let fields = line[(line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else {
      throw Failure(what: "cannot read /proc/\(process)/stat", screen: line)
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  struct Failure: Error, CustomStringConvertible {
    var what: String
    var screen: String
    var description: String { "\(what); the screen:\n\(screen)" }
  }

  // MARK: Reading

  private var hasExited: Bool {
    if status != nil { return true }
    var ended: Int32 = 0
    guard waitpid(process, &ended, WNOHANG) == process else { return false }
    status = ended
    return true
  }

  /// Reads what there is; waits for it briefly, so that an end of the program is noticed too.
  private func read(until deadline: ContinuousClock.Instant, orWritable: Bool = false) throws {
    guard ContinuousClock.now < deadline else {
      throw Failure(what: "the time is over", screen: screen.text)
    }
    var source = pollfd(
      fd: primary, events: Int16(POLLIN) | (orWritable ? Int16(POLLOUT) : 0), revents: 0)
    _ = poll(&source, 1, 10)
    drain()
  }

  private func drain() {
    guard primary >= 0 else { return }
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(primary, &part, part.count)
      guard count > 0 else { return }
      screen.read(part.prefix(count))
      bytes += part.prefix(count)
    }
  }
}
