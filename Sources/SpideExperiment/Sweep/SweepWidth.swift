/// How many combinations run side by side, and on how many threads each.
package struct SweepWidth: Equatable {
  /// One for each that runs at once.
  package let threads: [Int]

  /// As many at once as there are threads; where there are fewer combinations, they share the threads out. Where that
  /// takes too much memory, fewer at once.
  ///
  /// - Parameters:
  ///   - jobs: Combinations to run.
  ///   - threads: Threads in all.
  ///   - fits: Whether there is memory for so many at once, on at most so many threads each. For one on one thread it is not
  ///     asked.
  package init(jobs: Int, threads: Int, fits: (_ atOnce: Int, _ threads: Int) -> Bool) {
    var width = max(1, min(jobs, threads))
    while width > 1, !fits(width, (threads - 1) / width + 1) { width -= 1 }
    var each = max(1, threads)
    if width == 1 { while each > 1, !fits(1, each) { each -= 1 } }
    let total = width == 1 ? each : threads
    self.threads = (0..<width).map { (total + $0) / width }
  }
}
