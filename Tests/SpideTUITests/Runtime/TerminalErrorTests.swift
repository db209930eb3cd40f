import SpideTUI
import Testing

@Suite struct TerminalErrorTests {
  @Test(
    arguments: [
      (TerminalError.inputIsNoTerminal, "standard input", 64),
      (.outputIsNoTerminal, "standard output", 64),
      (.unknownType(""), "TERM: not set", 64),
      (.unknownType("nonesuch"), "TERM=nonesuch", 64),
      (.cannotMoveCursor("dumb"), "TERM=dumb", 64),
      (.failed("No space"), "terminal: No space", 70),
    ] as [(TerminalError, String, Int32)])
  func oneLineSaysWhere(_ error: TerminalError, _ beginning: String, _ code: Int32) {
    #expect("\(error)".hasPrefix(beginning))
    #expect(!"\(error)".contains("\n"))
    #expect(error.exitCode == code)
  }
}
