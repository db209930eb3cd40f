import SpideEngine

/// The comparison of resets over the first samples of the test set, one after the other.
struct ResetMean: Sendable {
  /// The means so far.
  private(set) var comparison: ResetComparison
  /// Samples so far, and in the end.
  private(set) var done = 1
  let count: Int

  /// Samples that a mean is over, where there are as many.
  static let most = 64

  /// A mean of one sample so far.
  init(_ comparison: ResetComparison, of samples: Int) {
    self.comparison = comparison
    count = min(ResetMean.most, samples)
  }

  /// Takes in the next sample.
  mutating func add(_ next: ResetComparison) {
    comparison.add(next)
    done += 1
  }
}
