import SpideEngine
import SpideTUI
import Synchronization
import Testing

@Suite struct InboxTests {
  private func report(_ batches: Int, _ parameters: Parameters) -> TrainingReport {
    TrainingReport(
      run: 0, parameters: parameters, curves: TrainingCurves(), confusion: nil, nextBatch: [],
      epochsDone: 0, samplesDone: batches, learningRate: 0.1, samplesPerSecond: 1, seconds: 1,
      isRunning: true)
  }

  /// What has been computed of a sample takes the place of what had been before, and of nothing else.
  @Test func theNewestOfEachWaits() throws {
    let preset = try Driver.preset("digits")
    var model = Model(
      Model.Setup(preset: preset, data: try Driver.data(preset), seed: 1),
      screens: Driver.screens, width: 80, height: 24)
    var answers: [SimulationAnswer] = []
    for _ in 0..<2 {
      for case .simulate(let order) in model.update(.input(.key(.character("s")))) {
        answers.append(order.carryOut())
      }
    }
    try #require(answers.count == 2)
    let plan = preset.network
    let parameters = Parameters(initial: .kaiming, plan: plan, seed: 1)
    let inbox = Inbox {}
    inbox.put(.simulated(answers[0]))
    inbox.put(.training(report(1, parameters)))
    inbox.put(.simulated(answers[1]))
    inbox.put(.training(report(2, parameters)))
    let messages = inbox.take()
    #expect(messages.count == 2)
    for message in messages {
      switch message {
      case .training(let report): #expect(report.samplesDone == 2)
      default: _ = model.update(message)
      }
    }
    #expect(model.session.position == 2)
  }

  /// While nobody reads, only the newest report of training waits; nothing else is dropped.
  @Test func onlyTheNewestReportWaits() throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(units: 2), classes: 2, input: Link(.dense(units: 2)), links: [],
      feedback: nil, feedbackMaxNorm: nil)
    let parameters = Parameters(initial: .kaiming, plan: plan, seed: 1)
    let wakes = Mutex(0)
    let inbox = Inbox { wakes.withLock { $0 += 1 } }
    inbox.put(.tick)
    for batches in 1...5000 {
      inbox.put(.training(report(batches, parameters)))
      if batches == 2500 { inbox.put(.interrupt) }
    }
    let messages = inbox.take()
    #expect(messages.count == 3)
    guard case .tick = messages[0], case .interrupt = messages[1],
      case .training(let report) = messages[2]
    else {
      Issue.record("\(messages.count) messages")
      return
    }
    #expect(report.samplesDone == 5000)
    #expect(wakes.withLock { $0 } == 5002)
    #expect(inbox.take().isEmpty)
  }
}
