import SpideEngine
import SpideTUI
import Testing

@Suite struct ExplorerTests {
  @Test func steppingBackIsExact() throws {
    var driver = try Driver()
    var pictures: [String] = []
    for _ in 0..<50 {
      pictures.append(driver.text)
      driver.type("s")
    }
    for picture in pictures.reversed() {
      driver.type("S")
      #expect(driver.text == picture)
    }
    #expect(driver.model.session.position == 0)
  }

  @Test func stagesFollowEachOther() throws {
    var driver = try Driver()
    let timeline = driver.model.session.timeline
    let stops = [31, 32, timeline.end]
    for stop in stops {
      driver.type("n")
      #expect(driver.model.session.position == stop)
    }
    for stop in [32, 31, 0] {
      driver.type("N")
      #expect(driver.model.session.position == stop)
    }
    driver.type("f")
    #expect(driver.model.session.moment == .update)
    driver.type("F")
    #expect(driver.model.session.moment == .start)
  }

  /// Changing a reset runs the sample again and keeps the moment; three changes come round.
  @Test func resetModesGoRound() throws {
    var driver = try Driver()
    driver.type("nsssss")
    let moment = driver.model.session.moment
    let before = driver.model.session.forwardSpikes
    driver.type("r")
    #expect(driver.model.session.dynamics.forward.reset == .zero)
    #expect(driver.model.session.moment == moment)
    #expect(driver.model.session.forwardSpikes != before)
    #expect(driver.text.contains("reset 0*/−Vth"))
    driver.type("rr")
    #expect(driver.model.session.dynamics.forward.reset == .minusThreshold)
    #expect(driver.model.session.forwardSpikes == before)
    driver.type("R")
    #expect(driver.model.session.dynamics.backward.reset == .zero)
    #expect(driver.model.session.dynamics.forward.reset == .minusThreshold)
  }

  @Test(arguments: [
    (":sample 42<enter>", "#42  label"), (":reset zero<enter>", "reset 0*/0*"),
    (":reset forward -0.3<enter>", "reset −0.3*/−Vth"),
    (":set steps.backward=50<enter>", "0/50"), (":set neuron.leak=0.9<enter>", "LIF λ 0.9*"),
    (":goto L1 17<enter>", "L1 #17"), ("/L1 5<enter>", "L1 #5"), (":goto F12<enter>", "12/30"),
    (":goto B7<enter>", "7/100"), (":screen reset<enter>", "Three resets"), ("3", "Three resets"),
    ("4", "Confusion"), ("5", "Weights into L0 #"),
    (":reset forward -0.5<enter>", "reset −Vth/2*/−Vth"), ("rr", "reset −Vth/2*/−Vth"),
    (":set steps.backward=50<enter>", "T 30/50*"), ("vvvv+", "T 35*/100"), ("+-", "Vth 1.0/0.5"),
    ("+", "Vth 1.1 (preset: Vth 1.0)"),
    (":compare same-threshold<enter>3", "same threshold"),
    ("3bb", "same V"), ("?", "one step on / back"), (":speed 200<enter>", "200 steps/s"),
    ("]", "50 steps/s"), ("[[", "5 steps/s"), ("v", "now change Vth,b 0.5"), ("+", "Vth 1.1*/0.5"),
    ("vvvvv-", "0/90"), (":set backward.leak=0.9<enter>", "IF/LIF λ 0.9"),
    ("vv-", "LIF λ 0.99* ·"), ("vvv-", "IF/LIF λ 0.99"),
    (":set backward.leak=1<enter>vv-", "LIF λ 0.99/IF"), (">", "#1  label"), ("<", "#358  label"),
    (":sa<tab>", ":sample"),
    (":sample 9999<enter>", "0 … 358"), (":sample 359<enter>", "0 … 358"),
    (":sample 358<enter>", "#358  label"), (":reset 0.5<enter>", "not below the threshold 0.5"),
    (":reset forward 1<enter>", "not below the threshold 1"),
    (":nonsense<enter>", "no command nonsense"),
    (":reset 3<enter>", "not below the threshold"), (":goto L9<enter>", "layers are 0 … 1"),
    (":set steps.bakward=3<enter>", "did you mean \"backward\""),
    (":sample<enter>", "usage: sample"),
    (
      ":reset forward 0.5<enter>:set neuron.threshold=0.4<enter>",
      "would not be below the threshold"
    ),
    ("J", "L1 #"), ("/L0 4<enter>j", "L0 #5"), ("/L0 5<enter>k", "L0 #4"), ("zz", "Classes"),
    ("/L1 5<enter>K", "Score  L0 #"),
  ])
  func whatKeysShow(_ keys: String, _ expected: String) throws {
    var driver = try Driver()
    let last = keys.hasSuffix(">") && keys != ">" ? keys.lastIndex(of: "<") : nil
    let before = keys[..<(last ?? keys.index(before: keys.endIndex))]
    driver.type(String(before))
    #expect(!driver.text.contains(expected), "before the last key of \(keys)\n\(driver.text)")
    driver.type(String(keys[before.endIndex...]))
    #expect(driver.text.contains(expected), "\(keys)\n\(driver.text)")
  }

