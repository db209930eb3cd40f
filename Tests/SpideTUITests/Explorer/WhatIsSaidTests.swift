import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// Words and numbers on the screens mean one thing each.
@Suite struct WhatIsSaidTests {
  private func running(_ driver: inout Driver, batches: Int = 3) throws {
    driver.type("t")
    guard case .training(.run(let start))? = driver.lastEffect else {
      Issue.record("t started nothing")
      return
    }
    driver.train(start, batches: batches, goesOn: true)
  }

  private var bottom: (Driver) -> String {
    { $0.text.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? "" }
  }

  /// Training and playing are two things.
  @Test(arguments: [(80, 24), (120, 36), (200, 60)]) func trainingIsNotPlaying(
    _ width: Int, _ height: Int
  ) throws {
    var driver = try Driver(width: width, height: height)
    #expect(bottom(driver).contains("inspect") && bottom(driver).contains("‖ paused"))
    try running(&driver)
    #expect(bottom(driver).contains("training") && bottom(driver).contains("sample"))
    #expect(bottom(driver).contains("‖ paused") && !bottom(driver).contains("playing"))
    driver.type(" ")
    #expect(bottom(driver).contains("training") && bottom(driver).contains("▶ playing"))
    driver.type(" t")
    #expect(bottom(driver).contains("training stops"))
  }

  /// One panel on a small screen says which of how many it is, and that training runs.
  @Test(arguments: [(59, 15), (59, 40), (200, 15), (40, 12), (30, 8), (20, 6), (14, 5), (10, 4)])
  func smallScreens(_ width: Int, _ height: Int) throws {
    var driver = try Driver(width: width, height: height)
    #expect(driver.text.contains("1/3"), "\(driver.text)")
    driver.type("<tab><tab>")
    #expect(driver.text.contains("3/3"))
    #expect(!driver.text.contains("training"))
    try running(&driver)
    #expect(driver.text.contains("training"), "\(driver.text)")
  }

  @Test func aZoomedPanelSaysWhichItIs() throws {
    var driver = try Driver()
    #expect(!driver.text.contains("1/3"))
    driver.type("z")
    #expect(driver.text.contains("1/3 Score"))
  }

