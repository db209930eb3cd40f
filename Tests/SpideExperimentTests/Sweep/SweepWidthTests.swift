import SpideExperiment
import Testing

/// How threads and memory are shared out.
@Suite struct SweepWidthTests {
  private func width(_ jobs: Int, _ threads: Int, most: Int = .max, each: Int = .max) -> [Int] {
    SweepWidth(jobs: jobs, threads: threads) { atOnce, threads in
      atOnce <= most && threads <= each
    }.threads
  }

  @Test func asManyAtOnceAsThreads() {
    #expect(width(12, 4) == [1, 1, 1, 1] && width(4, 4) == [1, 1, 1, 1])
    #expect(width(1, 4) == [4] && width(3, 1) == [1] && width(0, 4) == [4])
    #expect(width(2, 4) == [2, 2] && width(3, 8).sorted() == [2, 3, 3])
  }

  @Test func fewerWhereMemoryIsShort() {
    #expect(width(12, 4, most: 2) == [2, 2] && width(12, 4, most: 1) == [4])
    #expect(width(12, 4, most: 1, each: 3) == [3] && width(12, 4, most: 1, each: 0) == [1])
  }

  @Test func allThreadsAndNoMore() {
    for jobs in 1...20 {
      for threads in 1...20 {
        let width = width(jobs, threads)
        #expect(width.count == min(jobs, threads) && width.reduce(0, +) == threads)
        #expect((width.max() ?? 0) - (width.min() ?? 0) <= 1)
        #expect((width.max() ?? 0) <= (threads - 1) / width.count + 1)
      }
    }
  }
}
