import Foundation
import Testing

/// `picture`, and a session that is played on a terminal.
@Suite(.serialized) struct PictureTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .appendingPathComponent("../../../.pictures").standardized

  private func picture(
    _ arguments: [String], _ session: String? = nil, ending: String = "txt",
    environment: [String: String] = [:]
  ) throws -> String {
    let folder = try TemporaryFolder()
    let play = try session.map { ["--play", try folder.write($0, "x.play")] } ?? []
    let out = folder.path("x.\(ending)")
    let run = try Program.run(
      ["picture", "--out", out] + play + arguments, environment: environment)
    try #require(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.isEmpty && run.errors.isEmpty)
    return try String(contentsOfFile: out, encoding: .utf8)
  }

  /// The pictures of README are what the program draws. With `SPIDE_RECORD=1` in the environment they are drawn anew
  /// instead, and the test fails so that nobody does so by accident.
  @Test(arguments: ["stage", "reset", "train", "gradient", "ledger"], ["dark", "light"])
  func thePicturesOfReadmeAreDrawnSo(_ name: String, _ ground: String) throws {
    let file = Self.folder.appendingPathComponent("\(name)-\(ground).svg")
    let now = try picture(
      ["--play", Self.folder.appendingPathComponent("\(name).play").path, "--size", "100x30"]
        + (ground == "light" ? ["--light"] : []), ending: "svg",
      // With the presets of the program.
      environment: ["XDG_CONFIG_HOME": "/nowhere"])
    if ProcessInfo.processInfo.environment["SPIDE_RECORD"] == "1" {
      try now.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(file.path)")
      return
    }
    #expect(
      try String(contentsOf: file, encoding: .utf8) == now,
      "\(file.path) is not what is drawn now; SPIDE_RECORD=1 draws it anew")
    #expect(now.utf8.count < 150_000)
    let readme = try String(
      contentsOf: Self.folder.appendingPathComponent("../README.md").standardized, encoding: .utf8)
    #expect(readme.contains(".pictures/\(name)-\(ground).svg"))
  }

  @Test func theSameBytesEveryTime() throws {
    let session = "4\nt\nwait 0.4\nr\nwait 0.2\nt\n3\nf\n"
    let first = try picture(["--threads", "1"], session, ending: "svg")
    for threads in ["1", "3"] {
      #expect(try picture(["--threads", threads], session, ending: "svg") == first)
    }
  }

  @Test func sizesAndCells() throws {
    func size(_ text: String) -> String {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      return "\(lines.map(\.count).max() ?? 0)x\(lines.count)"
    }
    #expect(try size(picture([])) == "119x36" || size(picture([])) == "120x36")
    #expect(try size(picture(["--size", "80x24"], "size 60x20\n")).hasSuffix("x24"))
    #expect(try size(picture([], "size 60x20\n")).hasSuffix("x20"))
    #expect(try size(picture(["--size", "1x1"])).hasSuffix("x1"))
    #expect(try picture(["--cells", "ascii"], "s s s\n").allSatisfy(\.isASCII))
  }

  /// A terminal that is told an ANSI picture shows what the text and the styles are.
  @Test func aTerminalShowsAnANSIPicture() throws {
    let session = "f\n"
    let text = try picture(["--size", "80x24"], session)
    func shown(_ arguments: [String]) throws -> ScreenReader {
      var screen = ScreenReader(columns: 80, rows: 25)
      let picture = try picture(["--size", "80x24"] + arguments, session, ending: "ansi")
      screen.read(Array(picture.replacing("\n", with: "\r\n").utf8))
      return screen
    }
    let screen = try shown([])
    #expect(screen.lines.prefix(24).joined(separator: "\n") + "\n" == text)
    #expect(screen.unknown.isEmpty)
    #expect(Set(screen.cells.compactMap(\.style.foreground)).count > 4)
    let plain = try shown(["--no-color"])
    #expect(plain.cells.allSatisfy { $0.style.foreground == nil && $0.style.background == nil })
    #expect(plain.cells.contains { $0.style.isBold })
  }

  @Test(
    arguments: [
      (["--out", "/tmp/x.png"], 64, "ends in .svg, .txt or .ansi"),
      (["--out", "/tmp/x.txt", "--light"], 64, "--light is for .svg"),
      (["--out", "/tmp/x.svg", "--size", "120"], 64, "COLUMNSxROWS"),
      (["--out", "/tmp/x.svg", "--size", "0x9"], 64, "COLUMNSxROWS"), ([], 64, "--out"),
      (["--out", "/nowhere/x.svg"], 73, "/nowhere/x.svg"),
      (["--out", "/tmp/x.svg", "--play", "/nowhere/x.play"], 66, "/nowhere/x.play"),
      (["--out", "/tmp/x.svg", "--play", "/dev/zero"], 66, "/dev/zero"),
      (["--out", "/tmp/x.svg", "--screen", "nowhere"], 66, "nowhere"),
    ] as [([String], Int32, String)])
  func wrongUses(_ arguments: [String], _ code: Int32, _ what: String) throws {
    let run = try Program.run(["picture"] + arguments)
    #expect(run.exitCode == code && run.errors.contains(what), "\(run.exitCode) \(run.errors)")
  }

  /// A session that fails leaves no picture.
  @Test func aWrongLineEndsIt() throws {
    let folder = try TemporaryFolder()
    for (text, what) in [
      ("s\nspcae\n", ":2:1: no key spcae"), ("s\n:sample 999\n", ":2:1: no sample"),
    ] {
      let play = try folder.write(text, "x.play")
      let run = try Program.run(["picture", "--play", play, "--out", folder.path("x.svg")])
      #expect(run.exitCode == 65 && run.errors.hasPrefix(play + what), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1)
      #expect(!FileManager.default.fileExists(atPath: folder.path("x.svg")))
    }
  }

  // MARK: On a terminal

  private func play(_ session: String, in folder: TemporaryFolder) throws -> PseudoTerminal {
    try PseudoTerminal.launch(
      try PseudoTerminal.built("spide-tui"), ["--play", try folder.write(session, "x.play")],
      environment: [:], columns: 120, rows: 36)
  }

  @Test func aSessionIsPlayedAndLeft() throws {
    let folder = try TemporaryFolder()
    let app = try play(
      "4\n:train 30\nt\nwait 5 batches\nt\n1\ni\nF\n:speed 100\nspace\nwait 0.4\nspace\ns\n",
      in: folder)
    try app.wait(60) { $0.contains("x.play has been played") }
    // The keys are the person's.
    let log = folder.path("log.play")
    try app.send(":log \(log)\r")
    try app.wait(20) { $0.contains("wrote ") }
    try app.send("q")
    try app.wait(20) { $0.contains("Quit?") }
    try app.send("y")
    #expect(try app.waitForExit().status == .exited(0))
    let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    #expect(lines.first == "# spide-tui --preset digits --seed 1", "\(lines)")
    #expect(lines.contains(":train 30") && lines.last == "space s", "\(lines)")
    #expect(lines.contains { $0.hasPrefix("wait ") && $0.hasSuffix(" batches") }, "\(lines)")
    // What was done there can be drawn.
    #expect(try picture(["--play", log]).contains("inspect"))
  }

  @Test func aKeyEndsThePlaying() throws {
    let folder = try TemporaryFolder()
    let app = try play("s s s\nwait 3600\n:sample 5\n", in: folder)
    try app.wait(30) { $0.contains("3/30") }
    try app.send("q")
    try app.wait(20) { $0.contains("was ended by you") }
    // That key did nothing else; the next one does what it says.
    try app.send("s")
    try app.wait(20) { $0.contains("4/30") }
    try app.send("q")
    #expect(try app.waitForExit().status == .exited(0))
  }

  @Test func aFailedCommandEndsThePlaying() throws {
    let folder = try TemporaryFolder()
    let app = try play("s s\n:nonsense\nq\n", in: folder)
    try app.wait(30) { $0.contains("no command nonsense") }
    _ = try app.watch(0.5)
    try app.send("\u{1b}")
    _ = try app.watch(0.5)
    try app.send("s")
    try app.wait(20) { $0.contains("3/30") }
    try app.send("q")
    #expect(try app.waitForExit().status == .exited(0))
  }
}
