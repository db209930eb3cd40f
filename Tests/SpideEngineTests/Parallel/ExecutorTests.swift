import SpideEngine
import Synchronization
import Testing

@Suite struct ExecutorTests {
  @Test(arguments: [1, 2, 3, 64]) func everyTaskIsDoneOnceByOneOfTheWorkers(_ threads: Int) {
    let executor = ThreadExecutor(threads: threads)
    #expect(executor.workers == threads)
    for count in [0, 1, 2, 100] {
      let done = Mutex([Int](repeating: 0, count: count))
      let strangers = Atomic<Int>(0)
      let busy = Mutex(Set<Int>())
      executor.forEach(count) { worker, task in
        let isFree = busy.withLock { $0.insert(worker).inserted }
        if !(0..<threads).contains(worker) || !isFree { strangers.add(1, ordering: .relaxed) }
        done.withLock { $0[task] += 1 }
        _ = busy.withLock { $0.remove(worker) }
      }
      #expect(
        done.withLock { $0.allSatisfy { $0 == 1 } } && strangers.load(ordering: .relaxed) == 0)
    }
  }

  @Test func atLeastOneThreadWorks() { #expect(ThreadExecutor(threads: 0).workers == 1) }
}
