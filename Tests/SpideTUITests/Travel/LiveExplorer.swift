import Dispatch
import SpideConfiguration
import SpideEngine
import SpideTUI
import Testing

/// An explorer whose training is on a thread of its own, at full speed; everything else is done on the spot.
struct LiveExplorer {
  private(set) var explorer: HeadlessExplorer
  /// Batches done at the place that the thread has told of last.
  private(set) var told = 0
  private let thread: TrainingThread
  private let inbox: Inbox
  private let reported = DispatchSemaphore(value: 0)

  init(_ small: SmallTraining, threads: Int = 2, budget: Int = Recording.budget) {
    explorer = HeadlessExplorer(small.model())
    let inbox = Inbox { [reported] in reported.signal() }
    self.inbox = inbox
    thread = TrainingThread(threads: threads, budget: budget) { inbox.put(.training($0)) }
  }

  var model: Model { explorer.model }
  var text: String { explorer.text }

  /// Does what a played session says; it waits for nothing.
  mutating func play(_ text: String) throws {
    for case .input(let event) in try PlayedSession(text, file: "f").acts { send(.input(event)) }
  }

  private mutating func send(_ message: Message) {
    for effect in explorer.update(message) {
      if case .training(let order) = effect {
        thread.take(order)
      } else if let answer = explorer.answer(to: effect) {
        send(answer)
      }
    }
  }

  /// Takes in what the thread tells until a condition holds.
  mutating func run(until isSo: (LiveExplorer) -> Bool) throws {
    while !isSo(self) {
      guard reported.wait(timeout: .now() + 60) == .success else {
        throw Failure("no report: \(text)")
      }
      for message in inbox.take() {
        if case .training(let report) = message { told = report.batchesDone }
        send(message)
      }
    }
  }

  /// The same until training stands and nothing is on its way.
  mutating func settle() throws { try run { $0.model.isSettled } }
}
