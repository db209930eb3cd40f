import SpideConfiguration
import SpideData
import SpideEngine
import SpideTUI
import Testing

/// Going back in a training and on again: what is seen there is what was there, bit for bit.
@Suite struct TimeTravelTests {
  /// A reset is changed after 10 batches, and again after the end of the first epoch: every update is what it was, with its
  /// constants, its next batch and the last test.
  @Test(arguments: [[], [SmallTraining.adam]], [1, 3])
  func everyUpdateIsWhatItWas(_ overrides: [String], _ threads: Int) throws {
    let small = try SmallTraining(overrides)
    var half = small.zeroReset
    half.forward.reset = .minusThreshold
    half.forward.threshold = 1.1
    let straight = small.straight(40, changes: [10: small.zeroReset, 30: half])
    // Room for about six states.
    let budget = 6 * Recording(from: straight[0]).bytes
    var explorer = try small.play(
      "4\nt\nwait 10 batches\n:reset forward zero\nwait 20 batches\nt\n:reset forward minus-threshold\n"
        + ":set neuron.threshold=1.1\n:train 10", threads: threads, budget: budget)
    #expect(explorer.model.parameters == straight[40].parameters)
    for update in [39, 40, 0, 30, 29, 31, 10, 9, 11, 23, 22, 24, 1, 40] {
      try explorer.playOn(":goto update \(update)")
      let state = straight[update]
      #expect(explorer.model.parameters == state.parameters, "\(update)")
      #expect(explorer.model.session.dynamics == state.dynamics, "\(update)")
      #expect(explorer.text.contains("update \(update) of 40 · back to 0, a state every "))
      try explorer.playOn("1")
      let sample = try #require(small.firstSample(after: state))
      #expect(explorer.shows(trainSample: sample), "\(explorer.text)")
      try explorer.playOn("4")
      let batches = update == 40 ? "40" : "\(update) of 40"
      #expect(explorer.text.contains("batches        \(batches)"), "\(explorer.text)")
      #expect(explorer.text.contains("comes with the next test") == (update < 23), "\(update)")
      #expect(explorer.text.contains("  16 of 15") == false)
    }
    // As many states as fit, and the first and the last.
    #expect(!explorer.text.contains("a state every batch,"))
  }

  @Test func keysGoAnUpdateBackAndOn() throws {
    let small = try SmallTraining()
    let straight = small.straight(5)
    var explorer = try small.play(":train 5\n{ {")
    #expect(explorer.model.parameters == straight[3].parameters)
    #expect(explorer.text.contains("update 3 of 5 "))
    try explorer.playOn("}")
    #expect(explorer.model.parameters == straight[4].parameters)
    try explorer.playOn("} }")
    #expect(explorer.model.parameters == straight[5].parameters)
    #expect(explorer.text.contains("update 5 is the last: t trains on"))
    try explorer.playOn("{ { { { {")
    #expect(explorer.model.parameters == straight[0].parameters)
    try explorer.playOn("{")
    #expect(explorer.text.contains("update 0 is the first: nothing is recorded before it"))
    // Test samples too are seen with the weights of then, at the moment that was being looked at.
    try explorer.playOn("i\nn\n}")
    #expect(explorer.model.parameters == straight[1].parameters)
    #expect(explorer.model.session.moment == .readout && !explorer.text.contains("train #"))
  }

  @Test(arguments: [
    ("{", "nothing is recorded yet"),
    (":train 3\nEsc\n/ u p d a t e space 9 Enter", "updates are 0 … 3"),
    ("colon g o t o space u p d a t e space 1 Enter", "nothing is recorded yet"),
    (":train 3\ncolon g o t o space u p d a t e space x Enter", "update x is not there"),
  ])
  func whatIsNotThereIsSaid(_ session: String, _ words: String) throws {
    let text = try SmallTraining().play(session).text
    #expect(text.contains(words), "\(text)")
  }

  @Test func theUpdatesThatThereAreAreOffered() throws {
    let small = try SmallTraining()
    var explorer = try small.play("t\nwait 7 batches\nr\nwait 5 batches\nt\nEsc\ncolon g o t o")
    try explorer.playOn("space u p Tab space Tab")
    let lines = explorer.text.split(separator: "\n").suffix(2)
    #expect(lines.first?.contains("0  7  12") == true, "\(explorer.text)")
    #expect(lines.last == ":goto update 0")
  }

  /// A training that runs is paused at the batch in hand.
  @Test func aTrainingThatRunsIsPaused() throws {
    let small = try SmallTraining()
    let explorer = try small.play("t\nwait 12 batches\n{")
    #expect(explorer.model.parameters == small.straight(11)[11].parameters)
    #expect(explorer.text.contains("update 11 of 12"))
    let log = explorer.model.log.text
    #expect(log.hasSuffix("\nt\nwait 12 batches\n{\n"), "\(log)")
  }

  // MARK: Going on

