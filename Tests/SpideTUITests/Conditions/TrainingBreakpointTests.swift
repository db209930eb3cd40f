import SpideConfiguration
import SpideEngine
import SpideTUI
import Testing

/// Conditions about a training, as they are typed, stop it exactly at the batch where they first hold.
@Suite struct TrainingBreakpointTests {
  /// A condition and what it means for a step of a training.
  struct Kind: CustomTestStringConvertible, Sendable {
    let text: String
    let holds: @Sendable (Trainer.Step) -> Bool
    var testDescription: String { text }
  }

  private static func batch(
    _ isSo: @escaping @Sendable (BatchRecord) -> Bool
  ) -> @Sendable (Trainer.Step) -> Bool {
    { if case .batch(let record) = $0 { isSo(record) } else { false } }
  }

  private static func epoch(
    _ isSo: @escaping @Sendable (EpochRecord) -> Bool
  ) -> @Sendable (Trainer.Step) -> Bool {
    { if case .epoch(let record, _) = $0 { isSo(record) } else { false } }
  }

  static let kinds: [Kind] = [
    Kind(text: "update 37", holds: batch { $0.batch == 37 }),
    Kind(text: "update >= 12", holds: batch { $0.batch >= 12 }),
    Kind(text: "loss < 1.2", holds: batch { $0.loss < 1.2 }),
    Kind(text: "accuracy > 75%", holds: batch { $0.accuracy > 0.75 }),
    Kind(text: "epoch 2", holds: epoch { $0.epoch == 2 }),
    Kind(text: "epoch loss < 1.5", holds: epoch { $0.trainLoss < 1.5 }),
    Kind(text: "epoch accuracy > 0.6", holds: epoch { $0.trainAccuracy > 0.6 }),
    Kind(text: "test accuracy > 0.7", holds: epoch { $0.testAccuracy ?? 0 > 0.7 }),
    Kind(text: "test loss < 1.1", holds: epoch { $0.testLoss ?? 9 < 1.1 }),
  ]

  /// The first batch at which a condition holds, as a trainer alone has it, after so many.
  private func first(_ kind: Kind, _ small: SmallTraining, after start: Int = 0) -> Int? {
    let trainer = Trainer(
      plan: small.preset.network, dynamics: small.preset.dynamics, training: small.preset.training,
      trainSet: small.data.train, testSet: small.data.test, seed: 1, threads: 2)
    while trainer.epochsDone < 15 {
      let step = trainer.next()
      if trainer.batchesDone > start, kind.holds(step) { return trainer.batchesDone }
    }
    return nil
  }

  /// Played, at whatever number of threads, also with waits of a few batches.
  @Test(arguments: kinds, [1, 3]) func aPlayedTrainingStopsThere(_ kind: Kind, _ threads: Int)
    throws
  {
    let small = try SmallTraining()
    let place = try #require(first(kind, small))
    for session in [
      ":break \(kind.text)\nt\nwait 345 batches", ":until \(kind.text)\nwait 10",
      ":break \(kind.text)\n:train 300", ":break \(kind.text)\nt\n" + waits(of: 3, place),
    ] {
      let explorer = try small.play("4\n" + session, threads: threads)
      let text = explorer.text
      #expect(text.contains("batches        \(place) "), "\(session)\n\(text)")
      #expect(text.contains("stopped at update \(place): \(kind.text)"), "\(text)")
      let log = explorer.model.log.text
      #expect(try small.play(log).text == text, "\(log)")
    }
  }

  private func waits(of batches: Int, _ place: Int) -> String {
    String(repeating: "wait \(batches) batches\n", count: (place + batches - 1) / batches)
  }

