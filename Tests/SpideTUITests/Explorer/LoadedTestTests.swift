import Dispatch
import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI
import Synchronization
import Testing

/// Weights from a file are tested in the background, and what was loaded is said.
@Suite struct LoadedTestTests {
  let preset: Preset
  let data: DataSplit
  let weights: LoadedWeights
  let accuracy: String

  init() throws {
    preset = try PresetLibrary.ofTests.find("digits")
    data = try DataSet.digits.load(forwardSteps: 30, environment: [:])
    let parameters = Parameters(
      initial: preset.training.initialWeights, plan: preset.network, seed: 7)
    weights = LoadedWeights(parameters: parameters, path: "/some/where/run/w.safetensors")
    let evaluation = Evaluation(
      of: data.test, plan: preset.network, parameters: parameters, dynamics: preset.dynamics,
      threads: 2)
    accuracy = NumberText.percent(evaluation.accuracy)
  }

  private func driver(answers: Bool = true) -> Driver {
    var driver = Driver(preset, data: data, height: 60)
    driver.answersEvaluations = answers
    driver.send(.loaded(.success(weights)))
    return driver
  }

  /// The order that opening the weights beside some samples leads to.
  private func order(_ data: DataSplit) throws -> EvaluationOrder {
    var driver = Driver(preset, data: data, weights: weights)
    driver.answersEvaluations = false
    driver.send(.input(.resized(width: 120, height: 36)))
    return try #require(driver.lastEvaluation)
  }

  @Test func weightsAloneAreTestedToo() throws {
    var driver = driver()
    #expect(driver.text.contains("run/w.safetensors: weights; test accuracy \(accuracy)"))
    driver.type("4")
    #expect(driver.text.contains("Confusion \(accuracy)  w.safetensors"))
    #expect(driver.text.contains("true ↓  predicted →"))
    #expect(driver.text.contains("t starts training"), "no curves")
    // The next test takes its place.
    try driver.train(batches: 22)
    #expect(driver.text.contains("Confusion \(accuracy)  w.safetensors"))
    driver.type("fs")
    #expect(!driver.text.contains("w.safetensors") && driver.text.contains("Confusion "))
  }

  /// What is opened at the start is tested with the first event.
  @Test func testedAtTheStart() {
    var driver = Driver(preset, data: data, weights: weights)
    driver.send(.input(.resized(width: 120, height: 60)))
    #expect(driver.text.contains("test accuracy \(accuracy)"))
    // The panel of progress fills the screen.
    driver.type("4<tab><tab><tab><tab>z")
    #expect(driver.text.contains("last test      \(accuracy)"), "\(driver.text)")
    #expect(driver.text.contains("weights        run/w.safetensors"))
  }

  @Test func saysWhatItIsAt() {
    var driver = driver(answers: false)
    #expect(driver.text.contains("run/w.safetensors: weights; testing …"))
    driver.type("4")
    #expect(driver.text.contains("testing run/w.safetensors …"))
    #expect(!driver.text.contains("true ↓  predicted →"))
  }

  /// An answer that comes after training has begun, or after other weights came, is about nothing on screen.
  @Test func lateAnswersAreDropped() throws {
    var trained = driver(answers: false)
    let order = try #require(trained.lastEvaluation)
    let answer = try #require(order.carryOut(threads: 1))
    trained.type("4t")
    #expect(
      trained.effects.contains {
        if case .stopEvaluating = $0 { return true }
        return false
      })
    trained.send(.evaluated(answer))
    #expect(!trained.text.contains("true ↓  predicted →") && !trained.text.contains(accuracy))

    var other = driver(answers: false)
    other.send(
      .loaded(
        .success(
          LoadedWeights(
            parameters: Parameters(zerosFor: preset.network), path: "zeros.safetensors"))))
    other.type("4")
    other.send(.evaluated(answer))
    #expect(other.text.contains("testing zeros.safetensors"), "\(other.text)")
    let newer = try #require(other.lastEvaluation)
    other.send(.evaluated(try #require(newer.carryOut(threads: 1))))
    #expect(other.text.contains("zeros.safetensors: weights; test accuracy"))
    // Once answered it is not ordered again.
    let count = other.effects.count
    other.type("1324")
    #expect(
      !other.effects.dropFirst(count).contains { if case .evaluate = $0 { true } else { false } })
  }

  /// What is given up ends within a few samples and tells nothing.
  @Test func aTestCanBeGivenUp() throws {
    let gate = Gate(data.test)
    let slow = try order(DataSplit(train: data.train, test: gate))
    gate.close()
    let answers = Mutex(0)
    let isAnswered = DispatchSemaphore(value: 0)
    let background = BackgroundWork(label: "evaluation")
    func take(_ order: EvaluationOrder) {
      background.beginAnew { isWanted in
        guard order.carryOut(threads: 2, while: isWanted) != nil else { return }
        answers.withLock { $0 += 1 }
        isAnswered.signal()
      }
    }
    take(slow)
    #expect(gate.hasBegun.wait(timeout: .now() + 60) == .success)
    background.stop()
    gate.open()
    // The queue takes one order after the other: the first is over once this one is answered.
    take(try order(data))
    #expect(isAnswered.wait(timeout: .now() + 60) == .success)
    #expect(answers.withLock { $0 } == 1)
    #expect(gate.reads < gate.count / 2, "\(gate.reads) samples of a test that nobody wants")
  }
}

/// Samples that, once it is closed, wait until they are let go.
private final class Gate: SampleSource {
  let hasBegun = DispatchSemaphore(value: 0)
  private let whole: any SampleSource
  private let isOpen = DispatchSemaphore(value: 0)
  private let isClosed = Mutex(false)
  private let counted = Mutex(0)

  init(_ whole: any SampleSource) { self.whole = whole }

  var reads: Int { counted.withLock { $0 } }
  var count: Int { whole.count }
  var shape: LayerShape { whole.shape }
  var classNames: [String] { whole.classNames }
  var frames: Int { whole.frames }
  func label(_ index: Int) -> Int { whole.label(index) }
  func close() { isClosed.withLock { $0 = true } }
  func open() { isOpen.signal() }

  func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
    if isClosed.withLock({ $0 }) {
      counted.withLock { $0 += 1 }
      hasBegun.signal()
      isOpen.wait()
      isOpen.signal()
    }
    whole.read(index, augmentation: augmentation, into: &buffer)
  }
}
