import Foundation
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
    try app.send("4")
    try app.send("t")
    try app.wait(60) { $0.contains("15 of 15") || $0.contains("test 9") }
    app.resize(80, 24)
    try app.wait(10) { $0.lines.count == 24 && $0.contains("Loss") }
    app.resize(1, 1)
    app.resize(120, 36)
    try app.wait(10) { $0.contains("Confusion") }
    try app.send("q")
    try app.wait(10) { $0.contains("Quit?") }
    try app.send("y")
    let end = try app.waitForExit()
    #expect(end.status == .exited(0))
    #expect(end.leftovers == [])
  }

  /// Every screen while a training runs on several threads, constants changed, the terminal resized; paused and gone on
  /// with. A program that is built with the thread sanitizer ends otherwise if anything races.
  @Test func keysWhileTraining() throws {
    let app = try open(["--threads", "3"])
    try app.send("4t")
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
    // What was trained is asked about; a second one does not wait for the answer.
    app.signal(SIGINT)
    try app.wait(60) { $0.contains("Quit?") }
    app.signal(SIGINT)
    let end = try app.waitForExit(60)
    #expect(end.status == .exited(130))
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
    // A training is asked about before Ctrl-C ends it, and before nothing else.
    if number != SIGINT { try app.send("t") }
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

  /// Ctrl-\ is no crash, with or without a screen.
  @Test func ctrlBackslashEndsATraining() throws {
    let app = try PseudoTerminal.launch(
      try PseudoTerminal.built("spide-tui"), ["train", "--set", "training.epochs=100000"])
    try app.wait(20) { $0.contains("epoch") }
    try app.send("\u{1c}")
    #expect(try app.waitForExit().status == .killed(SIGQUIT))
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

  /// An explorer that has trained, asked to quit.
  private func askedToQuit(_ key: String) throws -> PseudoTerminal {
    let app = try open(["--screen", "train"])
    try app.wait(10) { $0.contains("t starts training") }
    try app.send("t")
    try app.wait(60) { !$0.contains("t starts training") }
    try app.send(key)
    try app.wait(10) { $0.contains("Quit?") && $0.contains("not saved") }
    return app
  }

  @Test func asksBeforeATrainingIsLost() throws {
    let app = try askedToQuit("\u{3}")
    try app.send("n")
    try app.wait(10) { !$0.contains("Quit?") }
    try app.send(":quit\r")
    try app.wait(10) { $0.contains("Quit?") }
    try app.send("y")
    let end = try app.waitForExit()
    #expect(end.status == .exited(0) && end.leftovers == [])
  }

  @Test func aSecondCtrlCDoesNotWait() throws {
    let app = try askedToQuit("\u{3}")
    try app.send("\u{3}")
    let end = try app.waitForExit()
    #expect(end.status == .exited(130) && end.leftovers == [])
  }

  /// Who sends these does not answer.
  @Test(arguments: [SIGTERM, SIGHUP]) func aSignalToEndIsNotAskedBackAbout(_ number: Int32) throws {
    let app = try askedToQuit("q")
    app.signal(number)
    let end = try app.waitForExit()
    #expect(end.status == .killed(number) && end.leftovers == [])
  }

  /// A training's folder is enough: preset and curves are in it.
  @Test func opensATraining() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("run")
    _ = try ResumeTests.succeed(ResumeTests.train(path, epochs: 2, "--preset", "digits-lif"))
    let app = try open(["--checkpoint", path, "--screen", "train"])
    try app.wait(10) { $0.contains("digits-lif") && $0.contains("batches        46") }
    try app.wait(60) {
      $0.contains("run/batch-00000046.safetensors: goes on after 2 epochs, 46 batches")
        && $0.contains("test accuracy") && $0.contains("predicted")
    }
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

  /// Ctrl-C leaves a prompt and only then the program.
  @Test func controlCLeavesAPrompt() throws {
    let app = try open()
    try app.send(":sam")
    try app.wait(10) { $0.contains(":sam") }
    try app.send("\u{3}")
    try app.wait(10) { !$0.contains(":sam") && $0.contains("0/30") }
    try app.send("\u{3}")
    #expect(try app.waitForExit().status == .exited(130))
  }

  /// Whatever is typed, a training is not lost to it.
  @Test func whatMergesAndWhatIsWideIsShown() throws {
    let app = try open(columns: 80, rows: 24)
    try app.send(":e\u{301}x日本🇩🇪\u{200D}y")
    try app.wait(10) { $0.contains(":e\u{301}x日 本 DEy") }
    #expect(app.screen.cursor.x == 10 && app.screen.cursor.y == 23)
    for _ in 0..<4 { try app.send("\u{7f}") }
    try app.wait(10) { $0.contains(":e\u{301}x日") && !$0.contains("本") }
    try app.send("\u{1b}")
    try app.wait(10) { $0.contains("0/30") }
    try app.send("q")
    #expect(try app.waitForExit().status == .exited(0))
  }

  /// The first line of a paste stays at the prompt; a paste that never ends gives the keys back.
  @Test func pastesEnd() throws {
    let app = try open()
    try app.send(":sample \u{1b}[200~3\rquit\r\u{1b}[201~")
    try app.wait(10) { $0.contains(":sample 3") && $0.contains("1 more line left out") }
    try app.send("\r")
    try app.wait(10) { $0.contains("#3  label") }
    try app.send("/\u{1b}[200~L1")
    try app.wait(10) { $0.contains("/L1") }
    try app.send("\r")
    try app.wait(10) { $0.contains("L1 #") }
    try app.send("q")
    #expect(try app.waitForExit().status == .exited(0))
  }

  /// What is wrong with a person's own files is said at the start, all of it.
  @Test func aBrokenScreenIsToldOf() throws {
    let scratch = try TemporaryFolder()
    let screens = scratch.path("spide-tui/screens")
    try FileManager.default.createDirectory(atPath: screens, withIntermediateDirectories: true)
    _ = try scratch.write("name: mine\ntitle: M\nkye: 5\n", "spide-tui/screens/mine.yaml")
    let app = try PseudoTerminal.launch(
      try PseudoTerminal.built("spide-tui"), environment: ["XDG_CONFIG_HOME": scratch.path("")],
      columns: 80, rows: 24)
    try app.wait(20) { $0.contains("3:1: unknown key \"kye\"; expected name, title, key") }
    try app.wait(10) { $0.contains("\"key\"?)") }
    try app.send("\r")
    try app.wait(10) { !$0.contains("kye") }
    try app.send("q")
    #expect(try app.waitForExit().status == .exited(0))
  }

  /// Which presets have data, looked up aside; the folder for them, and what is typed as a path.
  @Test func dataAndFilesInTheMenu() throws {
    let scratch = try TemporaryFolder()
    let preset = try Program.run(["presets", "show", "digits"]).output
    let mine = try scratch.write(
      preset.replacingOccurrences(of: "name: digits", with: "name: mine"), "mine.yaml")
    try FileManager.default.createDirectory(
      atPath: scratch.path("sets/cifar100"), withIntermediateDirectories: true)
    for name in ["train.bin", "test.bin"] { _ = try scratch.write("", "sets/cifar100/\(name)") }
    let app = try open(
      ["--preset", mine], environment: ["SPIDE_DATA": nil, "HOME": scratch.path("")], columns: 200)
    try app.send("p")
    func hasNoData(_ preset: String, _ screen: ScreenReader) -> Bool? {
      screen.lines.first { $0.contains(" \(preset) ") }?.contains("no data")
    }
    try app.wait(10) { $0.contains("▸ mine.yaml") && hasNoData("cifar100-cifarnet-f", $0) == true }
    try app.send("\u{1b}")
    try app.wait(10) { !$0.contains("no data") }
    try app.send(":data ~/s\t\r")
    try app.wait(10) { $0.contains("sets/ first, from the next preset opened on") }
    try app.send("p")
    try app.wait(10) {
      hasNoData("cifar100-cifarnet-f", $0) == false && hasNoData("cifar10-alexnet-f", $0) == true
    }
    try app.send("qq")
    #expect(try app.waitForExit().status == .exited(0))
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
