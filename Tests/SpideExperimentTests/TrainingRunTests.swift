import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import Testing

/// A training run on digits, 300 of them in batches of 100, without a screen.
@Suite struct TrainingRunTests {
  private let experiment: Experiment

  init() throws {
    let preset = try PresetLibrary.ofTests.find(
      "digits",
      overrides: [
        "training.epochs=2", "training.batch=100", "steps.forward=5", "steps.backward=5",
      ])
    let data = try preset.loadData(from: nil, environment: [:])
    experiment = Experiment(
      preset: preset,
      data: DataSplit(
        train: FirstSamples(300, of: data.train), test: FirstSamples(20, of: data.test)), seed: 3)
  }

  /// Notes what it is told, in order.
  private final class Notes: RecordSink {
    private(set) var lines: [String] = []
    /// The batch that cannot be recorded; nil where all can.
    let refused: Int?
    /// The batch after which the reset is changed; nil for none.
    let changed: Int?

    init(refusing refused: Int? = nil, changing changed: Int? = nil) {
      self.refused = refused
      self.changed = changed
    }

    func begin(after records: [EpochRecord]) { lines.append("begin \(records.count)") }
    func pass(_ record: BatchRecord, _ trainer: Trainer) {
      #expect(trainer.batchesDone == record.batch)
      lines.append("pass \(record.batch)")
      if record.batch == changed { trainer.dynamics.forward.reset = .zero }
    }
    func take(_ record: BatchRecord) throws {
      if record.batch == refused { throw CocoaError(.fileWriteOutOfSpace) }
      lines.append("batch \(record.batch)")
    }
    func take(_ record: EpochRecord) { lines.append("epoch \(record.epoch)") }
    func end() { lines.append("end") }
  }

  private func run(
    from start: Checkpoint? = nil, to target: CheckpointTarget? = nil, _ notes: Notes
  ) -> TrainingRun {
    TrainingRun(
      experiment, from: start, threads: 1,
      options: TrainingRun.Options(target: target, logEvery: 2, sinks: [notes], version: "test"))
  }

  @Test func recordsComeInOrder() throws {
    let notes = Notes()
    var run = run(notes)
    try run.run()
    #expect(
      notes.lines == [
        "begin 0", "pass 1", "batch 2", "pass 2", "pass 3", "epoch 1", "batch 4", "pass 4",
        "pass 5", "batch 6", "pass 6", "epoch 2", "end",
      ])
    #expect(run.records.map(\.epoch) == [1, 2] && run.records[1].testAccuracy != nil)
  }

  /// Stopped after its second batch and gone on with from the checkpoint that this leaves, a run comes to the same weights.
  @Test func anInterruptedRunGoesOn() throws {
    let folder = NSTemporaryDirectory() + "spide-run-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // The folder belongs to a run as long as there is one.
    do {
      var first = run(to: try CheckpointTarget(folder, isResumed: false), Notes())
      var batches = 0
      try first.run {
        batches += 1
        return batches <= 2
      }
      #expect(first.trainer.batchesDone == 2 && first.records.isEmpty)
    }
    let saved = try #require(try CheckpointTarget.saved(at: folder))
    let notes = Notes()
    var second = run(
      from: try Checkpoint(saved, continuedBy: experiment.preset, samples: 300),
      to: try CheckpointTarget(folder, isResumed: true), notes)
    try second.run()
    var straight = run(Notes())
    try straight.run()
    #expect(notes.lines.prefix(3) == ["begin 0", "pass 3", "epoch 1"])
    #expect(second.trainer.parameters == straight.trainer.parameters)
    #expect(second.records.map(\.trainLoss) == straight.records.map(\.trainLoss))
  }

  /// Interrupted right after the last batch of an epoch, a run still tests it, and begins no other.
  @Test func anEpochThatIsCompleteIsTested() throws {
    var run = run(Notes())
    var asked = 0
    try run.run {
      asked += 1
      return asked <= 3
    }
    #expect(run.trainer.batchesDone == 3 && run.trainer.epochsDone == 1)
    #expect(run.records.count == 1 && run.records.first?.testAccuracy != nil)
  }

  /// What was changed amid a run goes on with it, and the checkpoint says what.
  @Test func changedConstantsGoOn() throws {
    let folder = NSTemporaryDirectory() + "spide-run-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
      var first = run(to: try CheckpointTarget(folder, isResumed: false), Notes(changing: 3))
      var batches = 0
      try first.run {
        batches += 1
        return batches <= 6
      }
    }
    let saved = try #require(try CheckpointTarget.saved(at: folder))
    let start = try Checkpoint(saved, continuedBy: experiment.preset, samples: 300)
    #expect(start.position == "1 epoch, 5 batches, with reset 0/−Vth since batch 3")
    let weights = try LoadedWeights(saved, for: experiment.preset, samples: 300)
    #expect(
      weights.summary.hasSuffix(
        "batch-00000005.safetensors: goes on after 1 epoch, 5 batches, with reset 0/−Vth since batch 3"
      ))
    var second = run(from: start, to: try CheckpointTarget(folder, isResumed: true), Notes())
    try second.run()
    var straight = run(Notes(changing: 3))
    try straight.run()
    #expect(second.trainer.state == straight.trainer.state)
    var unchanged = run(Notes())
    try unchanged.run()
    #expect(unchanged.trainer.parameters != straight.trainer.parameters)
  }

  @Test func constantsAreToldInWords() {
    let preset = experiment.preset
    func position(_ change: (inout Trainer.State) -> Void) -> String {
      var state = Trainer.State(
        plan: preset.network, dynamics: preset.dynamics, training: preset.training, seed: 1)
      change(&state)
      return Checkpoint(
        preset: preset.recorded, presetDynamics: preset.dynamics, state: state, epochs: [],
        trainSamples: 300, version: "test"
      ).position
    }
    var changed = preset.dynamics
    changed.backward.threshold = 0.75
    changed.lossScale = 10
    #expect(position { _ in } == "0 epochs, 0 batches")
    #expect(
      position { $0.use(changed) }
        == "0 epochs, 0 batches, with Vth 1.0/0.75, loss scale 10.0 from the start")
    #expect(
      position {
        $0.use(changed)
        $0.batchesDone = 2
        $0.use(preset.dynamics)
      } == "0 epochs, 2 batches, with other constants before batch 2")
  }

  /// An epoch whose last batch is done is tested, although nobody wants the run any more.
  @Test func theLastBatchOfAnEpochIsFollowedByItsTest() throws {
    let notes = Notes()
    var run = run(notes)
    var batches = 0
    try run.run {
      batches += 1
      return batches <= 3
    }
    #expect(notes.lines.suffix(3) == ["pass 3", "epoch 1", "end"])
  }

  @Test func aSinkThatFailsEndsTheRun() throws {
    let notes = Notes(refusing: 4)
    var run = run(notes)
    #expect(throws: CocoaError.self) { try run.run() }
    #expect(notes.lines.suffix(2) == ["epoch 1", "end"] && run.trainer.batchesDone == 4)
  }

  @Test func aPresetWithoutDataMakesNone() throws {
    let preset = try PresetLibrary.ofTests.find(
      "digits", overrides: ["data={ source: none, shape: [1, 8, 8], classes: 10 }"])
    #expect(throws: ExperimentError.noData(preset: "digits")) {
      try preset.loadData(from: nil, environment: [:])
    }
  }

  @Test func withoutWeightsFreshOnesAreDrawn() {
    #expect(
      experiment.parameters
        == Parameters(
          initial: experiment.preset.training.initialWeights, plan: experiment.preset.network,
          seed: 3))
  }
}
