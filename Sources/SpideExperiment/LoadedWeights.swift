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
  /// The key in which the file's preset differs, or `seed`, so that training does not go on from it.
  public var difference: String?

  /// The file's name after that of its folder, which tells runs apart: `run/batch-00000046.safetensors`.
  public var name: String { path.split(separator: "/").suffix(2).joined(separator: "/") }

  /// The file's name alone.
  public var file: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// One line about them.
  public var summary: String {
    if let checkpoint { return "\(name): goes on after \(checkpoint.position)" }
    if let difference { return "\(name): weights alone, trained with another \(difference)" }
    return "\(name): weights"
  }

  /// Weights alone.
  public init(parameters: Parameters, path: String) {
    self.parameters = parameters
    self.path = path
  }

  /// Reads the weights of a preset. A checkpoint of a training with other settings counts as weights alone.
  ///
  /// - Throws: ``DataError`` or ``ConfigurationError``.
  public init(_ file: SafetensorsFile, for preset: Preset, samples: Int) throws {
    self.init(
      parameters: try WeightsFile.weights(in: file, plan: preset.network), path: file.path)
    guard Checkpoint.isIn(file) else { return }
    difference = try Preset(recordedIn: file).flatMap(preset.difference)
    if difference == nil {
      checkpoint = try Checkpoint(file, continuedBy: preset, samples: samples)
    }
  }
}
