import SpideEngine

extension NetworkPlan {
  /// Links between layers, in one network.
  static let mostLinks = 256
  /// Numbers in all weights and biases of one network: a gigabyte of them.
  static let mostParameters = 1 << 28

  /// Decodes the `network` section and checks every shape; an error stands at the link at fault.
  static func decode(
    _ node: YAMLNode, data: PresetData
  ) throws(ConfigurationError) -> (NetworkPlan, InitialWeights) {
    let fields = try Fields(node, keys: ["initial-weights", "input", "links", "feedback"])
    let initialWeights = try fields["initial-weights"]?.word(of: InitialWeights.self) ?? .kaiming
    let input = try PlacedConnection(
      decoding: try fields.required("input", "the link from the input to layer 0"))
    var links: [PlacedConnection] = []
    if let list = fields["links"] {
      for link in try list.list(0...mostLinks, of: "links") {
        links.append(try PlacedConnection(decoding: link))
      }
    }
    let feedback: PlacedConnection?
    if let node = fields["feedback"] {
      // An input link that does not fit is reported for itself.
      let shape = try? input.connection.kind.outputShape(of: data.shape)
      feedback = try PlacedConnection(decodingFeedback: node, units: shape?.count ?? 1)
    } else {
      feedback = nil
    }
    func position(of link: LinkID) -> Position {
      switch link {
      case .input: return input.position
      case .link(let index): return links[index].position
      case .feedback: return feedback?.position ?? node.position
      }
    }
    func error(_ link: LinkID, _ mismatch: ShapeMismatch) -> ConfigurationError {
      ConfigurationError(
        at: position(of: link), mismatch.problem + " in network.\(link.name)",
        expected: mismatch.expected)
    }
    let plan: NetworkPlan
    do throws(NetworkPlanError) {
      plan = try NetworkPlan(
        inputShape: data.shape, classes: data.classes, input: input.connection,
        links: links.map(\.connection), feedback: feedback?.connection,
        feedbackMaxNorm: feedback?.maxNorm)
    } catch let mismatch {
      throw error(mismatch.link, mismatch.mismatch)
    }
    if let link = plan.firstLinkTooLarge {
      throw error(
        link,
        ShapeMismatch(
          "too many weights", expected: "at most \(mostParameters) in the whole network"))
    }
    return (plan, initialWeights)
  }

  /// The link whose weights make the network more than memory holds, asked before anything allocates them;
  /// for the classifier, the link into the layer that it reads.
  private var firstLinkTooLarge: LinkID? {
    var total = 0
    for parameter in parameters {
      total += parameter.count
      if total > NetworkPlan.mostParameters {
        return allLinks.first { parameter.name.hasPrefix($0.name + ".") }
          ?? links.indices.last.map(LinkID.link) ?? .input
      }
    }
    return nil
  }
}

/// A connection with the place that errors about its shape name.
private struct PlacedConnection {
  let connection: Connection
  let maxNorm: Float?
  let position: Position

  init(decoding node: YAMLNode) throws(ConfigurationError) {
    let kinds = ["dense", "convolution", "transposed-convolution", "average-pool"]
    let chosen = try Fields(node, keys: kinds).choice(kinds)
    connection = try Connection(kind: chosen.key, decoding: chosen.value)
    position = chosen.position
    maxNorm = nil
  }

  /// The feedback has `max-norm` beside its kind; a pool has no weight to learn or to limit. A dense one has `units`
  /// unless it says otherwise: as many as layer 0.
  init(decodingFeedback node: YAMLNode, units: Int) throws(ConfigurationError) {
    let kinds = ["dense", "convolution", "transposed-convolution"]
    let fields = try Fields(node, keys: kinds + ["max-norm"])
    let chosen = try fields.choice(kinds)
    connection = try Connection(kind: chosen.key, decoding: chosen.value, units: units)
    position = chosen.position
    maxNorm = try fields["max-norm"]?.number(Bounds(above: 0, atMost: 1e6))
  }
}

extension Connection {
  /// Kernels, strides and paddings: large enough for any use, small enough that no size overflows.
  private static let largestWindow = 256

  /// - Parameter units: of a dense link that does not give them; nil where it must.
  fileprivate init(
    kind: String, decoding node: YAMLNode, units: Int? = nil
  ) throws(ConfigurationError) {
    let sizes = 1...ConnectionKind.largestSize
    let window = 1...Connection.largestWindow
    let padding = 0...Connection.largestWindow
    if kind == "average-pool" {
      self.init(.averagePool(size: try node.integer(window)))
      return
    }
    let windowKeys = ["channels", "kernel", "stride", "padding"]
    let own: [String]
    switch kind {
    case "dense": own = ["units"]
    case "convolution": own = windowKeys
    default: own = windowKeys + ["output-padding"]
    }
    let fields = try Fields(node, keys: own + ["bias", "dropout"])
    let map: ConnectionKind
    if kind == "dense" {
      let given = fields["units"]
      if given == nil, let units {
        map = .dense(units: units)
      } else {
        map = .dense(units: try fields.required("units", "a number of units").integer(sizes))
      }
    } else {
      let channels = try fields.required("channels", "a number of channels").integer(sizes)
      let kernel = try fields.required("kernel", "a width in pixels").integer(window)
      let stride = try fields.integer("stride", window, default: 1)
      let border = try fields.integer("padding", padding, default: 0)
      if kind == "convolution" {
        map = .convolution(channels: channels, kernel: kernel, stride: stride, padding: border)
      } else {
        map = .transposedConvolution(
          channels: channels, kernel: kernel, stride: stride, padding: border,
          outputPadding: try fields.integer("output-padding", padding, default: 0))
      }
    }
    self.init(
      map, hasBias: try fields.boolean("bias", default: true),
      dropout: try fields.number("dropout", Bounds(atLeast: 0, below: 1), default: 0))
  }
}
