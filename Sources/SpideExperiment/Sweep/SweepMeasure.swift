/// What a sweep measures of each combination.
public enum SweepMeasure: String, CaseIterable, Hashable, Sendable {
  /// How well it learns: it is trained.
  case training
  /// How near its gradient is to the exact one: nothing is trained.
  case gradient

  /// What the columns of its figures are called, behind the keys and the seed.
  public var columns: [String] {
    switch self {
    case .training:
      [
        "best_test_accuracy", "test_accuracy", "test_loss", "train_loss", "seconds", "energy_uJ",
        "mean_forward_rate", "mean_backward_rate",
      ]
    case .gradient: ["cosine", "relative_error", "energy_uJ"]
    }
  }
}
