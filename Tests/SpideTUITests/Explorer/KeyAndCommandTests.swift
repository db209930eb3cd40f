import SpideTUI
import Testing

/// Keys and commands of one meaning do the same.
@Suite struct KeyAndCommandTests {
  @Test(
    arguments: [
      ("s", "step"), ("S", "back"), ("<right>", "step 1"), ("<left>", "back 1"), ("f", "finish"),
      ("F", "restart"), (">", "sample next"), ("<", "sample previous"), ("z", "zoom"),
      ("?", "help"), ("b", "compare same-threshold"),
    ] as [(String, String)], ["", "nsss", "3ss "])
  func agree(_ pair: (key: String, command: String), before: String) throws {
    var (typed, entered) = (try Driver(), try Driver())
    typed.type(before + pair.key)
    entered.type(before + ":\(pair.command)<enter>")
    #expect(typed.text == entered.text)
    #expect(typed.model.session.position == entered.model.session.position)
  }

  @Test func whatIsDoneOutsideIsTheSame() throws {
    for (key, command) in [("q", "quit"), ("t", "train"), ("e", "export")] {
      var (typed, entered) = (try Driver(), try Driver())
      typed.type(key)
      entered.type(":\(command)<enter>")
      #expect(typed.effects.count > 0 && typed.effects.count == entered.effects.count)
    }
  }

  /// A step by hand ends playing, typed or entered.
  @Test(arguments: ["s", ":step 2<enter>", ":back<enter>"]) func aStepStopsTime(_ keys: String)
    throws
  {
    var driver = try Driver()
    driver.type(" ")
    driver.send(.tick)
    #expect(driver.model.tickInterval != nil)
    driver.type(keys)
    #expect(driver.model.tickInterval == nil)
  }
}