  /// The backward leak is the forward one, until it is given or set apart.
  @Test(
    arguments: [
      (":set neuron.leak=0.9<enter>", 0.9, 0.9), ("vv--", 0.98, 0.98), ("vvv--", 1, 0.98),
      (":set backward.leak=0.8<enter>", 1, 0.8),
      (":set backward.leak=0.8<enter>:set neuron.leak=0.9<enter>", 0.9, 0.8),
      (":set backward.leak=1<enter>:set neuron.leak=0.9<enter>", 0.9, 1),
      (":set backward.leak=1<enter>vv--", 0.98, 1), ("vvv--:set neuron.leak=0.9<enter>", 0.9, 0.98),
      ("rvv-:set neuron.threshold=2<enter>", 0.99, 0.99),
    ] as [(String, Float, Float)])
  func leaksOfBothStages(_ keys: String, forward: Float, backward: Float) throws {
    var driver = try Driver()
    driver.type(keys)
    // Keys move it by steps of 0.01, which single precision rounds.
    #expect(abs(driver.model.session.dynamics.forward.leak - forward) < 1e-6)
    #expect(abs(driver.model.session.dynamics.backward.leak - backward) < 1e-6)
  }

  /// A dense feedback onto feature maps: its label, and a sample through both stages.
  @Test func aDenseFeedbackOntoMaps() throws {
    var driver = try Driver(
      "digits-conv", overrides: ["network.feedback={ dense: { bias: false }, max-norm: 2 }"])
    driver.type("f")
    #expect(driver.model.session.moment == .update)
    #expect(driver.text.contains("↺ dense"), "\(driver.text)")
  }

  /// Constants at once, anything else by opening the preset anew.
  @Test func settingsThatNeedNewWeights() throws {
    var driver = try Driver()
    // Layer 0 would no longer fit the feedback.
    driver.type(":set network.input.dense.units=32<enter>")
    #expect(driver.effects.isEmpty)
    #expect(driver.text.contains("the feedback gives [128]"))
    driver.type("<esc>:set training.batch=32<enter>")
    guard case .openText(let preset, _)? = driver.lastEffect else {
      Issue.record("no preset to open: \(driver.effects)")
      return
    }
    #expect(preset.training.batch == 32)
  }

  /// A neuron of feature maps by channel, row and column.
  @Test func aNeuronByItsPlace() throws {
    var driver = try Driver("digits-conv")
    driver.type(":goto L0 2,3,5<enter>")
    #expect(driver.model.session.watched == UnitID(layer: 0, unit: (3 * 8 + 5) * 8 + 2))
    driver.type("/L1 7,1,2<enter>")
    #expect(driver.model.session.watched == UnitID(layer: 1, unit: (1 * 4 + 2) * 16 + 7))
    driver.type("/7,4,0<enter>")
    #expect(driver.text.contains("7,4,0 is no neuron"))
  }

  /// A training that begins anew is compared from its start on, and not only once it has come as far as the one before.
  @Test func anotherTrainingIsCompared() throws {
    var driver = try Driver()
    func comparisons() -> Int {
      driver.effects.count { if case .compare = $0 { true } else { false } }
    }
    @discardableResult func train(batches: Int) throws -> TrainingStart {
      driver.type("t")
      guard case .training(.run(let start))? = driver.lastEffect else {
        throw Failure("t started nothing")
      }
      driver.train(start, batches: batches, goesOn: true)
      return start
    }
    driver.type("3")
    let start = try train(batches: 100)
    try driver.open("digits")
    // The run before is paused first.
    driver.train(start, batches: 0)
    let before = comparisons()
    try train(batches: 1)
    #expect(driver.text.contains("training") && comparisons() > before)
  }

