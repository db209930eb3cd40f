import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import Testing

@Suite struct PresetTests {
  @Test func everyKeyArrives() throws {
    let preset = try Preset(text: validPreset, file: "sample.yaml", expectedName: "sample")
    #expect(preset.name == "sample")
    #expect(preset.summary == "A small preset.")
    #expect(preset.text == validPreset)
    #expect(
      preset.data
        == PresetData(
          source: DataSet.digits.form, shape: LayerShape(channels: 1, height: 8, width: 8),
          classes: 10,
          normalization: Normalization(mean: [0.3], std: [0.4]),
          augmentation: Augmentation(cropPadding: 1, horizontalFlip: true)))
    #expect(
      preset.dynamics
        == Dynamics(
          forward: NeuronParameters(threshold: 1, reset: .minusThreshold, leak: 0.9),
          backward: NeuronParameters(threshold: 0.25, reset: .zero, leak: 0.9),
          forwardSteps: 30, backwardSteps: 100, lossScale: 200))
    #expect(!preset.givesBackwardLeak)
    #expect(
      preset.network
        == (try NetworkPlan(
          inputShape: preset.data.shape, classes: 10,
          input: Link(
            .convolution(channels: 8, kernel: 3, stride: 1, padding: 1), dropout: 0.2),
          links: [
            Link(.averagePool(size: 2)),
            Link(
              .convolution(channels: 16, kernel: 3, stride: 1, padding: 1), hasBias: false),
          ],
          feedback: Link(
            .transposedConvolution(
              channels: 8, kernel: 3, stride: 2, padding: 1, outputPadding: 1)),
          feedbackMaxNorm: 2)))
    #expect(
      preset.training
        == TrainingPlan(
          epochs: 10, batch: 64, optimizer: .adam(beta1: 0.8, beta2: 0.99),
          learningRate: LearningRateSchedule(
            base: 0.05, decayAt: [4, 8], decayBy: 0.5, warmupBatches: 3),
          weightDecay: 0.0005, initialWeights: .unit))
  }

  @Test func omittedKeysTakeTheDefaults() throws {
    let preset = try Preset(text: shortestPreset, file: "short.yaml")
    #expect(preset.dynamics == Dynamics(forwardSteps: 5, backwardSteps: 6))
    #expect(preset.network.links.isEmpty)
    #expect(preset.network.feedback == nil)
    #expect(preset.network.input == Link(.dense(units: 7)))
    #expect(
      preset.training
        == TrainingPlan(epochs: 1, batch: 2, learningRate: LearningRateSchedule(base: 0.1)))
    #expect(preset.data.normalization == nil)
    #expect(preset.data.augmentation == nil)
  }

  @Test(arguments: [
    ("", EventFrames.counts), (", frames: counts", .counts), (", frames: authors", .authors),
  ])
  func framesOfEventsAreCountsOrTheAuthorsPictures(yaml: String, frames: EventFrames) throws {
    let text = shortestPreset.replacingOccurrences(
      of: "{ source: mnist }", with: "{ source: cifar10-dvs\(yaml) }")
    let preset = try Preset(text: text, file: "short.yaml")
    #expect(preset.data.frames == frames)
    // Training cannot go on with the other kind of input.
    let counts = try Preset(text: text, file: "short.yaml", overrides: ["data.frames=counts"])
    #expect(preset.difference(from: counts) == (frames == .counts ? nil : "data"))
  }

  @Test func aPresetWithoutDataHasNoFramesOfEvents() {
    let text = shortestPreset.replacingOccurrences(
      of: "{ source: mnist }",
      with: "{ source: none, shape: [6], classes: 3, frames: counts }")
    #expect(presetError(text)?.problem == "data.frames beside source none")
  }

  @Test(arguments: [
    ("[2, 6, 6]", LayerShape(channels: 2, height: 6, width: 6)), ("[6]", LayerShape(units: 6)),
  ])
  func sourceNoneStatesItsShape(yaml: String, shape: LayerShape) throws {
    let text = shortestPreset.replacingOccurrences(
      of: "{ source: mnist }", with: "{ source: none, shape: \(yaml), classes: 3 }")
    let data = try Preset(text: text, file: "short.yaml").data
    #expect(data.source == nil)
    #expect(data.shape == shape)
    #expect(data.classes == 3)
  }

  @Test(arguments: [
    ("minus-threshold", ResetMode.minusThreshold), ("zero", .zero), ("'zero'", .zero),
    ("-0.5", .potential(-0.5)), ("0", .potential(0)), (".25", .potential(0.25)),
    ("-5e-1", .potential(-0.5)),
  ])
  func resetIsAModeOrANumber(yaml: String, mode: ResetMode) throws {
    let preset = try Preset(
      text: validPreset, file: "sample.yaml", overrides: ["neuron.reset=\(yaml)"])
    #expect(preset.dynamics.forward.reset == mode)
  }

  @Test(arguments: [
    "\u{FEFF}" + validPreset, validPreset.replacingOccurrences(of: "\n", with: "\r\n"),
  ])
  func byteOrderMarkAndCarriageReturnsAreAccepted(text: String) throws {
    let preset = try Preset(text: text, file: "sample.yaml")
    #expect(preset.training.batch == 64)
    let broken = text.replacingOccurrences(of: "batch: 64", with: "batch: 0")
    #expect(presetError(broken)?.line == 21)
  }

  @Test func overridesReplaceAndAdd() throws {
    let overrides = [
      "steps.backward=50", "neuron.reset=zero", "training.learning-rate.base=0.05",
      "network.links.1.convolution.channels=32", "network.feedback.max-norm=3",
      "training.optimizer={ sgd: { momentum: 0.5 } }", "training.learning-rate.decay-at=[3, 6]",
      "network.links.1.convolution.dropout=0.1", "steps.backward=51",
    ]
    let preset = try Preset(text: validPreset, file: "sample.yaml", overrides: overrides)
    #expect(preset.dynamics.backwardSteps == 51)
    #expect(preset.dynamics.forward.reset == .zero)
    #expect(preset.training.learningRate.decayAt == [3, 6])
    #expect(preset.training.optimizer == .sgd(momentum: 0.5))
    #expect(preset.network.links[1].dropout == 0.1)
    #expect(preset.network.layers[2].channels == 32)
    #expect(preset.network.feedbackMaxNorm == 3)
    #expect(preset.overrides == overrides)
    #expect(preset.text == validPreset)
    let added = try Preset(
      text: shortestPreset, file: "short.yaml",
      overrides: ["neuron.leak=0.5", "backward.reset=zero"])
    #expect(added.dynamics.forward.leak == 0.5 && added.dynamics.backward.leak == 0.5)
    #expect(added.dynamics.backward.reset == .zero)
  }

  /// Each stage with a leak of its own, whichever is 1; a run with another backward leak is another run.
  @Test func theBackwardLeakIsTheForwardOneUnlessGiven() throws {
    let follows = try Preset(text: validPreset, file: "sample.yaml")
    for (overrides, leaks) in [
      (["backward.leak=1"], [0.9, 1]), (["neuron.leak=1", "backward.leak=0.8"], [1, 0.8]),
      (["backward.leak=0.9"], [0.9, 0.9]), (["neuron.leak=0.7"], [0.7, 0.7]),
    ] as [([String], [Float])] {
      let preset = try Preset(text: validPreset, file: "sample.yaml", overrides: overrides)
      #expect([preset.dynamics.forward.leak, preset.dynamics.backward.leak] == leaks)
      #expect(preset.givesBackwardLeak == (overrides.last?.hasPrefix("backward") == true))
      let differs = leaks[0] != 0.9 ? "neuron" : leaks[1] != 0.9 ? "backward" : nil
      #expect(preset.difference(from: follows) == differs)
    }
    let text = shortestPreset + "backward: { leak: 0.8 }\n"
    let alone = try Preset(text: text, file: "short.yaml")
    #expect(alone.dynamics.forward == NeuronParameters())
    #expect(alone.dynamics.backward == NeuronParameters(threshold: 0.5, leak: 0.8))
  }

  /// A dense feedback has the units of layer 0, given or not, feature maps or flat.
  @Test func aDenseFeedbackTakesTheShapeOfLayer0() throws {
    let convolution = "{ convolution: { channels: 2, kernel: 3, padding: 1 } }"
    for (input, feedback, units) in [
      (convolution, "{ dense: { bias: false } }", 1568),
      (convolution, "{ dense: { units: 1568, dropout: 0.5 }, max-norm: 2 }", 1568),
      ("{ dense: { units: 7 } }", "{ dense: { } }", 7),
    ] {
      let preset = try Preset(
        text: shortestPreset, file: "short.yaml",
        overrides: ["network={ input: \(input), feedback: \(feedback) }"])
      #expect(preset.network.feedback?.kind == .dense(units: units))
      #expect(preset.network.target(of: .feedback) == preset.network.layers[0])
      #expect(preset.network.feedbackMaxNorm == (feedback.contains("max-norm") ? 2 : nil))
    }
  }
}
