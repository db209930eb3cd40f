import SpideConfiguration
import SpideEngine
import SpideTUI
import Testing

/// A fork goes on from an update as a training would have that was made so, and its parent stays whole.
@Suite struct ForkTests {
  /// In the past, with another reset: to the bits of a training whose reset was changed there.
  @Test(arguments: [[], [SmallTraining.adam]], [1, 3])
  func aForkInThePast(_ overrides: [String], _ threads: Int) throws {
    let small = try SmallTraining(overrides)
    let straight = small.straight(40)
    let other = small.straight(35, changes: [10: small.zeroReset])
    var explorer = try small.play(
      "4\n:train 30\n:goto update 10\n:fork low neuron.reset=zero\n:train 15", threads: threads)
    #expect(explorer.model.parameters == other[25].parameters)
    #expect(explorer.text.contains("digits run low"), "\(explorer.text)")
    #expect(explorer.model.session.dynamics == small.zeroReset)
    // Where it came from is part of it: it goes back past the fork, and on again.
    for update in [4, 10, 11, 25] {
      try explorer.playOn(":goto update \(update)")
      #expect(explorer.model.parameters == other[update].parameters, "\(update)")
    }
    try explorer.playOn(":run digits")
    #expect(explorer.model.parameters == straight[10].parameters)
    #expect(explorer.model.session.dynamics == small.preset.dynamics)
    #expect(explorer.text.contains("batches        10 of 30"), "\(explorer.text)")
    // It follows what was recorded, and goes on beyond it, without a question.
    try explorer.playOn(":train 30")
    #expect(explorer.model.parameters == straight[40].parameters)
    try explorer.playOn(":run low\n:train 10")
    #expect(explorer.model.parameters == other[35].parameters)
  }

  /// The key forks with the constants on screen: what was changed is the fork's.
  @Test func theKeyTakesWhatIsOnScreen() throws {
    let small = try SmallTraining()
    let straight = small.straight(30)
    let other = small.straight(20, changes: [10: small.zeroReset])
    var explorer = try small.play("4\n:train 20\n:goto update 10\nr\nY\n:train 10")
    #expect(explorer.model.parameters == other[20].parameters)
    try explorer.playOn("8")
    #expect(explorer.text.contains("digits at 10"), "\(explorer.text)")
    #expect(explorer.text.contains("reset 0/−Vth"))
    try explorer.playOn(":run digits\n:train 20")
    #expect(!explorer.text.contains("Forget"))
    #expect(explorer.model.parameters == straight[30].parameters)
    #expect(explorer.model.session.dynamics == small.preset.dynamics)
  }

  /// A learning rate needs no new weights. What came before cannot be trained again with it, so the fork begins here.
  @Test func anotherLearningRate() throws {
    let small = try SmallTraining()
    let straight = small.straight(10)
    let slower = try small.preset.with(
      overrides: small.preset.overrides + [
        "training.learning-rate.base=0.01", "training.weight-decay=0.002",
      ])
    var state = straight[10]
    state.use(slower.training)
    let trainer = Trainer(
      plan: slower.network, training: slower.training, trainSet: small.data.train, testSet: nil,
      threads: 1, state: state)
    for _ in 0..<5 { _ = trainer.trainBatch() }
    var explorer = try small.play(
      "4\n:train 10\n:fork slow lr=0.01 training.weight-decay=0.002\n:train 5")
    #expect(explorer.model.parameters == trainer.parameters)
    #expect(explorer.text.contains("back to        update 10"), "\(explorer.text)")
    try explorer.playOn("{ {")
    try explorer.playOn("} }")
    #expect(explorer.model.parameters == trainer.parameters)
    try explorer.playOn(":run digits\n:train 5")
    #expect(explorer.model.parameters == small.straight(15)[15].parameters)
  }

  /// Other shapes or batches begin anew, with the constants on screen, and it is said.
  @Test func whatNeedsNewWeightsBeginsAnew() throws {
    let small = try SmallTraining()
    var explorer = try small.play("4\n:train 10\nr\n:fork wide training.batch=32")
    #expect(explorer.text.contains("training.batch needs new weights"), "\(explorer.text)")
    #expect(explorer.text.contains("batches        0"))
    #expect(explorer.model.session.dynamics.forward.reset == .zero)
    #expect(explorer.model.preset.training.batch == 32)
    try explorer.playOn("8")
    #expect(explorer.text.contains("digits, anew"))
    #expect(explorer.text.contains("2 wide (here)"))
    try explorer.playOn(":run digits")
    #expect(explorer.model.parameters == small.straight(10)[10].parameters)
  }

  /// Before anything is trained a fork begins with the same weights.
  @Test func aForkOfWhatIsNew() throws {
    let small = try SmallTraining()
    let other = small.straight(8, changes: [0: small.zeroReset])
    var explorer = try small.play(":fork neuron.reset=zero\n:train 8")
    #expect(explorer.model.parameters == other[8].parameters)
    try explorer.playOn(":run digits\n:train 8")
    #expect(explorer.model.parameters == small.straight(8)[8].parameters)
  }

  /// A training that runs is paused at its batch, and what is typed ahead is the fork's.
  @Test func aTrainingThatRunsIsPaused() throws {
    let small = try SmallTraining()
    var explorer = try small.play("t\nwait 7 batches\n:fork reset=zero\nt\nwait 3 batches\nt")
    let both = {
      var dynamics = small.zeroReset
      dynamics.backward.reset = .zero
      return dynamics
    }()
    #expect(explorer.model.parameters == small.straight(10, changes: [7: both])[10].parameters)
    try explorer.playOn(":run digits")
    #expect(explorer.model.parameters == small.straight(7)[7].parameters)
    let log = explorer.model.log.text
    #expect(try small.play(log).model.parameters == explorer.model.parameters, "\(log)")
  }

  @Test(arguments: [
    (":fork digits", "a run is called digits already"), (":fork a b", "b has no ="),
    (":fork save", "cannot be a run's name"), (":fork neuron.rset=zero", "neuron"),
    (":run nobody", "no run nobody; there are digits"), (":run close", "it is the only run"),
    (":run save x", "nothing is trained yet"), (":seed x", "no seed x"),
    (":curves sideways", "usage: curves"),
  ])
  func whatIsWrongIsSaid(_ line: String, _ words: String) throws {
    var driver = try Driver()
    driver.type("\(line)<enter>")
    #expect(driver.text.contains(words), "\(driver.text)")
    #expect(!driver.text.contains("digits-2"))
  }

  @Test func aDivergedRunIsForkedBeforeItsEnd() throws {
    let small = try SmallTraining(["training.learning-rate.base=1e6"])
    var explorer = try small.play("4\nt\nwait 60 batches\nEsc\nY")
    #expect(explorer.text.contains("this run has diverged: {"), "\(explorer.text)")
    try explorer.playOn("Esc\n{\n:fork calm lr=0.01\n:train 5")
    #expect(!explorer.text.contains("diverged"))
    #expect(explorer.model.parameters.firstNotFinite == nil)
  }
}
