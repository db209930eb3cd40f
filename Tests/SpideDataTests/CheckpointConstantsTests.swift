import SpideData
import SpideEngine
import Testing

/// The constants in use are part of a checkpoint, which says so only where they are not the preset's.
@Suite struct CheckpointConstantsTests {
  private let plan: NetworkPlan
  private let training = TrainingPlan(
    epochs: 3, batch: 10, learningRate: LearningRateSchedule(base: 0.01))
  private let dynamics = Dynamics(forwardSteps: 6, backwardSteps: 7)

  init() throws { plan = try smallPlan() }

  private func trainer(_ state: Trainer.State, threads: Int = 1) -> Trainer {
    Trainer(
      plan: plan, training: training, trainSet: SyntheticSamples(plan, count: 24), testSet: nil,
      threads: threads, state: state)
  }

  private func saved(_ trainer: Trainer, to path: String) throws -> SafetensorsFile {
    try Checkpoint(
      preset: RecordedPreset(text: "name: x\n", overrides: []), presetDynamics: dynamics,
      state: trainer.state, epochs: [], trainSamples: 24, version: "1"
    ).write(to: path)
    return try SafetensorsFile(path: path)
  }

  private func read(_ file: SafetensorsFile) throws -> Checkpoint {
    try Checkpoint(
      file, plan: plan, dynamics: dynamics, training: training, trainSamples: 24)
  }

  @Test func changedConstantsGoOn() throws {
    let scratch = try Scratch()
    let straight = trainer(
      Trainer.State(plan: plan, dynamics: dynamics, training: training, seed: 5))
    _ = straight.trainBatch()
    #expect(try saved(straight, to: scratch("a")).metadata["constants"] == nil)
    straight.dynamics.forward = NeuronParameters(
      threshold: 0.7, reset: .potential(-0.1), leak: 0.9)
    straight.dynamics.backward.reset = .zero
    straight.dynamics.lossScale = 33.3
    let file = try saved(straight, to: scratch("b"))
    #expect(
      file.metadata["constants"]
        == #"[{"batch":0,"neuron":{"threshold":1.0,"reset":"minus-threshold","leak":1.0},"#
        + #""backward":{"threshold":0.5,"reset":"minus-threshold","leak":1.0},"#
        + #""steps":{"forward":6,"backward":7},"loss_scale":100.0},"#
        + #"{"batch":1,"neuron":{"threshold":0.7,"reset":-0.1,"leak":0.9},"#
        + #""backward":{"threshold":0.5,"reset":"zero","leak":1.0},"#
        + #""steps":{"forward":6,"backward":7},"loss_scale":33.3}]"#)
    let checkpoint = try read(file)
    #expect(checkpoint.state == straight.state && checkpoint.hasOwnConstants)
    let resumed = trainer(checkpoint.state, threads: 2)
    for trainer in [straight, resumed] { _ = trainer.trainBatch() }
    #expect(resumed.state == straight.state)
    #expect(try read(saved(resumed, to: scratch("c"))).state == resumed.state)
  }

  @Test func whatNoTrainingHasIsRefused() throws {
    let scratch = try Scratch()
    let trainer = trainer(
      Trainer.State(plan: plan, dynamics: dynamics, training: training, seed: 5))
    _ = trainer.trainBatch()
    trainer.dynamics.forward.reset = .potential(-0.25)
    let file = try saved(trainer, to: scratch("a"))
    let text = try #require(file.metadata["constants"])
    func refuses(_ text: String) throws {
      var writer = SafetensorsWriter(metadata: file.metadata)
      writer.metadata["constants"] = text
      for tensor in file.tensors {
        let values = try #require(file.values(of: tensor))
        writer.add(name: tensor.name, shape: tensor.shape, values: values)
      }
      try writer.write(to: scratch("d"))
      let changed = try SafetensorsFile(path: scratch("d"))
      expectFailure(.badData, "metadata constants is") { _ = try read(changed) }
    }
    for (old, new) in [
      (#""batch":1"#, #""batch":2"#), (#""batch":1"#, #""batch":-1"#),
      (#""batch":0"#, #""batch":1"#),
      (#""reset":-0.25"#, #""reset":1.5"#), (#""reset":-0.25"#, #""reset":-1e7"#),
      (#""reset":-0.25"#, #""reset":"half""#), (#""reset":-0.25"#, #""reset":null"#),
      (#""reset":-0.25"#, #""reset":"minus-threshold""#), (#""forward":6"#, #""forward":0"#),
      (#""backward":7"#, #""backward":100001"#), (#""threshold":1.0"#, #""threshold":0"#),
      (#""threshold":0.5"#, #""threshold":1e7"#), (#""leak":1.0"#, #""leak":1.1"#),
      (#""leak":1.0"#, #""leak":-1"#), (#""loss_scale":100.0"#, #""loss_scale":0"#),
      (#""loss_scale":100.0"#, #""loss_scale":1e300"#), (#""loss_scale":100.0"#, #""scale":1"#),
    ] {
      let changed = text.replacing(old, with: new)
      try #require(changed != text, "\(old)")
      try refuses(changed)
    }
    for wrong in ["", "[]", "{}", "[1]", text + "]"] { try refuses(wrong) }
  }
}
