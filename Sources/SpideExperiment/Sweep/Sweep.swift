import SpideConfiguration
import SpideData
import SpideEngine

/// One preset with every combination of some values of its keys, and what is measured of each: what `sweep` runs.
public struct Sweep: Sendable {
  /// What the combinations are variations of.
  public let preset: Preset
  /// The keys and their values; the last one varies fastest.
  public let axes: [SweepAxis]
  /// Each combination is run with each of them.
  public let seeds: ClosedRange<UInt64>
  /// What is done with each.
  public let task: SweepTask
  /// Every combination with every seed, in order.
  public let jobs: [SweepJob]

  /// More are a mistake, or would not end.
  public static let mostJobs = 100_000

  /// Checks every combination.
  ///
  /// - Parameters:
  ///   - preset: What the combinations are variations of.
  ///   - given: Those of its overrides that somebody gave beside the sweep's.
  ///   - axes: The keys and their values.
  ///   - seeds: With which each combination is run.
  ///   - task: What is done with each.
  /// - Throws: ``SpideConfiguration/ConfigurationError`` where a value is none for its key, or keys or combinations are twice
  ///   there; ``ExperimentError`` where there are too many; ``SpideData/DataError`` where weights do not fit.
  public init(
    _ preset: Preset, given: [String] = [], over axes: [SweepAxis], seeds: ClosedRange<UInt64>,
    task: SweepTask
  ) throws {
    try Sweep.checkKeys(axes, given: given)
    self.preset = preset
    self.axes = axes
    self.seeds = seeds
    self.task = task
    let combinations = axes.reduce(1.0) { $0 * Double($1.values.count) }
    let all = combinations * (Double(seeds.upperBound - seeds.lowerBound) + 1)
    guard all <= Double(Sweep.mostJobs) else {
      throw ExperimentError.tooManyCombinations(all, most: Sweep.mostJobs)
    }
    var jobs: [SweepJob] = []
    var seen: [SweptPreset: [SweepValue]] = [:]
    var weights: [NetworkPlan: Parameters] = [:]
    for values in Sweep.product(axes.map(\.values)) {
      let varied = try Sweep.vary(preset, axes, values, given: given, task)
      let meaning = SweptPreset(varied)
      if let same = seen[meaning] { throw Sweep.twice(axes, values, same) }
      seen[meaning] = values
      if case .gradient(_, let file?) = task, weights[varied.network] == nil {
        weights[varied.network] = try WeightsFile.weights(in: file, plan: varied.network)
      }
      jobs += seeds.map { seed in
        SweepJob(
          place: SweepPlace(values: values, seed: seed), keys: axes.map(\.key), preset: varied,
          parameters: weights[varied.network])
      }
    }
    self.jobs = jobs
  }

  /// The names of the keys.
  public var keys: [String] { axes.map(\.key) }

  /// The preset of a combination, with the constants that the weights were trained with where there are some.
  static func vary(
    _ preset: Preset, _ axes: [SweepAxis], _ values: [SweepValue], given: [String],
    _ task: SweepTask
  ) throws -> Preset {
    let assignments = zip(axes, values).map { $0.assignment($1) }
    do {
      let varied = try preset.with(overrides: preset.overrides + assignments)
      guard case .gradient(_, let file?) = task else { return varied }
      return try varied.trained(in: file, given: given + assignments)
    } catch let error as ConfigurationError {
      // Who typed --over need not read of --set.
      guard let culprit = error.override, let number = assignments.firstIndex(of: culprit) else {
        throw error
      }
      throw ConfigurationError(
        file: SweepAxis.file(axes[number].argument), line: error.line,
        column: axes[number].column(error.column, of: values[number]), problem: error.problem,
        expected: error.expected)
    }
  }

  private static func checkKeys(
    _ axes: [SweepAxis], given: [String]
  ) throws(ConfigurationError) {
    for (number, axis) in axes.enumerated() {
      func wrong(_ problem: String, _ expected: String) -> ConfigurationError {
        ConfigurationError(
          file: SweepAxis.file(axis.argument), line: 1, column: 1, problem: problem,
          expected: expected)
      }
      if let other = axes[..<number].first(where: { axis.overlaps($0.key) }) {
        throw other.key == axis.key
          ? wrong("\(axis.key) is swept over twice", "all its values in one --over")
          : wrong(
            "\(axis.key) and \(other.key) are parts of each other", "keys that stand side by side")
      }
      // What is within a key that is swept over would have no effect.
      if let key = given.map({ Preset.key(of: $0) }).first(where: {
        ($0 + ".").hasPrefix(axis.key + ".")
      }) {
        throw wrong("\(key) is given besides", "\(key) either fixed or swept over")
      }
    }
  }

  /// Every choice of one value for each key, the last key's varying fastest.
  private static func product(_ values: [[SweepValue]]) -> [[SweepValue]] {
    values.reduce([[]]) { choices, values in
      choices.flatMap { choice in values.map { choice + [$0] } }
    }
  }

  /// Two combinations that are the same preset.
  private static func twice(
    _ axes: [SweepAxis], _ values: [SweepValue], _ same: [SweepValue]
  ) -> ConfigurationError {
    func words(_ values: [SweepValue]) -> String {
      zip(axes, values).map { $0.assignment($1) }.joined(separator: " ")
    }
    let number = zip(values, same).enumerated().first { $1.0 != $1.1 }?.offset ?? 0
    let axis = axes[number]
    let start = axis.key.unicodeScalars.count + 2
    return ConfigurationError(
      file: SweepAxis.file(axis.argument), line: 1,
      column: axis.column(start, of: values[number]),
      problem: "\(words(values)) is the same as \(words(same))", expected: "each combination once")
  }
}

/// What a sweep does with a combination.
public enum SweepTask: Sendable {
  /// It is trained, from fresh weights.
  case training
  /// The gradient of some test samples is measured, with weights from a file or, without one, fresh ones.
  case gradient(samples: Range<Int>, weights: SafetensorsFile?)

  /// What is measured.
  public var measure: SweepMeasure {
    switch self {
    case .training: .training
    case .gradient: .gradient
    }
  }
}

/// One combination with one seed.
public struct SweepJob: Sendable {
  /// Which it is.
  public let place: SweepPlace
  /// The names of the keys.
  let keys: [String]
  /// The preset with its values.
  public let preset: Preset
  /// Weights from a file; nil where they come from the seed.
  let parameters: Parameters?

  /// Its values as overrides, `steps.backward=50`, in the order of the keys.
  public var assignments: [String] { zip(keys, place.values).map { "\($0)=\($1.text)" } }

  /// `steps.backward=50 neuron.threshold=1.0 seed 3`.
  public var words: String {
    (assignments + ["seed \(place.seed)"]).joined(separator: " ")
  }
}

/// A preset as far as results depend on it.
private struct SweptPreset: Hashable {
  let data: PresetData
  let dynamics: Dynamics
  let network: NetworkPlan
  let training: TrainingPlan

  init(_ preset: Preset) {
    (data, dynamics) = (preset.data, preset.dynamics)
    (network, training) = (preset.network, preset.training)
  }
}