  /// At 80 columns the program's name goes before what is set.
  @Test func theHeaderKeepsTheConstants() throws {
    var driver = try Driver(width: 80, height: 24)
    for key in ["1", "2", "3", "4", "5", "6", "7"] {
      driver.type(key)
      let header = driver.text.prefix { $0 != "\n" }
      #expect(header.contains("digits · IF · reset −Vth/−Vth · Vth 1.0/0.5 · T 30/100"))
      for key in ["1", "2", "3", "4", "5", "6", "7", "?"] { #expect(header.contains(" \(key)")) }
      #expect(!header.contains("spide-tui"))
    }
    driver.type("r")
    #expect(driver.text.contains("reset 0*/−Vth · Vth 1.0/0.5 · T 30/100"))
    driver.send(.input(.resized(width: 200, height: 36)))
    #expect(driver.text.contains("spide-tui  digits") && driver.text.contains("6 Ledger"))
  }

  /// Each constant that is not the preset's is marked, and no other; back at the preset's value the mark goes.
  @Test func starsMarkWhatIsNotThePresets() throws {
    var driver = try Driver()
    func header() -> Substring { driver.text.prefix { $0 != "\n" } }
    #expect(!header().contains("*"))
    for (keys, expected) in [
      ("+", "Vth 1.1*/0.5"), ("v+", "Vth 1.1*/0.6*"), ("v-", "LIF λ 0.99*"), ("vv+", "T 35*/100"),
      ("v+", "T 35*/110*"), ("r", "reset 0*/−Vth"), ("R", "reset 0*/0*"),
    ] {
      driver.type(keys)
      #expect(header().contains(expected), "\(header())")
    }
    driver.type("-v-v-v+vv-rrRR")
    #expect(!header().contains("*"), "\(header())")
    // What was set by key is no longer what stands in the preset's file either.
    driver.type(":set neuron.threshold=2<enter>")
    #expect(header().contains("Vth 2.0*/0.5"))
  }

  /// Training goes on with what the header says, and the curves show where it was changed.
  @Test func constantsChangedWhileTraining() throws {
    var driver = try Driver()
    driver.type("4")
    try running(&driver)
    #expect(!driver.text.contains("┊ Vth"))
    driver.type("+")
    guard case .training(.use(let start))? = driver.lastEffect else {
      Issue.record("training goes on with the old threshold")
      return
    }
    #expect(start.dynamics.forward.threshold > 1.05)
    driver.train(start, batches: 3, goesOn: true)
    #expect(driver.text.contains("┊ Vth 1.1/0.5"), "\(driver.text)")
    let orders = driver.effects.count
    // Nothing has changed: nothing is ordered.
    driver.type("z")
    #expect(driver.effects.count == orders)
  }

  /// Both stages' potentials stand there, named, wherever the cursor is.
  @Test(arguments: [(80, 24), (120, 36)]) func residualPotentialsAreNamed(
    _ width: Int, _ height: Int
  ) throws {
    var driver = try Driver(width: width, height: height)
    driver.type("3")
    for keys in ["s", "n", "n", "f"] {
      driver.type(keys)
      #expect(driver.text.contains("Residual potential, by reset"))
      #expect(driver.text.contains("forward u/V") && driver.text.contains("backward u/V_b"))
      #expect(!driver.text.contains("Leftover"))
    }
    // All names in both legends, and beside both stages' pictures.
    let text = driver.text
    for name in ["● −Vth: ", "◆ −Vth/2: ", "▲ 0: "] {
      #expect(text.components(separatedBy: name).count == 3, "\(name)\n\(text)")
    }
    for name in ["−Vth  ", "−Vth/2", "0     "] { #expect(text.contains("│\(name)")) }
    #expect(text.contains("backward u/V_b") && !text.replacing(" … ", with: "").contains("…"))
  }

  /// As README says of the end of the backward stage: with a reset at 0 nothing is left below 0 in the forward stage, so
  /// rates are low; with −Vth it lies on both sides.
  @Test func theForwardStageStaysInSight() throws {
    var driver = try Driver()
    driver.type("3f")
    let lines = driver.text.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    let title = try #require(lines.firstIndex { String($0).contains("forward u/V") })
    let names = try ["−Vth ", "0 "].map { name in
      try #require(
        lines[title...].firstIndex { String($0).hasPrefix("│" + name) })
    }
    let axis = try #require(lines[title...].firstIndex { String($0.prefix(30)).contains("┬") })
    let ticks = lines[axis].indices.filter { lines[axis][$0] == "┬" }
    // −1, 0 and 1 of the left picture.
    let (low, zero) = (ticks[0], ticks[1])
    func filled(_ rows: Range<Int>, _ columns: Range<Int>) -> Int {
      rows.reduce(0) { sum, row in
        columns.reduce(sum) { $0 + ("▁▂▃▄▅▆▇█".contains(lines[row][$1]) ? 1 : 0) }
      }
    }
    let height = (axis - title - 1) / 3
    let (minus, none) = (names[0]..<names[0] + height, names[1]..<axis)
    let (below, above) = (low..<zero, zero..<zero + (zero - low))
    #expect(3 * filled(minus, below) > filled(minus, above) && filled(minus, above) > 4)
    #expect(8 * filled(none, below) < filled(none, above), "\(driver.text)")
  }

  /// What the signs of backward spikes look like, and which neurons these are, stays in the frame.
  @Test(arguments: ["digits", "digits-conv"]) func titlesKeepTheirLegend(_ preset: String) throws {
    for width in [60, 70, 80, 100, 120] {
      var driver = try Driver(preset, width: width, height: 24)
      driver.type("n")
      let frame = try #require(
        driver.text.split(separator: "\n").first { $0.contains("Score  L0 ") })
      #expect(frame.contains("▾"), "\(frame)")
      #expect(frame.contains("▴") && frame.contains("−") && frame.contains("+"))
      #expect(!frame.contains("…"), "\(frame)")
    }
  }

  @Test func oneIsNotMany() throws {
    var driver = try Driver()
    let preset = try Driver.preset(
      "digits",
      overrides: [
        "network.input.dense.units=1", "network.feedback.dense.units=1",
        "network.links.0.dense.units=2",
      ])
    driver = Driver(preset, data: try Driver.data(preset))
    driver.type("4<tab><tab><tab><tab>zt")
    guard case .training(.run(let start))? = driver.lastEffect else {
      Issue.record("t started nothing")
      return
    }
    driver.train(start, batches: 1)
    #expect(driver.text.contains("after 1 batch,") && !driver.text.contains("1 batches"))
  }

  /// Minus signs, thousands and leading zeros are written in one way.
  @Test func countsAndPlurals() {
    #expect(Words.counted(1, "epoch") == "1 epoch")
    #expect(Words.counted(0, "epoch") == "0 epochs")
    #expect(Words.count(-12_345) == "−12,345" && Words.count(999) == "999")
    #expect(Words.count(.min).hasPrefix("−9,223,372"))
  }
}
