import Foundation
import PseudoTerminal

/// How long after a key the first cells change, measured on a pseudo-terminal from outside: a terminal that reads at once.
struct ExplorerLatency {
  /// Milliseconds, one for each key that was pressed.
  struct Keys {
    var times: [Double] = []

    /// What so many hundredths of the keys stay within.
    func percentile(_ percent: Int) -> Double {
      let sorted = times.sorted()
      guard let last = sorted.last else { return .nan }
      let place = (sorted.count * percent + 99) / 100 - 1
      return sorted.indices.contains(place) ? sorted[place] : last
    }
  }

  /// Keys of all kinds, each pressed once nothing changes any more.
  private(set) var idle = Keys()
  /// Opening and closing the command line while a sample is being computed.
  private(set) var computing = Keys()
  /// The same while training runs.
  private(set) var training = Keys()

  /// Every one of these changes what is on screen.
  private static let keys = Array("ssSnnNfFn><rR+-v2365341zz").map(String.init) + ["\t"]
  /// How a terminal of the type that is used is told to show and to hide its cursor.
  private static let (shown, hidden) = (Array("\u{1b}[?25h".utf8), Array("\u{1b}[?25l".utf8))
  /// Between two keys, so that they come at every moment of a frame; milliseconds.
  private static let pauses = 20...120

  private let child: TerminalChild
  private let clock = ContinuousClock()

  /// Opens the explorer with these arguments and presses keys.
  init(_ arguments: [String], rounds: Int) throws {
    var environment = ProcessInfo.processInfo.environment
    environment["NO_COLOR"] = nil
    environment["TERM"] = "xterm-256color"
    environment["LC_ALL"] = "C.UTF-8"
    child = try TerminalChild(
      "/proc/self/exe", ["explore"] + arguments, environment: environment.map { "\($0)=\($1)" },
      columns: 120, rows: 36)
    defer { end() }
    _ = try output(within: .seconds(120), key: "the first picture") { !$0.isEmpty }
    settle()
    for _ in 0..<rounds {
      for key in Self.keys {
        try press(key, into: \.idle) { !$0.isEmpty }
        settle()
        pause()
      }
    }
    for _ in 0..<rounds * 4 {
      write("r")
      pause()
      try openAndClose(into: \.computing)
      settle()
    }
    write("t")
    pause()
    for _ in 0..<rounds * 10 {
      try openAndClose(into: \.training)
      pause()
    }
  }

  /// The cursor tells the answer to these keys from whatever else is drawn at the time.
  private mutating func openAndClose(into keys: WritableKeyPath<Self, Keys>) throws {
    try press(":", into: keys) { $0.firstRange(of: Self.shown) != nil }
    pause()
    try press("\r", into: keys) { $0.firstRange(of: Self.hidden) != nil }
  }

  private mutating func press(
    _ key: String, into keys: WritableKeyPath<Self, Keys>, until isAnswer: ([UInt8]) -> Bool
  ) throws {
    _ = read()
    let began = clock.now
    write(key)
    let ended = try output(within: .seconds(20), key: key, until: isAnswer)
    self[keyPath: keys].times.append((ended - began) / .milliseconds(1))
  }

  /// When what has come since is an answer.
  private func output(
    within time: Duration, key: String, until isAnswer: ([UInt8]) -> Bool
  ) throws -> ContinuousClock.Instant {
    let deadline = clock.now + time
    var bytes: [UInt8] = []
    while true {
      var source = pollfd(fd: child.primary, events: Int16(POLLIN), revents: 0)
      _ = poll(&source, 1, 1000)
      let now = clock.now
      bytes += read()
      if isAnswer(bytes) { return now }
      guard now < deadline, source.revents & Int16(POLLHUP) == 0 else {
        let text = String(decoding: bytes, as: UTF8.self).suffix(200)
        throw ProgramFault(
          line: "the explorer does not answer \(key.debugDescription): \(String(text))")
      }
    }
  }

  /// Waits until nothing has come for a while, or for long.
  private func settle() {
    let deadline = clock.now + .seconds(20)
    while clock.now < deadline {
      var source = pollfd(fd: child.primary, events: Int16(POLLIN), revents: 0)
      guard poll(&source, 1, 150) > 0, !read().isEmpty else { return }
    }
  }

  private func pause() { usleep(UInt32(1000 * Int.random(in: Self.pauses))) }

  private func write(_ text: String) {
    var bytes = Array(text.utf8)
    _ = Glibc.write(child.primary, &bytes, bytes.count)
  }

  private func read() -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(child.primary, &part, part.count)
      guard count > 0 else { return bytes }
      bytes += part.prefix(count)
    }
  }

  private func end() {
    kill(child.process, SIGKILL)
    var status: Int32 = 0
    waitpid(child.process, &status, 0)
    close(child.primary)
    close(child.secondary)
  }
}