  /// On a thread of its own, at full speed and at a pace, it is the very same batch.
  @Test(arguments: [1, 2], ["full", "400"]) func aTrainingOnAThreadStopsThere(
    _ threads: Int, _ pace: String
  ) throws {
    let small = try SmallTraining()
    for kind in [Self.kinds[2], Self.kinds[7]] {
      let place = try #require(first(kind, small))
      var live = LiveExplorer(small, threads: threads)
      try live.play("4\n:pace \(pace)\n:break \(kind.text)\nt")
      try live.settle()
      try live.run { !$0.text.contains("training ") && $0.told > 0 }
      #expect(
        live.told == place && live.model.parameters == small.straight(place)[place].parameters)
      #expect(live.text.contains("stopped at update \(place): \(kind.text)"), "\(live.text)")
      // It goes on, and stepping back works from there.
      try live.play("{")
      try live.settle()
      #expect(live.model.parameters == small.straight(place)[place - 1].parameters)
      try live.play("t")
      try live.run { $0.text.contains("stopped at update \(place)") }
      #expect(live.told == place)
      try live.play(":breaks")
      #expect(live.text.contains("2 hits"))
    }
  }

  /// Set amid a training that runs, and paused about where it stops: the log leads to the same.
  @Test(arguments: 0..<4) func aLiveSessionIsDoneAgain(_ round: Int) throws {
    let small = try SmallTraining()
    var live = LiveExplorer(small, threads: 2)
    try live.play(round % 2 == 0 ? "4\nt" : "4\n:train 200")
    try live.run { $0.told > 0 || $0.model.isSettled }
    try live.play(":break update \(live.told + 1 + 7 * round)")
    try live.play(round < 2 ? "" : ":until loss < 0.3")
    // Perhaps before it has stopped, perhaps after.
    try live.run { live in live.told > 12 * round || !live.text.contains("training ") }
    if live.text.contains("training ") { try live.play("t") }
    try live.run { !$0.text.contains("training ") && $0.model.isSettled }
    let log = live.model.log.text
    let again = try small.play(log)
    #expect(again.model.parameters == live.model.parameters, "\(log)")
    #expect(again.text.contains("batches        \(live.told) "), "\(log)\n\(again.text)")
  }

  /// The first batch after which a gradient is that far from the exact one, as an inspection of the same weights finds it.
  @Test(arguments: [1, 3]) func aGradientThatIsFarOffStopsIt(_ threads: Int) throws {
    let small = try SmallTraining(["training.epochs=2"])
    let cosines = try small.straight(40).map { state in
      let found = GradientInspection(
        network: PackedNetwork(
          plan: small.preset.network, parameters: state.parameters, dynamics: state.dynamics),
        samples: small.data.test, indices: 0..<min(64, small.data.test.count),
        batch: small.preset.training.batch, threads: 1)
      return try #require(found?.parameters.first { $0.name == "input.weight" }?.cosine)
    }
    // Neither the first batch nor one that is never come to.
    let limit = try #require(cosines.dropFirst().max()) - 0.01
    let place = try #require(cosines.indices.dropFirst().first { cosines[$0] < limit })
    for comparison in ["<", ">="] {
      let expected =
        comparison == "<" ? place : cosines.indices.dropFirst().first { cosines[$0] >= limit }
      let condition = "cosine input.weight \(comparison) \(limit)"
      let explorer = try small.play("4\n:until \(condition)\nwait 40 batches", threads: threads)
      #expect(explorer.text.contains("stopped at update \(expected ?? 0): "), "\(explorer.text)")
    }
  }

  @Test func aStepOverTheUpdateStopsToo() throws {
    let small = try SmallTraining()
    var explorer = try small.play("1\n:train 3\n:break update 4\nf\ns")
    #expect(explorer.text.contains("stopped at update 4: update 4"))
    try explorer.playOn(":breaks")
    #expect(explorer.text.contains("1  update 4  1 hit"))
  }

  /// One that holds but once is gone then; training goes on without it.
  @Test func untilHoldsOnce() throws {
    let small = try SmallTraining()
    var explorer = try small.play(":until update 9\nwait 1\nt\nwait 20 batches\nt")
    #expect(explorer.model.parameters == small.straight(29)[29].parameters)
    try explorer.playOn(":breaks")
    #expect(explorer.text.contains("no breakpoints"))
  }

  /// What a training is past does not come any more.
  @Test(arguments: ["update 20", "update 30", "epoch 1"]) func whatHasPassedIsRefused(
    _ condition: String
  ) throws {
    let small = try SmallTraining()
    let error = #expect(throws: ConfigurationError.self) {
      try small.play(":train 30\n:until \(condition)")
    }
    #expect(error?.description.contains("\(condition) is past") == true)
    _ = try small.play(":train 30\n:until update 31\n:break epoch 1")
  }

  /// What belongs to a neuron is gone with its network; what is about training stays.
  @Test func anotherPresetKeepsThoseOfTraining() throws {
    var explorer = try HeadlessExplorerTests.play(
      ":break L1 17\n:break test accuracy > 0.9\n:preset digits-lif\n:breaks")
    #expect(explorer.text.contains("test accuracy > 0.9") && !explorer.text.contains("L1 17 "))
    try explorer.playOn("Esc\n:unbreak 2\n:breaks")
    #expect(explorer.text.contains("no breakpoints"))
  }
}