  @Test func trainingByHandMovesTheWeightsAtUpdate() throws {
    var driver = try Driver()
    driver.type("t")
    guard case .training(.run(let start))? = driver.lastEffect else {
      Issue.record("t started nothing")
      return
    }
    driver.type("t")
    guard case .training(.pause)? = driver.lastEffect else {
      Issue.record("t paused nothing")
      return
    }
    driver.train(start, batches: 1)
    #expect(driver.model.session.position == 0)
    let weights = driver.model.session.network
    driver.type("f")
    #expect(driver.model.session.moment == .update)
    #expect(driver.model.session.network === weights)
    driver.type("s")
    #expect(driver.model.session.network !== weights)
    #expect(driver.model.session.position == 0)
    #expect(driver.text.contains("train"))
    driver.type("4")
    #expect(driver.text.contains("batches        2"))
    driver.type("i1")
    #expect(driver.text.contains("#0  label"))
  }

  @Test func playingStopsAtTheEnd() throws {
    var driver = try Driver()
    #expect(driver.model.tickInterval == nil)
    driver.type(" ")
    #expect(driver.model.tickInterval != nil)
    for _ in 0..<200 { driver.send(.tick) }
    #expect(driver.model.session.moment == .update)
    #expect(driver.model.tickInterval == nil)
  }

  @Test func theMouseClicksAndScrubs() throws {
    var driver = try Driver()
    func mouse(_ kind: MouseEvent.Kind, _ x: Int, _ y: Int) -> Message {
      .input(.mouse(MouseEvent(kind, button: kind == .wheelUp ? nil : .left, x: x, y: y)))
    }
    driver.send(mouse(.press, 20, 35))
    #expect((1...30).contains(driver.model.session.position))
    driver.send(mouse(.drag, 60, 35))
    guard case .backward = driver.model.session.moment else {
      Issue.record("scrubbed to \(driver.model.session.moment)")
      return
    }
    let rows = driver.text.split(separator: "\n", omittingEmptySubsequences: false)
    let staff = try #require(rows.firstIndex { $0.contains(" L1 64") })
    driver.send(mouse(.press, 5, staff))
    #expect(driver.text.contains("Score  L1 #"))
    driver.send(mouse(.wheelUp, 40, 5))
    #expect(driver.text.contains("Score  L0 #"))
    driver.send(mouse(.press, 40, 5))
    #expect(driver.model.session.moment != .update)
  }

  /// Every screen at every small size, with every overlay: nothing traps and nothing leaves the canvas.
  @Test(arguments: Glyphs.allCases) func everySize(_ glyphs: Glyphs) throws {
    var driver = try Driver(glyphs: glyphs)
    driver.type("nsss")
    for keys in ["1", "2", "3", "4", "5", "?", "<esc>:sam", "<esc>z", "tq"] {
      driver.type(keys)
      for (width, height) in [
        (0, 0), (1, 1), (2, 2), (3, 1), (1, 9), (7, 4), (20, 6), (40, 12), (59, 15), (80, 24),
        (200, 60),
      ] {
        driver.send(.input(.resized(width: width, height: height)))
        let canvas = driver.screen
        #expect(canvas.width == width && canvas.height == height)
        if glyphs == .ascii { #expect(canvas.text.contains { !$0.isASCII } == false) }
      }
    }
  }

  @Test(arguments: ["digits", "digits-conv", "digits-recurrent", "digits-lif"])
  func everyPresetRuns(_ preset: String) throws {
    var driver = try Driver(preset)
    driver.type("f4213")
    #expect(driver.model.session.moment == .update)
    #expect(driver.text.contains(preset))
  }

  /// What the comparisons show belongs to the sample on screen; an answer about another network never does.
  @Test func comparisonsBelongToWhatIsShown() throws {
    var driver = try Driver()
    driver.answersComparisons = false
    driver.type("5n")
    let order = try #require(driver.lastComparison)
    #expect(driver.model.exactSolutions.equilibrium == nil)
    driver.send(.compared(order.carryOut()))
    let first = try #require(driver.model.exactSolutions.equilibrium)
    driver.type(">")
    #expect(driver.model.exactSolutions.equilibrium == nil)
    let second = try #require(driver.lastComparison)
    try driver.open("digits-recurrent")
    driver.send(.compared(second.carryOut()))
    #expect(driver.model.exactSolutions.equilibrium == nil)
    // While weights move on the last answer is shown, but none about another network.
    driver.answersComparisons = false
    driver.type("t")
    driver.send(.compared(second.carryOut()))
    #expect(driver.model.exactSolutions.equilibrium == nil)
    driver.type("ti")
    let third = try #require(driver.lastComparison)
    driver.send(.compared(third.carryOut()))
    let recurrent = try #require(driver.model.exactSolutions.equilibrium?.values)
    #expect(recurrent.count == 1 && first.values?.count == 2)
  }
}
