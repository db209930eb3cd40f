import Glibc
import Testing

@Suite struct PseudoTerminalTests {
  @Test func talksToAProgram() throws {
    let app = try PseudoTerminal.launch(
      "/bin/sh",
      ["-c", "trap 'stty size' WINCH; stty size; while ! read word; do :; done; echo got $word"],
      columns: 50, rows: 7)
    try app.wait { $0.contains("7 50") }
    app.resize(60, 8)
    try app.wait { $0.contains("8 60") }
    try app.send("spikes\r")
    let end = try app.waitForExit()
    #expect(end.status == .exited(0))
    #expect(end.screen.contains("got spikes"))
    #expect(end.leftovers == [])
  }

  @Test func seesWhatAProgramLeavesBehind() throws {
    let app = try PseudoTerminal.launch(
      "/bin/sh", ["-c", "stty -echo; printf '\\033[?1049h\\033[?25l\\033[?1000h'; exit 3"])
    let end = try app.waitForExit()
    #expect(end.status == .exited(3))
    #expect(
      end.leftovers == [
        "mode 25 is off", "mode 1000 is on", "mode 1049 is on", "alternate screen",
        "terminal settings",
      ])
  }

  @Test func tellsSignalsFromExits() throws {
    let app = try PseudoTerminal.launch("/bin/sleep", ["60"])
    #expect(try app.watch(0.1) == 0)
    app.signal(SIGTERM)
    #expect(try app.waitForExit().status == .killed(SIGTERM))
    #expect(throws: PseudoTerminal.Failure.self) { try app.wait(0.1) { $0.contains("never") } }
  }
}
