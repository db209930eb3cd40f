import Glibc
import Testing

/// The real program on a pseudo-terminal.
@Suite(.serialized) struct ExplorerOnATerminalTests {
  private func open(
    _ arguments: [String] = [], environment: [String: String?] = [:], columns: Int = 120,
    rows: Int = 36
  ) throws -> PseudoTerminal {
    let app = try PseudoTerminal.launch(
      try PseudoTerminal.built("spide-tui"), arguments, environment: environment, columns: columns,
      rows: rows)
    try app.wait(20) { $0.contains("0/30") }
    return app
  }

  @Test func aFirstTour() throws {
    let app = try open()
    for _ in 0..<30 { try app.send("s") }
    try app.wait(10) { $0.contains("30/30") && $0.contains("▓") }
    try app.send("r")
    try app.wait(10) { $0.contains("reset 0/−Vth") && $0.contains("30/30") }
    try app.send("r")
    try app.send("r")
    try app.send("3")
    try app.send("t")
    try app.wait(60) { $0.contains("15 of 15") || $0.contains("test 9") }
    app.resize(80, 24)
    try app.wait(10) { $0.lines.count == 24 && $0.contains("Loss") }
    app.resize(1, 1)
    app.resize(120, 36)
    try app.wait(10) { $0.contains("Confusion") }
    try app.send("q")
    let end = try app.waitForExit()
    #expect(end.status == .exited(0))
    #expect(end.leftovers == [])
  }

  /// Every screen while a training runs on several threads, constants changed, the terminal resized; paused and gone on
  /// with. A program that is built with the thread sanitizer ends otherwise if anything races.
  @Test func keysWhileTraining() throws {
    let app = try open(["--threads", "3"])
    try app.send("3t")
    try app.wait(60) { $0.contains("Confusion") }
    for keys in [
      "1s s", "nnNfF", "4rrR", "2+-v+", "5bb", "1><w", "W\t\tzz", "\u{1b}[A\u{1b}[B\u{1b}[C", "ii",
      ":speed 20\r", "/0\r", "?\u{1b}", "3tt",
    ] {
      try app.send(keys)
      _ = try app.watch(0.1)
    }
    for size in [(80, 24), (20, 5), (200, 60)] {
      app.resize(size.0, size.1)
      _ = try app.watch(0.1)
    }
    app.signal(SIGINT)
    let end = try app.waitForExit(60)
    #expect(end.status == .exited(130))
    #expect(end.leftovers == [])
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGTRAP, SIGSEGV])
  func theTerminalIsAsItWasAfter(_ number: Int32) throws {
    let app = try open()
    try app.send("t")
    app.signal(number)
    let end = try app.waitForExit()
    #expect(end.leftovers == [])
    if number == SIGINT {
      #expect(end.status == .exited(130))
    } else {
      #expect(end.status == .killed(number))
    }
  }

  /// A training's folder is enough: preset and curves are in it.
  @Test func opensATraining() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("run")
    _ = try ResumeTests.succeed(ResumeTests.train(path, epochs: 2, "--preset", "digits-lif"))
    let app = try open(["--checkpoint", path, "--screen", "train"])
    try app.wait(10) { $0.contains("digits-lif") && $0.contains("batches        46") }
    try app.send("q")
    _ = try app.waitForExit()
  }

  @Test func withoutColourAndInASCII() throws {
    for environment in [["NO_COLOR": "1"], ["LC_ALL": "C"], ["TERM": "vt100"]]
      as [[String: String?]]
    {
      let app = try open(environment: environment, columns: 80, rows: 24)
      if environment["LC_ALL"] != nil { #expect(app.screen.text.contains { !$0.isASCII } == false) }
      try app.send("q")
      let end = try app.waitForExit()
      #expect(end.leftovers == [])
    }
  }

  /// Standing still costs nothing: not a byte and hardly any processor time.
  @Test func idleCostsNothing() throws {
    let app = try open()
    _ = try app.watch(0.5)
    let before = try app.processorSeconds()
    let written = try app.watch(2)
    #expect(written == 0)
    let after = try app.processorSeconds()
    #expect(after - before <= 0.02)
    try app.send("q")
    _ = try app.waitForExit()
  }
}
