import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import Testing

/// Weights are used with the constants that they were last trained with, unless others are given.
@Suite struct TrainedConstantsTests {
  private let recorded: Preset
  /// Those that somebody came to in the course of the training.
  private var own: Dynamics

  init() throws {
    recorded = try PresetLibrary.ofTests.find("digits")
    own = recorded.dynamics
    own.forward = NeuronParameters(threshold: 1.5, reset: .potential(0.5), leak: 0.9)
    own.backward.leak = 0.9
    own.backwardSteps = 50
    own.lossScale = 33
  }

  /// A checkpoint of ``recorded`` with those constants, as a file.
  private func checkpoint() throws -> SafetensorsFile {
    let path = NSTemporaryDirectory() + "spide-constants-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var state = Trainer.State(
      plan: recorded.network, dynamics: recorded.dynamics, training: recorded.training, seed: 1)
    state.use(own)
    try Checkpoint(
      preset: recorded.recorded, presetDynamics: recorded.dynamics, state: state, epochs: [],
      trainSamples: 100, version: "test"
    ).write(to: path)
    return try SafetensorsFile(path: path)
  }

  private func trained(_ name: String, _ given: [String]) throws -> Dynamics {
    try PresetLibrary.ofTests.find(name, overrides: given)
      .trained(in: checkpoint(), given: given).dynamics
  }

  @Test func whatIsGivenStays() throws {
    typealias Change = (inout Dynamics) -> Void
    let cases: [([String], Change)] = [
      ([], { _ in }),
      (["training.epochs=3"], { _ in }),
      (["neuron.threshold=2"], { $0.forward.threshold = 2 }),
      (["neuron.reset=minus-threshold"], { $0.forward.reset = .minusThreshold }),
      (
        ["neuron.leak=0.8"],
        {
          $0.forward.leak = 0.8
          $0.backward.leak = 0.8
        }
      ),
      (["backward.leak=0.7"], { $0.backward.leak = 0.7 }),
      (["backward.threshold=0.4"], { $0.backward.threshold = 0.4 }),
      (["backward.reset=zero"], { $0.backward.reset = .zero }),
      (
        ["steps.forward=20", "steps.backward=100"],
        { ($0.forwardSteps, $0.backwardSteps) = (20, 100) }
      ),
      (["steps={ forward: 7, backward: 8 }"], { ($0.forwardSteps, $0.backwardSteps) = (7, 8) }),
      (["training.loss-scale=100"], { $0.lossScale = 100 }),
      (
        ["neuron={ threshold: 2 }"],
        {
          $0.forward = NeuronParameters(threshold: 2)
          $0.backward.leak = 1
        }
      ),
    ]
    for (given, change) in cases {
      var expected = own
      change(&expected)
      #expect(try trained("digits", given) == expected, "\(given)")
    }
  }

  /// A preset that is named with another constant is meant to have it; what it has in common with the recorded one is not.
  @Test func anotherPresetsConstantsAreMeant() throws {
    var expected = own
    (expected.forward.leak, expected.backward.leak) = (0.95, 0.95)
    #expect(try trained("digits-lif", []) == expected)
  }

  @Test func whatDoesNotGoTogetherIsRefused() throws {
    let error = #expect(throws: DataError.self) { try trained("digits", ["neuron.threshold=0.4"]) }
    #expect(error?.kind == .badData)
    #expect(
      error?.problem == "the resets of its training, 0.5 and −Vth, are not below the thresholds")
    #expect(
      try trained("digits", ["neuron.threshold=0.4", "neuron.reset=zero"]).forward.reset == .zero)
  }

  @Test func weightsAloneChangeNothing() throws {
    let path = NSTemporaryDirectory() + "spide-weights-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let parameters = Parameters(zerosFor: recorded.network)
    try WeightsFile.save(parameters, metadata: recorded.recorded.metadata, to: path)
    let preset = try recorded.trained(in: SafetensorsFile(path: path), given: [])
    #expect(preset.dynamics == recorded.dynamics)
  }
}
