import SpideEngine

/// One experiment: data, neurons, network, training. Every shape and number in it has been checked.
public struct Preset: Sendable {
  /// Equals the file name without `.yaml`.
  public let name: String
  /// One line for lists.
  public let summary: String
  /// What the network learns, and how it is prepared.
  public let data: PresetData
  /// Neurons of both stages, `T_F`, `T_B`, `s_c`.
  public private(set) var dynamics: Dynamics
  /// Whether `backward.leak` is given; else it follows `neuron.leak`.
  public let givesBackwardLeak: Bool
  /// Layers and links.
  public let network: NetworkPlan
  /// Optimizer, schedule, initial weights.
  public let training: TrainingPlan
  /// The YAML as read, before overrides; checkpoints keep it.
  public let text: String
  /// The `KEY=VALUE` overrides applied to it, in order.
  public let overrides: [String]
  /// Where the text came from, as errors name it.
  public let file: String
  /// The data sets that the text may name.
  let dataSets: [SampleForm]
}

/// The `data` section of a preset.
public struct PresetData: Hashable, Sendable {
  /// The data set; nil for `none`, a preset for traces only.
  public let source: SampleForm?
  /// Shape of one input frame.
  public let shape: LayerShape
  /// Classes to tell apart.
  public let classes: Int
  /// How pixel values are centred; nil to leave them in `0 … 1`.
  public let normalization: Normalization?
  /// How training samples are varied; nil for not at all.
  public let augmentation: Augmentation?
  /// What becomes of events; `.counts` also where there are none.
  public let frames: EventFrames

  /// Data as given; nothing is checked.
  public init(
    source: SampleForm?, shape: LayerShape, classes: Int, normalization: Normalization? = nil,
    augmentation: Augmentation? = nil, frames: EventFrames = .counts
  ) {
    self.source = source
    self.shape = shape
    self.classes = classes
    self.normalization = normalization
    self.augmentation = augmentation
    self.frames = frames
  }
}

extension Preset {
  /// Frames of a sample of its data: 1 where samples do not vary in time.
  public var frames: Int { data.source?.variesInTime == true ? dynamics.forwardSteps : 1 }

  /// Decodes YAML strictly.
  ///
  /// - Parameters:
  ///   - text: The YAML.
  ///   - file: What errors call the text.
  ///   - overrides: `KEY=VALUE` arguments such as `steps.backward=50`, applied in order before decoding.
  ///   - expectedName: What `name` must be, where the text comes from a file of that name.
  ///   - dataSets: The data sets that it may name.
  /// - Throws: the first thing wrong. One that only the overrides cause is blamed on the override.
  public init(
    text: String, file: String, overrides: [String] = [], expectedName: String? = nil,
    dataSets: [SampleForm]
  ) throws(ConfigurationError) {
    func decode(_ overrides: [String]) throws(ConfigurationError) -> Preset {
      guard var root = try YAMLReader(file: file).read(text) else {
        throw ConfigurationError(
          file: file, line: 1, column: 1, problem: "the file is empty", expected: "a preset")
      }
      for override in overrides { try Override(override).apply(to: &root) }
      return try Preset(
        decoding: root, text: text, file: file, overrides: overrides, expectedName: expectedName,
        dataSets: dataSets)
    }
    do {
      self = try decode(overrides)
    } catch {
      let isFine = (try? decode([])) != nil
      guard error.file == file, isFine, let last = overrides.last else { throw error }
      let blamed = overrides.first { (try? decode([$0])) == nil } ?? last
      throw ConfigurationError(
        at: Override.position(of: blamed, column: 1),
        "\(error.problem) (at \(file):\(error.line):\(error.column))", expected: error.expected)
    }
  }

  /// The preset of the same text with other overrides.
  ///
  /// - Throws: the first thing wrong, blamed on an override where that causes it.
  public func with(overrides: [String]) throws(ConfigurationError) -> Preset {
    try Preset(text: text, file: file, overrides: overrides, dataSets: dataSets)
  }

  /// The same with other constants, which neither its text nor its overrides tell.
  ///
  /// - Parameter dynamics: The constants of both stages.
  public func with(dynamics: Dynamics) -> Preset {
    var changed = self
    changed.dynamics = dynamics
    return changed
  }

  private init(
    decoding root: YAMLNode, text: String, file: String, overrides: [String],
    expectedName: String?, dataSets: [SampleForm]
  ) throws(ConfigurationError) {
    let fields = try Fields(
      root,
      keys: ["name", "summary", "data", "neuron", "backward", "steps", "network", "training"])
    let nameNode = try fields.required("name", "the file's name without .yaml")
    name = try nameNode.name()
    if let expectedName, name != expectedName {
      throw nameNode.mismatch(expected: "\(quoted(expectedName)), as the file is called")
    }
    summary = try fields.required("summary", "one line of text").text(maximum: 200)
    data = try PresetData(
      decoding: try fields.required("data", "a mapping with the key source"), dataSets: dataSets)

    let stepsNode = try fields.required("steps", "{ forward: 30, backward: 100 } or the like")
    let networkNode = try fields.required("network", "a mapping with input, links and feedback")
    let training = try fields.required("training", "a mapping with epochs, batch, learning-rate")
    dynamics = try Dynamics(
      forward: fields["neuron"], backward: fields["backward"], steps: stepsNode,
      training: training)
    givesBackwardLeak = fields["backward"]?.has("leak") == true
    let (plan, initialWeights) = try NetworkPlan.decode(networkNode, data: data)
    network = plan
    self.training = try TrainingPlan(decoding: training, initialWeights: initialWeights)
    self.text = text
    self.overrides = overrides
    self.file = file
    self.dataSets = dataSets
  }
}
