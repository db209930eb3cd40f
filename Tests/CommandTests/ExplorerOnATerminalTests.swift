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

  /// Every signal whose default is to end a process and that can be caught; of the real-time ones the first and last.
  private static let ends =
    [
      SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTRAP, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGPIPE,
      SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGXCPU, SIGSYS,
    ] + [16 /* SIGSTKFLT */, __libc_current_sigrtmin(), __libc_current_sigrtmax()]

  @Test(arguments: ends)
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

  /// A terminal that nobody reads holds the program up in the middle of a picture: one signal must do all the same.
  /// More of them, from somebody impatient, change nothing.
  @Test(arguments: [(SIGTERM, 1), (SIGHUP, 1), (SIGQUIT, 1), (SIGTERM, 100)])
  func oneSignalEndsWhatNobodyReads(_ number: Int32, _ times: Int) throws {
    let app = try open(columns: 200, rows: 60)
    var stillFor = 0
    for round in 0..<500 where stillFor < 15 {
      let before = try app.processorSeconds()
      app.resize(200 - round % 2, 60)
      usleep(40_000)
      stillFor = try app.processorSeconds() == before ? stillFor + 1 : 0
    }
    try #require(stillFor == 15, "it draws on though nobody reads")
    for _ in 0..<times {
      app.signal(number)
      usleep(5000)
    }
    try app.waitForExitUnread()
    let end = try app.waitForExit()
    #expect(end.status == .killed(number))
    #expect(end.leftovers == [])
  }

  /// The Linux console has a font without braille.
  @Test(arguments: [
    ("linux", [], false), ("xterm-256color", [], true), ("linux", ["--cells", "braille"], true),
  ])
  func cellsFitTheTerminal(_ type: String, _ arguments: [String], _ isBraille: Bool) throws {
    let app = try open(arguments, environment: ["TERM": type])
    try app.send("f")
    try app.wait(20) { $0.contains("100/100") }
    let scalars = app.screen.text.unicodeScalars
    #expect(scalars.contains { (0x2801...0x28FF).contains($0.value) } == isBraille)
    #expect(scalars.contains { (0x2596...0x259F).contains($0.value) } == !isBraille)
    try app.send("q")
    _ = try app.waitForExit()
  }

  /// Who asks for braille gets it, whatever the locale says.
  @Test func cellsThatAreAskedForNeedNoLocale() throws {
    let app = try open(["--cells", "braille"], environment: ["LC_ALL": "C"])
    try app.send("f")
    try app.wait(20) { $0.contains("100/100") }
    #expect(app.screen.text.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
    try app.send("q")
    _ = try app.waitForExit()
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
