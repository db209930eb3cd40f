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

  /// At 20 batches a second the fifth begins a fifth of a second after the first at the earliest; a pause does not wait for the
  /// next.
  @Test func aPaceIsKept() throws {
    var driver = try Driver()
    driver.type(":pace 20<enter>t")
    guard case .training(let order)? = driver.lastEffect else { throw Failure("no order") }
    let batches = Mutex<[Int]>([])
    let isTold = DispatchSemaphore(value: 0)
    let thread = TrainingThread(threads: 1) { report in
      batches.withLock { $0.append(report.curves.batch?.batch ?? 0) }
      isTold.signal()
    }
    let clock = ContinuousClock()
    let began = clock.now
    thread.take(order)
    while (batches.withLock { $0.last } ?? 0) < 5 {
      #expect(isTold.wait(timeout: .now() + 60) == .success)
    }
    #expect(clock.now - began >= .milliseconds(200))
    driver.type(":pace 0.1<enter>")
    guard case .training(let slower)? = driver.lastEffect else { throw Failure("no order") }
    thread.take(slower)
    thread.take(.pause)
    let paused = clock.now
    while isTold.wait(timeout: .now() + 2) == .success {}
    #expect(clock.now - paused < .seconds(9))
    driver.type(":pace fast<enter>")
    #expect(driver.text.contains("no pace fast; a pace is a number from 0.1 to 10000"))
  }
}
