import SpideConfiguration
import SpideData
import SpideEngine
import SpideTUI
import Testing

/// A small network on the digits, whose epochs have 23 batches, and what its training comes to without an explorer.
struct SmallTraining {
  let preset: Preset
  let data: DataSplit

  init(_ overrides: [String] = []) throws {
    preset = try Driver.preset(
      "digits",
      overrides: [
        "network.input.dense.units=12", "network.feedback.dense.units=12",
        "network.links.0.dense.units=8", "steps.backward=10",
      ] + overrides)
    data = try Driver.data(preset)
  }

  static let adam = "training.optimizer={ adam: { beta1: 0.9, beta2: 0.999 } }"

  /// What `r` does first.
  var zeroReset: Dynamics {
    var dynamics = preset.dynamics
    dynamics.forward.reset = .zero
    return dynamics
  }

  /// The states after 0, 1, … batches, with constants that come into use after some of them.
  func straight(_ batches: Int, changes: [Int: Dynamics] = [:]) -> [Trainer.State] {
    let trainer = Trainer(
      plan: preset.network, dynamics: preset.dynamics, training: preset.training,
      trainSet: data.train, testSet: nil, seed: 1, threads: 2)
    var states: [Trainer.State] = []
    while true {
      if trainer.epochIsComplete { _ = trainer.finishEpoch() }
      if let dynamics = changes[trainer.batchesDone] { trainer.dynamics = dynamics }
      states.append(trainer.state)
      if trainer.batchesDone == batches { return states }
      _ = trainer.trainBatch()
    }
  }

  /// The first sample of the batch that comes after each state.
  func firstSample(after state: Trainer.State) -> Int? {
    Trainer(
      plan: preset.network, training: preset.training, trainSet: data.train, testSet: nil,
      threads: 1, state: state
    ).nextBatch.first
  }

  func model(width: Int = 120, height: Int = 36) -> Model {
    Model(
      Model.Setup(preset: preset, data: data, seed: 1), screens: Driver.screens, width: width,
      height: height)
  }

  /// An explorer after some session.
  func play(
    _ text: String, threads: Int = 1, budget: Int = Recording.budget
  ) throws -> HeadlessExplorer {
    var explorer = HeadlessExplorer(model(), threads: threads, budget: budget)
    explorer.begin()
    try explorer.play(PlayedSession(text, file: "f"))
    return explorer
  }
}

extension HeadlessExplorer {
  var text: String { model.view().canvas.text }

  /// Whether the input panel shows that sample of the training set.
  func shows(trainSample sample: Int) -> Bool {
    text.contains("train #\(sample) ") || text.contains("train #\(sample):")
  }

  /// Goes on with another session.
  mutating func playOn(_ text: String) throws { try play(PlayedSession(text, file: "f")) }
}
