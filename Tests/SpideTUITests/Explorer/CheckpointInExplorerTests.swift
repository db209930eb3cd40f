import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI
import Synchronization
import Testing

/// A training that began elsewhere, gone on with in the explorer.
@Suite struct CheckpointInExplorerTests {
  let preset: Preset
  let data: DataSplit
  private let folder = NSTemporaryDirectory() + "spide-explorer-\(UUID())"

  init() throws {
    preset = try PresetLibrary.ofTests.find(
      "digits",
      overrides: [
        "network.input.dense.units=12", "network.feedback.dense.units=12",
        "network.links.0.dense.units=8", "steps.backward=10", "training.epochs=3",
      ])
    data = try DataSet.digits.load(forwardSteps: 30, environment: [:])
  }

  private func trainer(_ threads: Int) -> Trainer {
    Trainer(
      plan: preset.network, dynamics: preset.dynamics, training: preset.training,
      trainSet: data.train, testSet: data.test, seed: 5, threads: threads)
  }

  /// A checkpoint after some batches, of which 23 are an epoch, as a file.
  private func saved(after batches: Int) throws -> SafetensorsFile {
    let trainer = trainer(1)
    var records: [EpochRecord] = []
    for batch in 1...batches {
      _ = trainer.trainBatch()
      // The last batch of an epoch may be saved before its test.
      if trainer.epochIsComplete, batch < batches { records.append(trainer.finishEpoch().record) }
    }
    let checkpoint = Checkpoint(
      preset: preset.recorded, presetDynamics: preset.dynamics, state: trainer.state,
      epochs: records, trainSamples: data.train.count, version: "1")
    let folder = try CheckpointFolder(folder)
    try folder.save(checkpoint)
    return try WeightsFile.open(self.folder)
  }

  /// The model's training order carried out by the training thread, to its end.
  private func trained(_ driver: inout Driver) throws -> [TrainingReport] {
    driver.type("t")
    guard case .training(let order)? = driver.lastEffect else { throw Failure("no order") }
    return trained(order)
  }

  private func trained(_ order: TrainingOrder) -> [TrainingReport] {
    let reports = Mutex<[TrainingReport]>([])
    let isDone = DispatchSemaphore(value: 0)
    let thread = TrainingThread(threads: 2) { report in
      reports.withLock { $0.append(report) }
      if !report.isRunning { isDone.signal() }
    }
    thread.take(order)
    #expect(isDone.wait(timeout: .now() + 120) == .success)
    return reports.withLock { $0 }
  }

