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
    try app.wait(10) { $0.contains("reset 0*/−Vth") && $0.contains("30/30") }
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
