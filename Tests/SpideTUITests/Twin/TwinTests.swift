import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// Two runs of one sample: whatever is done to one of them, the other stands at the same moment of the same sample.
@Suite struct TwinTests {
  /// The twin as it is to be, computed by itself.
  static func straight(
    _ model: Model, _ change: (inout Dynamics) -> Void
  ) throws -> Session {
    var dynamics = model.session.dynamics
    change(&dynamics)
    let network = PackedNetwork(
      plan: model.session.plan, parameters: model.parameters, dynamics: dynamics)
    var session = Session(
      network: network, input: model.session.input, label: model.session.label,
      batch: model.session.batch, watching: model.session.watched)
    session.move(to: session.timeline.position(nearest: model.session.moment))
    return session
  }

  static func zeroResets(_ dynamics: inout Dynamics) {
    (dynamics.forward.reset, dynamics.backward.reset) = (.zero, .zero)
  }

  /// Whether the twin is what it would be by itself, as far as anyone can see.
  static func expectTwin(
    _ driver: Driver, _ what: Comment, _ change: (inout Dynamics) -> Void = zeroResets
  ) throws {
    let twin = try #require(driver.model.twinSession, what)
    let expected = try straight(driver.model, change)
    #expect(twin.dynamics == expected.dynamics && twin.moment == expected.moment, what)
    #expect(twin.input == driver.model.session.input && twin.label == expected.label, what)
    #expect(twin.history.unit == driver.model.session.watched, what)
    let steps = expected.frontier
    #expect(twin.frontier >= steps, what)
    func begins(_ all: [[SpikeEvents]], _ part: [[SpikeEvents]]) -> Bool {
      zip(all, part).allSatisfy { $0.starts(with: $1) } && all.count == part.count
    }
    #expect(begins(twin.forwardSpikes, expected.forwardSpikes), what)
    #expect(begins(twin.backwardSpikes, expected.backwardSpikes), what)
    #expect(
      twin.history.forwardPotential.starts(with: expected.history.forwardPotential), what)
    #expect(twin.readout == expected.readout, what)
  }

  /// One moment, one neuron, one sample, the same weights: key by key.
  @Test(arguments: ["digits", "digits-conv"]) func staysInStep(_ preset: String) throws {
    var driver = try Driver(preset)
    driver.type(":twin reset=zero<enter>")
    try Self.expectTwin(driver, "at the start")
    for keys in [
      "s", "ssss", "S", "n", "n", "ss", "SS", "N", "f", "F", "n", ">", "sss", "<", "J", "a",
      ":goto F7<enter>", ":goto B3<enter>", "x", "/5<enter>", ":set steps.forward=21<enter>", "v+",
      ":set steps.backward=44<enter>", "f", ":sample 9<enter>n",
    ] {
      driver.type(keys)
      try Self.expectTwin(driver, "after \(keys)")
    }
  }

  @Test func playsInStep() throws {
    var driver = try Driver()
    driver.type(":twin reset=zero<enter>:speed 1000<enter> ")
    for _ in 0..<3 {
      driver.send(.tick)
      try Self.expectTwin(driver, "a tick")
    }
    #expect(driver.model.session.position > 60)
  }

  /// What the twin does not name is what is in use; what it names stays, also where the same comes into use.
  @Test func followsWhatItDoesNotName() throws {
    var driver = try Driver()
    driver.type("nnsss:twin reset=zero/minus-threshold<enter>")
    try Self.expectTwin(driver, "forward alone") { $0.forward.reset = .zero }
    driver.type("R")
    try Self.expectTwin(driver, "another backward reset, not its own") {
      $0.forward.reset = .zero
      $0.backward.reset = .minusThreshold
    }
    driver.type("Rr")
    driver.type("R")
    #expect(driver.model.session.dynamics.forward.reset == .zero)
    #expect(driver.text.contains("twin · same weights, same constants"), "\(driver.text)")
    driver.type(":set backward.threshold=0.7<enter>")
    try Self.expectTwin(driver, "a threshold") {
      $0.forward.reset = .zero
      $0.backward.reset = .minusThreshold
    }
    #expect(driver.model.twinSession?.dynamics.backward.threshold == 0.7)
  }

  /// New weights are those of both.
  @Test func weightsMove() throws {
    var driver = try Driver()
    driver.type(":twin threshold=1.3/0.4 leak=0.95<enter>f")
    func change(_ dynamics: inout Dynamics) {
      (dynamics.forward.threshold, dynamics.backward.threshold) = (1.3, 0.4)
      (dynamics.forward.leak, dynamics.backward.leak) = (0.95, 0.95)
    }
    try Self.expectTwin(driver, "before", change)
    try driver.train(batches: 3)
    try Self.expectTwin(driver, "after three batches", change)
    driver.type("fs")
    try Self.expectTwin(driver, "after the fourth", change)
    driver.type("{")
    try Self.expectTwin(driver, "one back", change)
    driver.type("i>")
    try Self.expectTwin(driver, "a test sample", change)
  }

  /// Names of constants, one of both stages or of one, and keys of presets.
  @Test func constantsAreRead() throws {
    func twin(_ words: String) throws -> Dynamics {
      var driver = try Driver()
      driver.type(":twin \(words)<enter>")
      return try #require(driver.model.twinSession, "\(words): \(driver.text)").dynamics
    }
    let given = try Driver().model.session.dynamics
    let steps = try twin("steps=12/34 loss-scale=7")
    #expect((steps.forwardSteps, steps.backwardSteps, steps.lossScale) == (12, 34, 7))
    #expect(steps.forward == given.forward && steps.backward == given.backward)
    let keys = try twin("backward.reset=-0.1 neuron.leak=0.9")
    #expect(keys.backward.reset == .potential(-0.1) && keys.backward.leak == given.backward.leak)
    #expect(keys.forward.leak == 0.9 && keys.forward.reset == given.forward.reset)
    let sameV = try twin("same-V reset=zero")
    #expect(sameV.forward.resetAmount == given.forward.resetAmount)
    #expect(sameV.forward.threshold == 2 * given.forward.threshold)
    #expect(sameV.backward.resetAmount == given.backward.resetAmount)
    let half = try twin("reset=-0.25 same-v")
    #expect(half.forward.resetAmount == given.forward.resetAmount)
    #expect(half.backward.resetAmount == given.backward.resetAmount)
    #expect(try twin("reset=zero same-threshold").forward.threshold == given.forward.threshold)
  }

  @Test(arguments: [
    ("off", "no twin runs"), ("reset", "reset: it gives no constant; expected reset=, threshold="),
    ("nonsense=3", "no constant nonsense"), ("reset=", "no value"),
    ("=zero", "it gives no constant"),
    ("reset=none", "neuron.reset=none: "),
    ("steps=1/2/3", "1/2/3 is no value; expected one of both"),
    ("loss-scale=1/2", "1/2 is no value; expected one"), ("leak=0/", "0/ is no value"),
    ("threshold=-1", "neuron.threshold=-1: "), ("steps=0", "steps.forward=0: "),
    ("reset=zero neuron.reset=zero", "neuron.reset is given twice"),
    ("same-V", "nothing for the twin to have otherwise"),
    ("threshold=2 same-V", "expected a reset=VALUE with it"),
    ("reset=zero threshold=2 same-V", "expected a threshold or same-V"),
    ("training.batch=3", "no constant training.batch"), ("", "usage: twin CONSTANT=VALUE"),
    ("off reset=zero", "usage: twin CONSTANT=VALUE"),
  ])
  func whatIsWrongIsSaid(_ words: String, _ said: String) throws {
    var driver = try Driver(width: 200)
    driver.type(":twin \(words)<enter>")
    #expect(driver.model.twinSession == nil)
    #expect(driver.text.contains(said), "\(driver.text.suffix(600))")
  }

  /// The cursor of an error stands at its word.
  @Test func theErrorHasAPlace() throws {
    var driver = try Driver()
    driver.type(":twin reset=zero sheep=3<enter>X")
    #expect(driver.text.contains(":twin reset=zero Xsheep=3"))
  }

  @Test func ends() throws {
    for end in [":twin off<enter>", ":twin<enter>"] {
      var driver = try Driver()
      driver.type("sss:twin reset=zero<enter><tab><tab>\(end)")
      #expect(driver.model.twinSession == nil && driver.text.contains("no twin any more"))
      #expect(!driver.text.contains("twin ·"))
      driver.type("s")
      #expect(driver.model.session.position == 4 && driver.model.twinSession == nil)
    }
  }

  /// The panel that keys act on stays the same where the twin's comes and goes.
  @Test func theFocusStays() throws {
    var driver = try Driver()
    driver.type("<tab>z")
    let input = driver.text
    #expect(input.contains("2/3"))
    driver.type(":twin reset=zero<enter>")
    #expect(driver.text.contains("3/4"))
    driver.type(":twin off<enter><tab>:<esc>")
    driver.type("<backtab>")
    #expect(driver.text.contains("2/3"))
  }

  /// Another preset has the twin too, with what it names.
  @Test func anotherPresetKeepsIt() throws {
    var driver = try Driver()
    driver.type("sss:twin reset=zero<enter>")
    try driver.open("digits-recurrent")
    try Self.expectTwin(driver, "another preset")
    #expect(driver.model.twinSession?.plan.layers.count == driver.model.session.plan.layers.count)
  }

  /// A twin that cannot be any more ends, and says so.
  @Test func anImpossibleTwinEnds() throws {
    var driver = try Driver()
    driver.type(":twin neuron.reset=0.8<enter>ss")
    try Self.expectTwin(driver, "before") { $0.forward.reset = .potential(0.8) }
    driver.type(":set neuron.threshold=0.6<enter>")
    #expect(driver.model.twinSession == nil && driver.text.contains("the twin has ended"))
    driver.type(":twin neuron.reset=0.8<enter>")
    #expect(driver.model.twinSession == nil, "the preset does not allow it")
  }

  /// With fewer steps it stands at the last that it has, and says that it has no such.
  @Test func ofOtherLengths() throws {
    var driver = try Driver(width: 160)
    driver.type(":twin steps=10/20<enter>:goto F25<enter>")
    #expect(driver.model.twinSession?.moment == .forward(10))
    #expect(driver.text.contains("no F25, it ends at F10"), "\(driver.text)")
    driver.type("n")
    #expect(driver.model.twinSession?.moment == .readout && !driver.text.contains("it ends at"))
    driver.type(":goto B30<enter>")
    #expect(driver.model.twinSession?.moment == .backward(20))
    #expect(driver.text.contains("no B30, it ends at B20"))
    driver.type("f")
    #expect(driver.model.twinSession?.moment == .update)
    driver.type(":twin steps=60/200<enter>:goto F25<enter>n")
    let twin = try #require(driver.model.twinSession)
    #expect(twin.moment == .readout && twin.forwardSpikes[0].count == 60)
  }
}