  @Test(arguments: [30, 46, 47]) func goesOnWithTheSameBits(after batches: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let straight = trainer(1)
    var records: [EpochRecord] = []
    for _ in 0..<3 {
      while !straight.epochIsComplete { _ = straight.trainBatch() }
      records.append(straight.finishEpoch().record)
    }

    let file = try saved(after: batches)
    // The preset comes from the file.
    let recorded = try #require(try Preset(recordedIn: file))
    let weights = try LoadedWeights(file, for: recorded, samples: data.train.count)
    #expect(weights.difference == nil && weights.checkpoint?.state.batchesDone == batches)
    var model = Model(
      Model.Setup(preset: recorded, data: data, weights: weights, seed: 1),
      screens: Driver.screens, width: 120, height: 36)
    let shown = model.update(.input(.key(.character("4"))))
    #expect(shown.count == 1)
    guard case .evaluate? = shown.first else {
      Issue.record("\(shown)")
      return
    }
    let screen = model.view().canvas.text
    #expect(screen.contains("batches        \(batches)"), "\(screen)")
    #expect(!screen.contains("t starts training"), "the curves so far are there")

    var orders: [TrainingOrder] = []
    for effect in model.update(.input(.key(.character("t")))) {
      if case .training(let order) = effect { orders.append(order) }
    }
    let reports = trained(try #require(orders.first))
    let last = try #require(reports.last)
    #expect(last.epochsDone == 3 && last.parameters == straight.parameters)
    #expect(last.curves.loss.bins.first?.first == Double(batches + 1))
    let told = last.curves.testLoss.bins
    #expect(told.map(\.mean) == records.suffix(told.count).map(\.testLoss))
    #expect(last.curves.epoch?.trainLoss == records.last?.trainLoss)
    for report in reports { _ = model.update(.training(report)) }
    #expect(model.view().canvas.text.contains("batches        69"))
  }

  @Test func readByCommand() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let straight = trainer(2)
    for _ in 0..<3 {
      while !straight.epochIsComplete { _ = straight.trainBatch() }
      _ = straight.finishEpoch()
    }
    _ = try saved(after: 30)
    var driver = Driver(preset, data: data, width: 200)
    driver.type(":checkpoint \(folder)<enter>")
    let effect = try #require(driver.lastEffect)
    let answer = try #require(Outside(dataDirectory: nil).carryOut(effect, seed: 1))
    driver.send(answer)
    #expect(
      driver.text.contains(
        "batch-00000030.safetensors: goes on after 1 epoch, 30 batches"),
      "\(driver.text)")
    let reports = try trained(&driver)
    #expect(reports.last?.parameters == straight.parameters)
  }

  /// What `:save` writes is a checkpoint, from which `train --resume` goes on with the constants on screen; opened here
  /// it brings them back.
  @Test func whatIsSavedGoesOn() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let path = folder + "/saved.safetensors"
    var driver = Driver(preset, data: data, width: 200)
    for report in try trained(&driver) { driver.send(.training(report)) }
    driver.type("r:save \(path)<enter>")
    try driver.carryOutLast()
    let saved = try #require(try CheckpointTarget.saved(at: path))
    let longer = try preset.with(overrides: preset.overrides + ["training.epochs=4"])
    let start = try Checkpoint(saved, continuedBy: longer, samples: data.train.count)
    #expect(start.position == "3 epochs, 69 batches, with reset 0/−Vth since batch 69")
    #expect(start.epochs.count == 3 && start.bestAccuracy != nil)
    var run = TrainingRun(
      Experiment(preset: longer, data: data, seed: 1), from: start, threads: 1,
      options: TrainingRun.Options(version: "1"))
    try run.run()

    let straight = Trainer(
      plan: preset.network, dynamics: preset.dynamics, training: preset.training,
      trainSet: data.train, testSet: nil, seed: 1, threads: 2)
    while straight.epochsDone < 4 {
      if straight.batchesDone == 69, straight.samplesDone == 0 {
        straight.dynamics.forward.reset = .zero
      }
      _ = straight.next()
    }
    #expect(run.trainer.state == straight.state)

    // Opened with them, and read into an explorer that has the preset's.
    let weights = try LoadedWeights(saved, for: preset, samples: data.train.count)
    var opened = Driver(preset, data: data, weights: weights)
    #expect(opened.model.session.dynamics.forward.reset == .zero)
    opened.type("r")
    #expect(opened.model.session.dynamics.forward.reset != .zero)
    opened.send(.loaded(.success(weights)))
    #expect(opened.model.session.dynamics.forward.reset == .zero)
    // Weights that were never trained are weights alone.
    var fresh = Driver(preset, data: data)
    fresh.type(":save \(folder)/fresh.safetensors<enter>")
    try fresh.carryOutLast()
    let file = try SafetensorsFile(path: folder + "/fresh.safetensors")
    #expect(!Checkpoint.isIn(file))
  }

  /// With other settings than its own it is a file of weights.
  @Test func otherSettingsBeginAnew() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try saved(after: 3)
    let other = try preset.with(overrides: preset.overrides + ["training.batch=10"])
    let weights = try LoadedWeights(file, for: other, samples: data.train.count)
    #expect(weights.checkpoint == nil && weights.difference == "training.batch")
    var driver = Driver(other, data: data, width: 200)
    driver.send(.loaded(.success(weights)))
    #expect(driver.text.contains("weights alone, trained with another training.batch"))
  }

  /// Constants that change under a running training change between two batches, and the curves know which.
  @Test func aChangeOfConstantsIsNoted() throws {
    var model = Model(
      Model.Setup(preset: preset, data: data, seed: 1),
      screens: Driver.screens, width: 120, height: 36)
    let reports = Mutex<[TrainingReport]>([])
    let isDone = DispatchSemaphore(value: 0)
    let thread = TrainingThread(threads: 1) { report in
      reports.withLock { $0.append(report) }
      if !report.isRunning { isDone.signal() }
    }
    func carryOut(_ key: Character) {
      for effect in model.update(.input(.key(.character(key)))) {
        if case .training(let order) = effect { thread.take(order) }
      }
    }
    carryOut("t")
    carryOut("+")
    #expect(isDone.wait(timeout: .now() + 120) == .success)
    let last = try #require(reports.withLock { $0.last })
    // Before the first batch there is nothing to change.
    #expect(last.curves.changes.allSatisfy { $0.batch > 0 } && last.curves.changes.count <= 1)
    _ = model.update(.training(last))
    carryOut("-")
    carryOut("t")
    #expect(isDone.wait(timeout: .now() + 120) == .success)
    let end = try #require(reports.withLock { $0.last })
    #expect(end.curves.changes.last?.batch == 69)
    #expect(end.curves.changes.last?.to.forward.threshold == 1)
    #expect(end.curves.loss.bins.count == 138)
  }
}