  /// From the past training goes on as it did, changes of constants included, and then beyond.
  @Test(arguments: [1, 3]) func whatIsRecordedIsFollowed(_ threads: Int) throws {
    let small = try SmallTraining()
    let straight = small.straight(60, changes: [20: small.zeroReset])
    var explorer = try small.play(
      "4\nt\nwait 20 batches\nr\nwait 30 batches\nt\n:goto update 15\n:train 3", threads: threads)
    #expect(explorer.model.parameters == straight[18].parameters)
    #expect(explorer.text.contains("update 18 of 50"))
    #expect(explorer.model.session.dynamics == small.preset.dynamics)
    try explorer.playOn(":train 7")
    #expect(explorer.model.parameters == straight[25].parameters)
    #expect(explorer.model.session.dynamics == small.zeroReset)
    try explorer.playOn("t\nwait 30 batches\nt")
    #expect(explorer.model.parameters == straight[55].parameters)
    #expect(explorer.text.contains("batches        55 "))
    try explorer.playOn(":goto update 52\n:train 8")
    #expect(explorer.model.parameters == straight[60].parameters)
  }

  /// With other constants it is another way: asked once, and then what lay after it is gone.
  @Test func anotherWayIsAskedAbout() throws {
    let small = try SmallTraining()
    let straight = small.straight(30)
    let other = small.straight(20, changes: [10: small.zeroReset])
    var explorer = try small.play("4\n:train 30\n:goto update 10\nr\n:train 5")
    #expect(explorer.text.contains("Forget updates 11 to 30?"), "\(explorer.text)")
    #expect(explorer.text.contains("reset 0/−Vth"))
    #expect(explorer.model.parameters == straight[10].parameters)
    try explorer.playOn("n")
    #expect(explorer.text.contains("batches        10 of 30"))
    try explorer.playOn(":train 5\ny")
    #expect(explorer.model.parameters == other[15].parameters)
    #expect(explorer.text.contains("batches        15 "), "\(explorer.text)")
    try explorer.playOn("}")
    #expect(explorer.text.contains("update 15 is the last"))
    try explorer.playOn(":goto update 9\n:train 11")
    #expect(explorer.model.parameters == other[20].parameters)
    try explorer.playOn(":goto update 10")
    #expect(explorer.model.session.dynamics == small.zeroReset)
    // Nothing but the update in hand is forgotten where there is but one.
    try explorer.playOn(":goto update 19\nr\nf\ns")
    #expect(explorer.text.contains("Forget update 20?") && explorer.text.contains("y forget it"))
  }

  /// The other way is gone in a run of its own, and nothing is forgotten.
  @Test func anotherWayInAnotherRun() throws {
    let small = try SmallTraining()
    var explorer = try small.play("4\n:train 30\n:goto update 10\nr\n:train 5")
    #expect(explorer.text.contains("Y in another run"), "\(explorer.text)")
    try explorer.playOn("Y\n:train 5")
    let other = small.straight(15, changes: [10: small.zeroReset])
    #expect(explorer.model.parameters == other[15].parameters)
    try explorer.playOn(":run digits\n:goto update 30")
    #expect(explorer.model.parameters == small.straight(30)[30].parameters)
  }

  /// An epoch is gone to by its number.
  @Test func anEpochIsGoneTo() throws {
    let small = try SmallTraining()
    var explorer = try small.play("4\n:train 50\n:goto epoch 1")
    #expect(explorer.text.contains("batches        23 of 50"), "\(explorer.text)")
    for line in [":goto epoch 3", ":goto epoch -1", ":goto epoch x"] {
      #expect(throws: ConfigurationError.self) { try explorer.playOn(line) }
      try explorer.playOn("Esc")
    }
  }

  /// A changed constant at the end of what is recorded is no other way, and is kept for when one comes back.
  @Test func aChangeAtTheEndIsKept() throws {
    let small = try SmallTraining()
    let straight = small.straight(12, changes: [10: small.zeroReset])
    let explorer = try small.play(":train 10\nr\n{\n}\n:train 2")
    #expect(explorer.model.parameters == straight[12].parameters)
    #expect(!explorer.text.contains("Forget"))
  }

  /// While a training follows what is recorded nobody changes its constants.
  @Test func whatIsFollowedIsNotChanged() throws {
    let small = try SmallTraining()
    let straight = small.straight(30)
    var explorer = try small.play(":train 30\n:goto update 5\nt\nwait 5 batches\nr")
    #expect(explorer.text.contains("follows what is recorded"))
    #expect(explorer.model.session.dynamics == small.preset.dynamics)
    try explorer.playOn("wait 5 batches\nt")
    #expect(explorer.model.parameters == straight[15].parameters)
  }

  /// Nothing is lost by looking back: `q` asks for all that is recorded.
  @Test func whatIsRecordedCountsAsTrained() throws {
    let small = try SmallTraining()
    var explorer = try small.play(":train 30\n:goto update 10\nq")
    #expect(explorer.text.contains("30 batches of the training"))
    try explorer.playOn("n\nr\n:train 2\ny\nq")
    #expect(explorer.text.contains("12 batches of the training"))
  }

  // MARK: Over the update

