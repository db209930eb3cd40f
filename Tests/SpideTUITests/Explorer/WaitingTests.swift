import SpideTUI
import Testing

/// Files are read and written elsewhere: what is typed ahead waits for what they bring.
@Suite struct WaitingTests {
  @Test func whatIsTypedAheadIsForThePresetToCome() throws {
    var driver = try Driver()
    driver.type(":preset digits-recurrent<enter>ss3")
    #expect(driver.model.session.position == 0)
    #expect(
      driver.text.contains("opening digits-recurrent") && driver.text.contains("Esc gives up"))
    try driver.carryOutLast()
    #expect(driver.model.preset.name == "digits-recurrent")
    #expect(driver.model.session.position == 2 && driver.text.contains("Rate error"))
  }

  @Test func whatFailedIsNotWaitedFor() throws {
    var driver = try Driver()
    driver.type(":preset nonesuch<enter>")
    try driver.carryOutLast()
    #expect(driver.text.contains("no preset"))
    driver.type("<esc>ss")
    #expect(driver.model.session.position == 2)
  }

  /// Esc gives up: the keys are for what is there, and what comes after all is left alone.
  @Test func escGivesUp() throws {
    var driver = try Driver()
    driver.type(":preset digits-recurrent<enter>s<esc>ss")
    #expect(driver.model.session.position == 2)
    let effects = driver.effects.count
    try driver.carryOutLast()
    #expect(driver.model.preset.name == "digits" && driver.model.session.position == 2)
    #expect(driver.effects.count == effects)
    // The next one counts again.
    driver.type(":preset digits-lif<enter>")
    try driver.carryOutLast()
    #expect(driver.model.preset.name == "digits-lif")
  }

  /// What is being written is not given up, and Ctrl-C asks as always, with its answer heard.
  @Test func writingGoesOn() throws {
    var driver = try Driver()
    driver.type(":save w.safetensors<enter><esc>s")
    #expect(driver.model.session.position == 0 && driver.text.contains("writing"))
    driver.send(.interrupt)
    #expect(driver.exitCode == 130)
  }
}
