extension Executor {
  /// Works on `0 ..< count`, side by side, and hands on what came of each in order, so that sums do not depend on the workers.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - width: how many results may wait for those before them, at least as many as there are workers.
  ///   - work: does one; nil ends it all.
  ///   - take: takes one result, called from this thread alone.
  /// - Returns: whether all were done.
  func inOrder<Result: Sendable>(
    _ count: Int, width: Int, _ work: @escaping @Sendable (Int) -> Result?,
    take: (Result) -> Void
  ) -> Bool {
    for start in stride(from: 0, to: count, by: max(width, workers)) {
      let wave = start..<min(start + max(width, workers), count)
      let results = Guarded([Result?](repeating: nil, count: wave.count))
      forEach(wave.count) { _, number in
        guard let result = work(start + number) else { return }
        results.withLock { $0[number] = result }
      }
      for result in results.withLock({ $0 }) {
        guard let result else { return false }
        take(result)
      }
    }
    return true
  }
}
