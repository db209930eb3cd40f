import Foundation
import SpideConfiguration
import SpideData
import SpideEngine

/// A preset with its samples and the weights to begin with: what every face of the program works on.
public struct Experiment: Sendable {
  /// Network, constants and training.
  public var preset: Preset
  /// The preset's samples.
  public var data: DataSplit
  /// Weights from a file; nil where fresh ones are drawn from the seed.
  public var weights: LoadedWeights?
  /// Seeds fresh weights and the training, unless a checkpoint goes on with its own.
  public var seed: UInt64

  /// An experiment from its parts.
  public init(preset: Preset, data: DataSplit, weights: LoadedWeights? = nil, seed: UInt64) {
    self.preset = preset
    self.data = data
    self.weights = weights
    self.seed = seed
  }

  /// The weights to begin with.
  public var parameters: Parameters {
    weights?.parameters
      ?? Parameters(initial: preset.training.initialWeights, plan: preset.network, seed: seed)
  }
}

/// Why a preset makes no experiment, or no sweep.
public enum ExperimentError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A preset of that name has no samples (`source: none`).
  case noData(preset: String)
  /// A sweep of so many combinations and seeds has more than it may have.
  case tooManyCombinations(Double, most: Int)
  /// The gradient of a sample is wanted that the test set does not have, the last one being `last`.
  case noSample(Int, last: Int)

  /// One line.
  public var description: String {
    switch self {
    case .noData(let preset):
      return
        "preset \(preset) has no data (source: none); it is for spide-tui trace --input"
    case .tooManyCombinations(let count, let most):
      let number = count < 1e15 ? Words.count(Int(count)) : NumberText.scientific(count)
      return
        "\(number) combinations and seeds; expected at most \(Words.count(most))"
    case .noSample(let sample, let last):
      return "--samples to \(sample) is out of range; expected 0 to \(last)"
    }
  }
}

extension PresetData {
  /// The data set that is named; nil where there is none.
  public var set: DataSet? { source.flatMap { DataSet.named($0.name) } }
}

extension Library where Item == Preset {
  /// The built-in presets, and those in a user's directory, of all data sets.
  public init(userDirectory: String?) {
    self.init(userDirectory: userDirectory, dataSets: DataSet.forms)
  }

  /// The built-in presets, and those in the directory of ``userDirectory(environment:)``.
  public init() { self.init(userDirectory: Self.userDirectory()) }
}

extension Preset {
  /// The samples of the preset's data set, prepared as it says.
  ///
  /// - Parameters:
  ///   - directory: what `--data` says.
  ///   - environment: the process's, for the folders of data sets.
  /// - Throws: ``ExperimentError``, or ``DataError`` where the files are missing or wrong.
  public func loadData(
    from directory: String?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> DataSplit {
    guard let set = data.set else { throw ExperimentError.noData(preset: name) }
    return try set.load(
      forwardSteps: dynamics.forwardSteps, normalization: data.normalization,
      augmentation: data.augmentation, frames: data.frames, directory: directory,
      environment: environment)
  }
}
