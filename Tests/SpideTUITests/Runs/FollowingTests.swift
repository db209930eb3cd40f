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
  private func training(
    _ epochs: Int, from start: Checkpoint? = nil, seed: UInt64 = 1, overrides: [String] = []
  ) throws -> TrainingRun {
    let preset = try small.preset.with(
      overrides: small.preset.overrides + ["training.epochs=\(epochs)"] + overrides)
    let metrics = try MetricsFile(
      folder + "/metrics.jsonl", layers: 2,
      resuming: start.map {
        MetricsFile.Resumption(epochs: $0.epochs, batches: $0.state.batchesDone, path: folder)
      })
    return TrainingRun(
      Experiment(preset: preset, data: small.data, seed: seed), from: start, threads: 1,
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

  /// Another run of the same preset in the folder takes the first one's place, with curves and tests of its own; one with other
  /// settings is told of, and what is open stays.
  @Test(arguments: [[], ["training.learning-rate.base=0.02"]])
  func anotherRunInTheFolder(_ overrides: [String]) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func train(_ epochs: Int, seed: UInt64, _ overrides: [String] = []) throws {
      try? FileManager.default.removeItem(atPath: folder)
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      var run = try training(epochs, seed: seed, overrides: overrides)
      try run.run { true }
    }
    try train(3, seed: 1)
    var setup = try Model.Setup(run: folder, dataDirectory: nil, threads: 1)
    setup.data = small.data
    var model = Model(setup, screens: Driver.screens, width: 120, height: 36)
    var followed = FollowedRuns()
    followed.follow([
      FollowOrder(folder: folder, preset: small.preset, samples: small.data.train.count)
    ])
    func look() -> (news: [RunNews], effects: [Effect]) {
      let news = followed.look()
      return (news, news.flatMap { model.update(.runNews($0)) })
    }
    /// What the list of runs says: update, best test, epochs.
    func row() -> String {
      let lines = model.view().canvas.text.split(separator: "\n")
      return String(lines.first { $0.contains("from file") } ?? "")
    }
    // Nobody trains it: its weights are tested.
    #expect(look().effects.contains { if case .evaluate = $0 { true } else { false } })
    _ = model.update(.input(.key(.character("8"))))
    #expect(row().contains(" 69 "), "\(row())")
    let (parameters, before) = (model.parameters, row())
    try train(1, seed: 9, overrides)
    let news = look().news
    if overrides.isEmpty {
      let now = try checkpoint()
      #expect(model.parameters == now.state.parameters)
      let best = "\(((now.epochs[0].testAccuracy ?? 0) * 1000).rounded() / 10)%"
      #expect(row().contains(" 23 ") && row().contains(" \(best) "), "\(best) in \(row())")
    } else {
      #expect(news.first?.failure?.contains("another training") == true, "\(news)")
      #expect(model.parameters == parameters && row() == before, "\(row())")
    }
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
