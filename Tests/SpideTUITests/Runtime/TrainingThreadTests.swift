import Dispatch
import SpideTUI
import Synchronization
import Testing

@Suite struct TrainingThreadTests {
  /// Whatever has been told just before, a training that is told to pause says in the end that it stands: here it is told
  /// amid a report that it runs, with not a batch in between.
  @Test func aPauseIsAlwaysAnswered() throws {
    var driver = try Driver()
    driver.type("t")
    guard case .training(let order)? = driver.lastEffect else { throw Failure("no order") }
    let owner = Mutex<TrainingThread?>(nil)
    let hasStopped = DispatchSemaphore(value: 0)
    let thread = TrainingThread(threads: 1) { report in
      if report.isRunning {
        owner.withLock { $0 }?.take(.pause)
      } else {
        hasStopped.signal()
      }
    }
    owner.withLock { $0 = thread }
    for _ in 0..<3 {
      thread.take(order)
      #expect(hasStopped.wait(timeout: .now() + 60) == .success)
    }
  }
}
