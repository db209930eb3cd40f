import SpideTUI
import Testing

/// The screens as a person sees them, at two sizes, driven by keys alone.
@Suite struct ScreenGoldens {
  @Test(arguments: ["stage", "gradient", "reset", "neuron", "ledger"])
  func atTheEndOfASample(_ screen: String) throws {
    try expectScreens(screen, keys: "f/L1 5<enter>:screen \(screen)<enter>")
  }

  @Test func stageInTheMiddleOfTheForwardStage() throws {
    try expectScreens("stage-forward", keys: "ssssssssssss")
  }

  @Test func stageInASCII() throws {
    try expectScreens("stage-ascii", keys: "nssssssssssssssssss", glyphs: .ascii)
  }

  @Test func gradientOfManySamplesAndInASCII() throws {
    try expectScreens("gradient-mean", keys: "2m<down><down>")
    try expectScreens("gradient-ascii", keys: "2f", glyphs: .ascii)
  }

  @Test func updateOfATraining() throws {
    try expectScreens("update", keys: "7:train 12<enter><esc>")
    try expectScreens("update-ascii", keys: "7:train 12<enter><esc>", glyphs: .ascii)
  }

  /// The sample beside its twin: on the stage screen, in ASCII, and on the screen of both.
  @Test func twins() throws {
    try expectScreens("twin-stage", keys: ":twin reset=zero<enter>;nssssssssssss")
    try expectScreens("twin", keys: ":screen twin<enter>:twin backward.threshold=0.6<enter>f;.")
    try expectScreens(
      "twin-ascii", keys: ":screen twin<enter>:twin reset=zero threshold=1.3/0.5<enter>;nsss",
      glyphs: .ascii)
  }

  @Test func helpAndPrompt() throws {
    try expectScreens("help", keys: "?")
    try expectScreens("prompt", keys: ":reset <tab>")
  }

  @Test func trainAfterTwoEpochs() throws {
    var scenes: [(String, Canvas)] = []
    for (width, height) in [(80, 24), (120, 36)] {
      var driver = try Driver(width: width, height: height)
      driver.type("4t")
      guard case .training(.run(let start))? = driver.lastEffect else {
        Issue.record("t started nothing")
        return
      }
      driver.train(start, batches: 46)
      driver.type("<esc>")
      scenes.append(("\(width)×\(height)", driver.screen))
    }
    expectGolden(scenes, "screen-train")
  }

  private func expectScreens(_ name: String, keys: String, glyphs: Glyphs = .braille) throws {
    var scenes: [(String, Canvas)] = []
    for (width, height) in [(80, 24), (120, 36)] {
      var driver = try Driver(width: width, height: height, glyphs: glyphs)
      driver.type(keys)
      scenes.append(("\(width)×\(height)", driver.screen))
    }
    expectGolden(scenes, "screen-\(name)")
  }
}
