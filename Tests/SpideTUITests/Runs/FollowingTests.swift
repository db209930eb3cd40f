import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// A folder that was opened as a run, while another program trains into it.
@Suite struct FollowingTests {
  private let folder = NSTemporaryDirectory() + "spide-following-" + UUID().uuidString
  private let small: SmallTraining

  init() throws { small = try SmallTraining(["training.epochs=4"]) }

  /// A training into the folder, batch by batch.
  private func training(_ epochs: Int, from start: Checkpoint? = nil) throws -> TrainingRun {
    let preset = try small.preset.with(
      overrides: small.preset.overrides + ["training.epochs=\(epochs)"])
    let metrics = try MetricsFile(
      folder + "/metrics.jsonl", layers: 2,
      resuming: start.map {
        MetricsFile.Resumption(epochs: $0.epochs, batches: $0.state.batchesDone, path: folder)
      })
    return TrainingRun(
      Experiment(preset: preset, data: small.data, seed: 1), from: start, threads: 1,
      options: TrainingRun.Options(
        target: try CheckpointTarget(folder, isResumed: start != nil), logEvery: 5,
        sinks: [metrics], version: "test"))
  }

  private func checkpoint() throws -> Checkpoint {
    let file = try WeightsFile.open(folder)
    return try Checkpoint(file, continuedBy: small.preset, samples: small.data.train.count)
  }

  @Test func newRecordsAndWeightsAppear() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    do {
      var run = try training(1)
      try run.run { true }
    }
    var setup = try Model.Setup(run: folder, dataDirectory: nil, threads: 1)
    setup.data = small.data
    var model = Model(setup, screens: Driver.screens, width: 120, height: 36)
    var orders: [FollowOrder] = []
    func send(_ message: Message) {
      for effect in model.update(message) {
        if case .follow(let next) = effect { orders = next }
      }
    }
    send(.input(.key(.character("4"))))
    #expect(orders.map(\.folder) == [folder])
    var followed = FollowedRuns()
    followed.follow(orders)
    let first = followed.look()
    for news in first { send(.runNews(news)) }
    #expect(try model.parameters == checkpoint().state.parameters)
    // Every fifth batch of the first epoch.
    #expect(first.first?.curves?.loss.bins.map(\.last) == [5.0, 10, 15, 20].map { $0 / 23 })
    #expect(followed.look().isEmpty)

    let former = model.parameters
    do {
      var run = try training(3, from: checkpoint())
      try run.run { true }
    }
    let second = followed.look()
    for news in second { send(.runNews(news)) }
    #expect(try model.parameters == checkpoint().state.parameters && model.parameters != former)
    #expect(second.first?.curves?.loss.bins.count == 13)
    #expect(second.first?.curves?.testAccuracy.bins.map(\.last) == [1, 2, 3])
    #expect(model.view().canvas.text.contains("batches        69 "))
    send(.input(.key(.character("8"))))
    #expect(model.view().canvas.text.contains("from file"))
    // Looked at whole by somebody who comes late, it is the same.
    var late = FollowedRuns()
    late.follow(orders)
    #expect(late.look().first?.curves?.loss == second.first?.curves?.loss)
  }

  /// What cannot be read is told once, and the run stays as it is.
  @Test func aFolderThatIsGone() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var run = try training(1)
    try run.run { true }
    let order = FollowOrder(
      folder: folder, preset: small.preset, samples: small.data.train.count)
    var followed = FollowedRuns()
    followed.follow([order])
    #expect(followed.look().count == 1)
    try FileManager.default.removeItem(atPath: folder)
    let news = followed.look()
    #expect(news.count == 1 && news[0].failure?.contains("No such file") == true)
    #expect(followed.look().isEmpty)
  }
}
