import SpideConfiguration
import SpideData
import SpideEngine

/// Weights from a file, and the training that they come from where it can go on.
public struct LoadedWeights: Sendable {
  /// The weights, of the preset's shapes.
  public var parameters: Parameters
  /// The file.
  public var path: String
  /// Where training goes on; nil for weights alone.
  public var checkpoint: Checkpoint?
  /// The key in which the file's preset differs, so that training cannot go on from it.
  public var difference: String?

  /// One line about them.
  package var summary: String {
    if let state = checkpoint?.state {
      return "training goes on after \(Words.counted(state.epochsDone, "epoch")), "
        + "\(Words.counted(state.batchesDone, "batch")): \(path)"
    }
    if let difference { return "weights alone, trained with another \(difference): \(path)" }
    return "weights from \(path)"
  }

  /// Weights alone.
  public init(parameters: Parameters, path: String) {
    self.parameters = parameters
    self.path = path
  }

  /// Reads the weights of a preset. A checkpoint of a training with other settings counts as weights alone.
  ///
  /// - Throws: ``DataError`` or ``ConfigurationError``.
  package init(_ file: SafetensorsFile, for preset: Preset, samples: Int) throws {
    self.init(
      parameters: try WeightsFile.weights(in: file, plan: preset.network), path: file.path)
    guard Checkpoint.isIn(file) else { return }
    difference = try Preset(recordedIn: file).flatMap(preset.difference)
    if difference == nil {
      checkpoint = try Checkpoint(file, continuedBy: preset, samples: samples)
    }
  }
}
