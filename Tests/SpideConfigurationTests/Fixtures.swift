import Foundation
import SpideConfiguration
import SpideData

/// A valid preset that uses most keys; tests change one thing in it.
let validPreset = """
  name: sample
  summary: A small preset.
  data:
    source: digits
    normalize: { mean: [0.3], std: [0.4] }
    augment: { crop-padding: 1, horizontal-flip: true }
  neuron:   { threshold: 1.0, reset: minus-threshold, leak: 0.9 }
  backward: { threshold: 0.25, reset: zero }
  steps:    { forward: 30, backward: 100 }
  network:
    initial-weights: unit
    input: { convolution: { channels: 8, kernel: 3, padding: 1, dropout: 0.2 } }
    links:
      - { average-pool: 2 }
      - { convolution: { channels: 16, kernel: 3, padding: 1, bias: false } }
    feedback:
      transposed-convolution: { channels: 8, kernel: 3, stride: 2, padding: 1, output-padding: 1 }
      max-norm: 2
  training:
    epochs: 10
    batch: 64
    optimizer: { adam: { beta1: 0.8, beta2: 0.99 } }
    learning-rate: { base: 0.05, decay-at: [4, 8], decay-by: 0.5, warmup-batches: 3 }
    weight-decay: 0.0005
    loss-scale: 200

  """

/// Only what a preset must have.
let shortestPreset = """
  name: short
  summary: Only what must be there.
  data: { source: mnist }
  steps: { forward: 5, backward: 6 }
  network: { input: { dense: { units: 7 } } }
  training: { epochs: 1, batch: 2, learning-rate: { base: 0.1 } }

  """

/// A valid screen.
let validScreen = """
  name: mine
  title: Mine
  key: 5
  layout:
    columns:
      - { width: 24, panel: network }
      - rows: [ { panel: membrane }, { height: 30%, panel: loss } ]
      - { width: 20%, panel: input }

  """

/// The panels of the built-in screens and of ``validScreen``.
let somePanels: [PanelID] = [
  "network", "forward-raster", "backward-raster", "membrane", "input", "classes", "rate-error",
  "beta-error", "leftover", "reset-table", "loss", "accuracy", "forward-rates", "backward-rates",
  "progress", "confusion", "neuron-potential", "neuron-spikes", "neuron-rate", "neuron-beta",
  "neuron-weights", "neuron-facts", "ledger", "ledger-energy", "neurobench", "ledger-training",
  "error-backward", "error-forward", "gradient-errors", "layer-errors", "loop", "score", "runs",
]

/// The root of the package, from the place of this file.
let packageRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

extension Preset {
  /// A preset that may name any data set.
  init(
    text: String, file: String, overrides: [String] = [], expectedName: String? = nil
  ) throws(ConfigurationError) {
    try self.init(
      text: text, file: file, overrides: overrides, expectedName: expectedName,
      dataSets: DataSet.forms)
  }
}

/// The error of a preset; nil where it decodes.
func presetError(
  _ text: String, overrides: [String] = [], expectedName: String? = nil
) -> ConfigurationError? {
  do throws(ConfigurationError) {
    _ = try Preset(text: text, file: "x.yaml", overrides: overrides, expectedName: expectedName)
    return nil
  } catch { return error }
}

/// The error of a screen; nil where it decodes.
func screenError(_ text: String) -> ConfigurationError? {
  do throws(ConfigurationError) {
    _ = try Screen(text: text, file: "x.yaml", panels: somePanels)
    return nil
  } catch { return error }
}

/// Runs a body with a fresh directory, which is removed after.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("spide-configuration-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}
