import SpideEngine

extension PresetData {
  init(decoding node: YAMLNode, dataSets: [SampleForm]) throws(ConfigurationError) {
    let words = dataSets.map(\.name) + ["none"]
    let fields = try Fields(
      node, keys: ["source", "normalize", "augment", "frames", "shape", "classes"])
    let sourceNode = try fields.required("source", alternatives(words))
    let name = try sourceNode.text(maximum: 64)
    guard let form = dataSets.first(where: { $0.name == name }) else {
      try self.init(decodingShapeOnly: fields, source: sourceNode, words: words)
      return
    }
    for key in ["shape", "classes"] where fields[key] != nil {
      throw ConfigurationError(
        at: fields.position(of: key), "\(node.path).\(key) beside source \(form.name)",
        expected: "no \(key): the data set has its own")
    }
    if fields["frames"] != nil, !form.variesInTime {
      throw ConfigurationError(
        at: fields.position(of: "frames"), "\(node.path).frames beside source \(form.name)",
        expected: "no frames: its samples are not events")
    }
    let frames = try fields["frames"]?.word(of: EventFrames.self) ?? .counts
    let channels = form.shape.channels
    self.init(
      source: form, shape: form.shape, classes: form.classes,
      normalization: try fields["normalize"].map { node throws(ConfigurationError) in
        try Normalization(decoding: node, channels: channels)
      },
      augmentation: try fields["augment"].map { node throws(ConfigurationError) in
        try Augmentation(decoding: node)
      }, frames: frames)
  }

  /// `source: none`, which gives the shape and the classes itself.
  private init(
    decodingShapeOnly fields: Fields, source: YAMLNode, words: [String]
  ) throws(ConfigurationError) {
    guard case .scalar("none", _) = source.content else {
      let text = try source.text(maximum: 64)
      throw source.mismatch(
        expected: alternatives(words) + Spelling.hint(for: text, in: words))
    }
    for key in ["normalize", "augment", "frames"] where fields[key] != nil {
      throw ConfigurationError(
        at: fields.position(of: key), "\(fields.node.path).\(key) beside source none",
        expected: "no \(key): traces take their input as it is")
    }
    let shapeNode = try fields.required("shape", "[C, H, W] or [n], as the source is none")
    var dimensions: [Int] = []
    for dimension in try shapeNode.list(1...3, of: "dimensions") {
      dimensions.append(try dimension.integer(1...AnyLinkKind.largestSize))
    }
    guard let shape = LayerShape(dimensions: dimensions) else {
      throw shapeNode.error("has \(dimensions.count) dimensions", expected: "[C, H, W] or [n]")
    }
    guard shape.count <= NetworkPlan.largestNetwork else {
      throw shapeNode.error(
        "has \(shape.count) values", expected: "at most \(NetworkPlan.largestNetwork)")
    }
    self.source = nil
    self.shape = shape
    classes = try fields.required("classes", "a number of classes, as the source is none")
      .integer(2...AnyLinkKind.largestSize)
    normalization = nil
    augmentation = nil
    frames = .counts
  }
}

extension Normalization {
  init(decoding node: YAMLNode, channels: Int) throws(ConfigurationError) {
    let fields = try Fields(node, keys: ["mean", "std"])
    func numbers(_ key: String, _ bounds: Bounds) throws(ConfigurationError) -> [Float] {
      let list = try fields.required(key, "a list with one number per channel")
      var values: [Float] = []
      let what = channels == 1 ? "number, for the one channel" : "numbers, one per channel"
      for value in try list.list(channels...channels, of: what) {
        values.append(try value.number(bounds))
      }
      return values
    }
    self.init(
      mean: try numbers("mean", Bounds(atLeast: -1000, atMost: 1000)),
      std: try numbers("std", Bounds(above: 0, atMost: 1000)))
  }
}

extension Augmentation {
  init(decoding node: YAMLNode) throws(ConfigurationError) {
    let fields = try Fields(node, keys: ["crop-padding", "horizontal-flip"])
    self.init(
      cropPadding: try fields.integer("crop-padding", 0...64, default: 0),
      horizontalFlip: try fields.boolean("horizontal-flip", default: false))
  }
}
