import SpideExperiment

/// How the curves of runs are drawn.
struct RunPlot: Hashable, Sendable {
  /// What runs along the horizontal axis.
  enum Axis: String, Hashable, Sendable, CaseIterable {
    case epochs, updates, seconds

    /// What the plot calls it.
    var label: String {
      switch self {
      case .epochs: "epoch"
      case .updates: "update"
      case .seconds: "seconds"
      }
    }

    /// A place on it.
    func text(_ place: Double) -> String {
      switch self {
      case .epochs: "epoch " + NumberText.fixed(place, decimals: 2)
      case .updates: "update \(Words.count(Int(min(max(0, place.rounded()), 1e15))))"
      case .seconds: NumberText.short(place) + " s"
      }
    }
  }

  var axis = Axis.epochs
  /// Whether the vertical axis of losses and accuracies is logarithmic.
  var isLogarithmic = false
  /// Whether accuracies are drawn as errors: what is missing from 1.
  var showsError = false
  /// Whether runs are compared by their tests, not by what they are trained on.
  var showsTest = false
  /// The place at which all curves are read; nil for where they end.
  var reader: Double?

  /// The next axis.
  var nextAxis: Axis {
    let all = Axis.allCases
    let place = all.firstIndex(of: axis) ?? 0
    return all[(place + 1) % all.count]
  }
}
