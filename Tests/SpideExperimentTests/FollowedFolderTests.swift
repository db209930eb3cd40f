import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import Synchronization
import Testing

/// A folder that a training writes on another thread, looked at meanwhile.
@Suite struct FollowedFolderTests {
  private let folder = NSTemporaryDirectory() + "spide-follow-" + UUID().uuidString
  private let experiment: Experiment

  init() throws {
    let preset = try PresetLibrary.ofTests.find(
      "digits",
      overrides: [
        "training.epochs=3", "training.batch=100", "steps.forward=4", "steps.backward=4",
      ])
    let data = try preset.loadData(from: nil, environment: [:])
    experiment = Experiment(
      preset: preset,
      data: DataSplit(
        train: FirstSamples(400, of: data.train), test: FirstSamples(20, of: data.test)), seed: 3)
  }

  /// Trains to the end with a checkpoint after every batch.
  private func train() throws {
    let target = try CheckpointTarget(folder, isResumed: false)
    let metrics = try MetricsFile(folder + "/metrics.jsonl", layers: 2)
    var run = TrainingRun(
      experiment, from: nil, threads: 1,
      options: TrainingRun.Options(
        target: target, saveEvery: 1, logEvery: 1, sinks: [metrics], version: "test"))
    try run.run { true }
  }

  @Test func tellsAllThatComes() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // A thread of its own: those that tests share may all be taken.
    let failure = Mutex<String?>(nil)
    let isDone = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      do { try train() } catch { failure.withLock { $0 = "\(error)" } }
      isDone.signal()
    }
    var followed = FollowedFolder(folder + "/")
    var records: [MetricsTail.Record] = []
    var batches: [Int] = []
    var wasWritten = false
    let deadline = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < deadline {
      let news = try followed.look()
      #expect(!news.isAnew)
      records += news.records
      if let isWritten = news.isWritten { wasWritten = wasWritten || isWritten }
      if let path = news.checkpoint {
        // It may have been taken away for a newer one meanwhile; what is there is whole.
        if let file = try? WeightsFile.open(path) {
          let weights = try LoadedWeights(file, for: experiment.preset, samples: 400)
          batches.append(try #require(weights.checkpoint).state.batchesDone)
        }
      }
      if batches.last == 12, records.count == 15, news.isWritten == false { break }
      usleep(2000)
    }
    #expect(isDone.wait(timeout: .now() + 60) == .success)
    #expect(failure.withLock { $0 } == nil)
    #expect(wasWritten)
    // After the last batch of an epoch it is written again, with the epoch's test.
    #expect(batches.last == 12 && batches == batches.sorted())
    let epochs = records.compactMap { if case .epoch(let epoch) = $0 { epoch.epoch } else { nil } }
    let numbers = records.compactMap { if case .batch(let batch) = $0 { batch.batch } else { nil } }
    #expect(epochs == [1, 2, 3] && numbers == Array(1...12))
    #expect(try followed.look().isEmpty)
  }

  @Test func aFolderThatIsNone() throws {
    var followed = FollowedFolder(folder)
    let error = #expect(throws: DataError.self) { try followed.look() }
    #expect(error?.description.contains("a folder that train --checkpoint writes") == true)
  }
}