  @Test func aStepBackTakesTheUpdateBack() throws {
    let small = try SmallTraining()
    let straight = small.straight(3)
    var explorer = try small.play("1\n:train 3\nF\nS")
    let sample = try #require(small.firstSample(after: straight[2]))
    #expect(explorer.model.parameters == straight[2].parameters)
    #expect(explorer.model.session.moment == .update)
    #expect(explorer.shows(trainSample: sample))
    try explorer.playOn("s")
    #expect(explorer.model.parameters == straight[3].parameters)
    #expect(explorer.model.session.moment == .start)
    // The key that goes back by a stage does the same there.
    try explorer.playOn("N\nN\nF\nS\nF\nS")
    #expect(explorer.model.parameters == straight[0].parameters)
    try explorer.playOn("F\nS")
    #expect(explorer.text.contains("nothing is recorded before it"))
    try explorer.playOn("i\nF\nS")
    #expect(explorer.model.session.moment == .start)
  }

  // MARK: The log

  /// Whatever was done in the past and from there, its log does the same again.
  @Test(arguments: 0..<12) func aLogLeadsToTheSame(_ seed: UInt64) throws {
    var random = Draw(seed)
    let lines = [
      "{", "}", "{ {", "{ { { {", "} } }", ":train 7\ny", "t\ny\nwait 0.08\ni", "t\ny\nwait 0.2\ni",
      "r", "+", "R", "i", "f\ns\ny", "F\nS", "S", "N", "n", "click 95 4", "drag 100 4", "4", "1",
      "space\nwait 0.3", "B", ":break update 12", ":until loss < 1.5\ni", ":break L1 3", "f",
      ":break silent L0",
      ":reset zero", "wait 0.2", ":unbreak all", "m", "z",
    ]
    let session =
      "4\n:train 9\n" + (0..<40).map { _ in random.one(of: lines) }.joined(separator: "\nEsc\n")
    let small = try SmallTraining()
    let played = try small.play(session)
    let log = played.model.log.text
    let again = try small.play(log)
    #expect(again.text == played.text, "seed \(seed)\n\(session)\n---\n\(log)")
    #expect(again.model.log.text == log)
    #expect(again.model.parameters == played.model.parameters)
  }

  // MARK: What is seen

  /// The curves stay, with a line at the update, and values of then in their legends.
  @Test func theCurvesHaveACursor() throws {
    let small = try SmallTraining()
    var explorer = try small.play("4\n:train 46\nEsc")
    func legend(_ explorer: HeadlessExplorer) -> Substring? {
      explorer.text.split(separator: "\n").first { $0.contains("● train") }
    }
    let end = legend(explorer)
    try explorer.playOn("{\nEsc")
    #expect(legend(explorer) != end)
    let canvas = explorer.model.view().canvas
    #expect(canvas.cells.contains { $0.style == Style(.accent, dim: true) })
    try explorer.playOn("}\nEsc")
    #expect(legend(explorer) == end)
    // The bar of the run shows how far it had come.
    try explorer.playOn(":goto update 5\nEsc")
    #expect(explorer.text.contains("update 5 of 46"))
  }

  /// A click and a drag on the bar of the run.
  @Test func theBarOfTheRunScrubs() throws {
    let small = try SmallTraining(["training.epochs=2"])
    let straight = small.straight(46)
    var explorer = try small.play("4\n:train 46")
    /// The row and the first column of the bar, from 1, and its width.
    func bar() throws -> (row: Int, column: Int, width: Int) {
      let lines = explorer.text.split(separator: "\n", omittingEmptySubsequences: false)
      let row = try #require(lines.firstIndex { $0.contains("run   ") })
      let start = try #require(lines[row].range(of: "run   ")).upperBound
      let width = lines[row][start...].prefix { "█▏▎▍▌▋▊▉░".contains($0) }.count
      let column = lines[row].distance(from: lines[row].startIndex, to: start)
      return (row + 1, column + 1, width)
    }
    for (way, cell) in [("click", 2), ("drag", 4), ("drag", 1), ("click", 3)] {
      let place = try bar()
      let update = Int((Double(cell + 1) / Double(place.width) * 46).rounded())
      try explorer.playOn("\(way) \(place.column + cell) \(place.row)")
      #expect(explorer.model.parameters == straight[update].parameters, "\(explorer.text)")
      #expect(explorer.text.contains("update \(update) of 46"))
    }
    let last = try bar()
    try explorer.playOn("drag \(last.column + last.width - 1) \(last.row)\nEsc")
    #expect(explorer.model.parameters == straight[46].parameters)
    #expect(explorer.text.contains("┏ Loss"), "the focus stays")
  }

  /// Numbers that are none are left behind by going back, and another way leads on without a question.
  @Test func backFromADivergence() throws {
    let small = try SmallTraining(["training.learning-rate.base=1e6"])
    var explorer = try small.play("4\nt\nwait 60 batches")
    #expect(explorer.text.contains("diverged"))
    try explorer.playOn("Esc\n{")
    #expect(explorer.model.parameters.firstNotFinite == nil)
    #expect(!explorer.text.contains("diverged"))
    // The same way leads to the same end.
    try explorer.playOn("t\nwait 60 batches")
    #expect(explorer.text.contains("diverged"))
  }
}
