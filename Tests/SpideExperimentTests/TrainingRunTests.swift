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
    let preset = try PresetLibrary(userDirectory: nil).find(
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

    init(refusing refused: Int? = nil) { self.refused = refused }

    func begin(after records: [EpochRecord]) { lines.append("begin \(records.count)") }
    func pass(_ record: BatchRecord, _ trainer: Trainer) {
      #expect(trainer.batchesDone == record.batch)
      lines.append("pass \(record.batch)")
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
    let preset = try PresetLibrary(userDirectory: nil).find(
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
