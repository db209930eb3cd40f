import SpideEngine
import SpideTUI
import Testing

/// Time travel with a training on its own thread, at full speed.
@Suite struct TravelOnAThreadTests {
  /// Going back amid a training, another way, and back again: its log does the same.
  @Test(arguments: [1, 2]) func aLiveSessionIsDoneAgain(_ threads: Int) throws {
    let small = try SmallTraining()
    var live = LiveExplorer(small, threads: threads)
    try live.play("4 t")
    try live.run { $0.told >= 30 }
    try live.play("{")
    try live.settle()
    try live.play("{ { { }")
    try live.settle()
    try live.play(":goto update 12")
    try live.settle()
    #expect(live.model.parameters == small.straight(12)[12].parameters)
    try live.play("r t")
    #expect(live.text.contains("Forget updates 13 to"), "\(live.text)")
    try live.play("y")
    try live.run { $0.told >= 40 }
    try live.play("+")
    try live.run { $0.told >= 60 }
    try live.play("t")
    try live.settle()
    try live.play(":goto update 20")
    try live.settle()
    try live.play("t")
    try live.run { $0.told >= 30 }
    try live.play("{")
    try live.settle()
    let log = live.model.log.text
    let again = try small.play(log)
    #expect(again.model.parameters == live.model.parameters, "\(log)")
    #expect(again.model.session.dynamics == live.model.session.dynamics, "\(log)")
  }

  /// Esc leaves everything as it was: training stands where it stood, and the log knows nothing of it.
  @Test func aJourneyIsGivenUp() throws {
    let small = try SmallTraining()
    var live = LiveExplorer(small, budget: 0)
    try live.play("4\n:train 120")
    try live.settle()
    let (before, log) = (live.model.parameters, live.model.log.text)
    // From the first state on: 119 batches.
    try live.play("{")
    #expect(live.text.contains("going to update 119"))
    try live.play("r Esc")
    try live.settle()
    #expect(live.model.parameters == before)
    #expect(live.text.contains("gave up going to update 119"), "\(live.text)")
    #expect(live.model.log.text == log)
    #expect(live.model.session.dynamics == small.preset.dynamics)
    // It stands there in every way.
    try live.play(":train 3")
    try live.settle()
    #expect(live.model.parameters == small.straight(123)[123].parameters)
  }

  /// Given up, perhaps while the training that it paused still had a batch in hand: the training stays paused.
  @Test func aTrainingThatWasPausedForAJourneyStaysPaused() throws {
    let small = try SmallTraining()
    var live = LiveExplorer(small, budget: 0)
    try live.play("4 t")
    try live.run { $0.told >= 60 }
    try live.play(":goto update 50")
    try live.play("Esc")
    try live.settle()
    let log = live.model.log.text
    #expect(log.hasSuffix("Esc t\n") || log.hasSuffix("Esc\nt\n"), "\(log)")
    let again = try small.play(log)
    #expect(again.model.parameters == live.model.parameters)
    #expect(again.text.contains("batches        \(live.told) "), "\(again.text)")
  }

  /// A newer order takes the place of one under way; what is typed after it is for what is there.
  @Test func aNewerOrderTakesItsPlace() throws {
    let small = try SmallTraining()
    var live = LiveExplorer(small, budget: 0)
    try live.play("4\n:train 150")
    try live.settle()
    try live.play("{ { { { r")
    try live.settle()
    #expect(live.model.parameters == small.straight(146)[146].parameters)
    #expect(live.model.session.dynamics == small.zeroReset)
    let log = live.model.log.text
    #expect(log.hasSuffix(":train 150\n{ { { { r\n"), "\(log)")
    #expect(try small.play(log).model.parameters == live.model.parameters)
  }

  /// How far it is is told: from the state that is kept after 256 batches.
  @Test func theWayIsTold() throws {
    let small = try SmallTraining([
      "network.input.dense.units=128", "network.feedback.dense.units=128",
      "network.links.0.dense.units=64", "steps.backward=100",
    ])
    var live = LiveExplorer(small, threads: 1, budget: 0)
    try live.play("4\n:train 400")
    try live.settle()
    try live.play("{")
    var words: [String] = []
    try live.run { live in
      let bar = live.text.split(separator: "\n").last ?? ""
      if bar.contains(" of 143 batches") { words.append(String(bar)) }
      return live.model.isSettled
    }
    #expect(words.allSatisfy { $0.contains("going to update 399") })
    #expect(!words.isEmpty, "none of it took 0.1 s")
  }
}
