import Dispatch
import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI
import Synchronization
import Testing

/// A training whose numbers are none any more stops, says why as `train` does, and does not go on.
@Suite struct DivergenceInExplorerTests {
  private func preset(_ overrides: [String]) throws -> Preset {
    try PresetLibrary.ofTests.find(
      "digits",
      overrides: [
        "network.input.dense.units=12", "network.feedback.dense.units=12",
        "network.links.0.dense.units=8", "steps.backward=10", "training.epochs=3",
      ] + overrides)
  }

  private func driver(_ preset: Preset) throws -> Driver {
    Driver(
      preset, data: try DataSet.digits.load(forwardSteps: 30, environment: [:]),
      width: 160, height: 60)
  }

  /// What the training thread tells of an order until it stops.
  private func reports(_ order: TrainingOrder) -> [TrainingReport] {
    let reports = Mutex<[TrainingReport]>([])
    let hasStopped = DispatchSemaphore(value: 0)
    let thread = TrainingThread(threads: 1) { report in
      reports.withLock { $0.append(report) }
      if !report.isRunning { hasStopped.signal() }
    }
    thread.take(order)
    #expect(hasStopped.wait(timeout: .now() + 120) == .success)
    return reports.withLock { $0 }
  }

  private func ordered(_ driver: Driver) throws -> TrainingOrder {
    guard case .training(let order)? = driver.lastEffect else {
      throw Failure("no order: \(driver.effects)")
    }
    return order
  }

  /// Weights that leave single precision at once, and neurons that fall silent while the loss stays a number.
  @Test(arguments: ["training.learning-rate.base=1e6", "neuron.threshold=1e-45"])
  func trainingStopsAndSaysWhy(_ setting: String) throws {
    var driver = try driver(preset([setting]))
    driver.type("4t")
    let reports = reports(try ordered(driver))
    let last = try #require(reports.last)
    let divergence = try #require(last.divergence)
    #expect(!last.isRunning && last.epochsDone == 0)
    #expect(reports.dropLast().allSatisfy { $0.divergence == nil })
    let network = driver.model.session.network
    for report in reports { driver.send(.training(report)) }
    // The rest of it is wrapped in the box where it is too long for a row.
    let line = "digits: \(divergence.problem);"
    #expect(line.contains("is no number after \(divergence.batches) batch"))
    #expect(driver.text.contains(line), "\(driver.text)")
    #expect(driver.text.contains("diverged"))
    // The weights of the report before it are the ones shown, and no question is asked about them.
    if reports.count == 1 { #expect(driver.model.session.network === network) }
    #expect(driver.model.session.readout?.logits.allSatisfy(\.isFinite) ?? true)

    let count = driver.trainingOrders
    driver.type("y")
    #expect(!driver.text.contains(line))
    driver.type("t")
    #expect(driver.trainingOrders == count, "t goes on through it")
    #expect(driver.text.contains(line))
    driver.type("<esc>fs")
    #expect(driver.trainingOrders == count, "s goes on through it")
    #expect(driver.text.contains(line))
    if reports.count == 1 {
      driver.type("<esc>q")
      #expect(driver.exitCode == 0)
    }
  }

  @Test func oneBatchByHandStopsToo() throws {
    let driver = try driver(preset(["training.learning-rate.base=1e6"]))
    var start = driver
    start.type("t")
    guard case .training(.run(let order))? = start.lastEffect else { throw Failure("no order") }
    var last: TrainingReport?
    let reports = Mutex<[TrainingReport]>([])
    let hasStopped = DispatchSemaphore(value: 0)
    let thread = TrainingThread(threads: 1) { report in
      reports.withLock { $0.append(report) }
      hasStopped.signal()
    }
    for _ in 0..<23 where last?.divergence == nil {
      thread.take(.batches(1, order))
      #expect(hasStopped.wait(timeout: .now() + 60) == .success)
      last = reports.withLock { $0.last }
    }
    let batches = try #require(last?.divergence?.batches)
    // Asked again, it tells the same and trains on nothing.
    thread.take(.run(order))
    #expect(hasStopped.wait(timeout: .now() + 60) == .success)
    last = reports.withLock { $0.last }
    #expect(last?.divergence?.batches == batches && last?.curves.batch?.batch == batches)
  }

  /// Weights from before it stay, can be saved, and are asked about.
  @Test func whatWasBeforeIsKept() throws {
    var driver = try driver(preset([]))
    try driver.train(batches: 2)
    driver.type("t")
    let network = driver.model.session.network
    let preset = driver.model.preset
    var broken = Parameters(zerosFor: preset.network)
    broken.values[0][0] = .nan
    let data = try DataSet.digits.load(forwardSteps: 30, environment: [:])
    let trainer = Trainer(
      plan: preset.network, dynamics: preset.dynamics, training: preset.training,
      trainSet: data.train, testSet: nil, seed: 1, threads: 1, parameters: broken)
    let divergence = try #require(trainer.divergence)
    var curves = TrainingCurves()
    let stage = StageTally(spikes: [1, 1], updates: [10, 10], operations: [0, 1])
    for batch in 1...5 {
      curves.add(
        BatchRecord(
          epoch: 1, batch: batch, learningRate: 0.1, loss: batch == 5 ? .nan : 2,
          tally: Tally(samples: 64, correct: 6, forward: stage, backward: stage)))
    }
    driver.send(
      .training(
        TrainingReport(
          run: 0, parameters: broken, divergence: divergence, curves: curves, confusion: nil,
          nextBatch: [1, 2], epochsDone: 0, samplesDone: 320, learningRate: 0.1,
          samplesPerSecond: 1000, seconds: 3, isRunning: false)))
    #expect(driver.model.session.network === network)
    driver.type("4")
    #expect(driver.text.contains("batches        5"), "\(driver.text)")
    #expect(driver.text.contains("train no number"))
    driver.type("<tab><tab><tab><tab>z")
    #expect(driver.text.contains("weights        after 2 batches"), "\(driver.text)")
    driver.type(":save w.safetensors<enter>")
    guard case .write(let order, _)? = driver.lastEffect,
      case .weights(let saved, _, _, _, _, let batches) = order
    else {
      Issue.record("nothing was saved")
      return
    }
    #expect(saved.firstNotFinite == nil && batches == 2)
    driver.send(.wrote(order, .failure(Failure("no room"))))
    driver.type("q")
    #expect(driver.exitCode == nil && driver.text.contains("2 batches of the training"))
  }
}
