import SpideConfiguration
import SpideExperiment
import SpideEngine
import Testing

/// The authors' five networks, against the table of their settings (TheMethod.md), which says more in fewer words.
@Suite struct AuthorsNetworksTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    /// Layers as `C×H×W`, or units.
    let layers: [[Int]]
    let feedback: AnyLinkKind?
    let maxNorm: Float?
    /// Dropout of input, links and feedback, in order.
    let dropout: [Float]
    let initial: InitialWeights
    let backwardSteps: Int
    let rate: LearningRateSchedule
    let epochs: Int
    let lossScale: Float
    let augmentation: Augmentation?
    var testDescription: String { name }
  }

  private static func upscaling(_ channels: Int) -> AnyLinkKind {
    .transposedConvolution(channels: channels, kernel: 3, stride: 2, padding: 1, outputPadding: 1)
  }

  private static let cifarRate = LearningRateSchedule(
    base: 0.05, decayAt: [50, 75], decayBy: 0.1, warmupBatches: 400)

  static let rows = [
    Row(
      name: "mnist-lenet",
      layers: [[15, 28, 28], [15, 14, 14], [40, 14, 14], [40, 7, 7], [300]], feedback: nil,
      maxNorm: nil, dropout: [0, 0, 0, 0, 0.5], initial: .kaiming, backwardSteps: 100,
      rate: LearningRateSchedule(base: 0.1, decayAt: [20, 40]), epochs: 60, lossScale: 100,
      augmentation: nil),
    Row(
      name: "mnist-convnet-f", layers: [[64, 14, 14], [64, 7, 7], [64, 7, 7]],
      feedback: upscaling(64), maxNorm: 2, dropout: [0.2, 0.2, 0.2, 0.2], initial: .kaiming,
      backwardSteps: 100, rate: LearningRateSchedule(base: 0.05, decayAt: [30, 60, 90]),
      epochs: 100, lossScale: 100, augmentation: nil),
    Row(
      name: "cifar10-alexnet-f",
      layers: [[96, 16, 16], [256, 16, 16], [384, 8, 8], [384, 8, 8], [256, 8, 8]],
      feedback: upscaling(96), maxNorm: 2, dropout: Array(repeating: 0.2, count: 6),
      initial: .unit, backwardSteps: 250, rate: cifarRate, epochs: 100, lossScale: 400,
      augmentation: Augmentation(cropPadding: 4, horizontalFlip: true)),
    Row(
      name: "cifar100-cifarnet-f",
      layers: [[128, 16, 16], [256, 16, 16], [512, 8, 8], [1024, 8, 8], [512, 8, 8]],
      feedback: upscaling(128), maxNorm: 2, dropout: Array(repeating: 0.25, count: 6),
      initial: .unit, backwardSteps: 250, rate: cifarRate, epochs: 100, lossScale: 500,
      augmentation: Augmentation(cropPadding: 4, horizontalFlip: true)),
    Row(
      name: "cifar10-dvs-convnet-f", layers: [[512, 24, 24]],
      feedback: .convolution(channels: 512, kernel: 5, stride: 1, padding: 2), maxNorm: 10,
      dropout: [0, 0], initial: .kaiming, backwardSteps: 250,
      rate: LearningRateSchedule(base: 0.05, decayAt: [50]), epochs: 70, lossScale: 400,
      augmentation: Augmentation(cropPadding: 4, horizontalFlip: false)),
  ]

  @Test(arguments: rows) func presetEqualsTheTable(row: Row) throws {
    let preset = try PresetLibrary(userDirectory: nil).find(row.name)
    let plan = preset.network
    #expect(plan.layers == row.layers.compactMap(LayerShape.init(dimensions:)))
    #expect(plan.feedback?.kind == row.feedback)
    #expect(plan.feedbackMaxNorm == row.maxNorm)
    let links = plan.allLinks.compactMap(plan.link)
    #expect(links.map(\.dropout) == row.dropout)
    for id in plan.allLinks {
      guard let link = plan.link(id) else { continue }
      // A pool has nothing to learn, and the table leaves the bias out of every feedback.
      if !link.kind.hasWeight { continue }
      #expect(link.hasBias == (id != .feedback))
    }
    #expect(
      preset.dynamics
        == Dynamics(
          forward: NeuronParameters(threshold: 1, reset: .minusThreshold, leak: 1),
          backward: NeuronParameters(threshold: 0.5, reset: .minusThreshold, leak: 1),
          forwardSteps: 30, backwardSteps: row.backwardSteps, lossScale: row.lossScale))
    #expect(
      preset.training
        == TrainingPlan(
          epochs: row.epochs, batch: 128, optimizer: .sgd(momentum: 0.9), learningRate: row.rate,
          weightDecay: 0.0005, initialWeights: row.initial))
    #expect(preset.data.augmentation == row.augmentation)
    #expect(preset.data.frames == (row.name == "cifar10-dvs-convnet-f" ? .authors : .counts))
  }

  @Test func kernelsAreThePaddedOddOnesOfTheTable() throws {
    func kernels(_ name: String) throws -> [[Int]] {
      let plan = try PresetLibrary(userDirectory: nil).find(name).network
      return ([plan.input] + plan.links).compactMap { link in
        guard let convolution = link.kind.base as? Convolution else { return nil }
        #expect(convolution.padding == (convolution.kernel - 1) / 2)
        return [convolution.kernel, convolution.stride]
      }
    }
    #expect(try kernels("mnist-lenet") == [[5, 1], [5, 1]])
    #expect(try kernels("mnist-convnet-f") == [[5, 2], [5, 2], [5, 1]])
    #expect(try kernels("cifar10-alexnet-f") == [[3, 2], [3, 1], [3, 2], [3, 1], [3, 1]])
    #expect(try kernels("cifar100-cifarnet-f") == [[3, 2], [3, 1], [3, 2], [3, 1], [3, 1]])
    #expect(try kernels("cifar10-dvs-convnet-f") == [[9, 2]])
  }

  /// The leak that the authors published for MNIST, with IDE.
  @Test func theLeakyVariantDiffersInTheLeakAlone() throws {
    let library = PresetLibrary(userDirectory: nil)
    let leaky = try library.find("mnist-convnet-f-lif")
    let plain = try library.find("mnist-convnet-f", overrides: ["neuron.leak=0.95"])
    #expect(leaky.dynamics == plain.dynamics && leaky.network == plain.network)
    #expect(leaky.training == plain.training && leaky.data == plain.data)
    #expect(leaky.summary.contains("0.95 is IDE's") && !leaky.text.contains("not known"))
  }
}
