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
