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
    let input = try PositionedLink(
      decoding: try fields.required("input", "the link from the input to layer 0"))
    var links: [PositionedLink] = []
    if let list = fields["links"] {
      for link in try list.list(0...mostLinks, of: "links") {
        links.append(try PositionedLink(decoding: link))
      }
    }
    let feedback: PositionedLink?
    if let node = fields["feedback"] {
      // An input link that does not fit is reported for itself.
      let shape = try? input.link.kind.outputShape(of: data.shape)
      feedback = try PositionedLink(decodingFeedback: node, units: shape?.count ?? 1)
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
        inputShape: data.shape, classes: data.classes, input: input.link,
        links: links.map(\.link), feedback: feedback?.link,
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

/// A link with the place that errors about its shape name.
private struct PositionedLink {
  let link: Link
  let maxNorm: Float?
  let position: Position

  init(decoding node: YAMLNode) throws(ConfigurationError) {
    let chosen = try Fields(node, keys: AnyLinkKind.all.map { $0.name }).choice(of: AnyLinkKind.all)
    link = try Link(chosen.kind, decoding: chosen.value)
    position = chosen.position
    maxNorm = nil
  }

  /// The feedback has `max-norm` beside its kind, and needs a weight to learn and to limit. `units` are those of layer 0:
  /// what counts them need not be given.
  init(decodingFeedback node: YAMLNode, units: Int) throws(ConfigurationError) {
    let kinds = AnyLinkKind.all.filter { $0.hasWeight }
    let fields = try Fields(node, keys: kinds.map { $0.name } + ["max-norm"])
    let chosen = try fields.choice(of: kinds)
    link = try Link(chosen.kind, decoding: chosen.value, units: units)
    position = chosen.position
    maxNorm = try fields["max-norm"]?.number(Bounds(above: 0, atMost: 1e6))
  }
}

extension Fields {
  /// The one kind of link that a mapping must name, beside whatever else it has.
  fileprivate func choice(
    of kinds: [any LinkKind.Type]
  ) throws(ConfigurationError) -> (kind: any LinkKind.Type, value: YAMLNode, position: Position) {
    let chosen = try choice(kinds.map { $0.name })
    guard let kind = kinds.first(where: { $0.name == chosen.key }) else {
      preconditionFailure("\(chosen.key) is none of the choices")
    }
    return (kind, chosen.value, chosen.position)
  }
}

extension Link {
  /// - Parameter units: those of the layer that a feedback goes to; nil for any other link.
  fileprivate init(
    _ kind: any LinkKind.Type, decoding node: YAMLNode, units: Int? = nil
  ) throws(ConfigurationError) {
    if let size = kind.ownSize {
      self.init(AnyLinkKind(kind.init(sizes: [try node.integer(size.range)])))
      return
    }
    let fields = try Fields(node, keys: kind.sizes.map(\.name) + ["bias", "dropout"])
    var sizes: [Int] = []
    for size in kind.sizes {
      if fields[size.name] == nil, let value = size.countsTarget ? units : size.fallback {
        sizes.append(value)
      } else {
        sizes.append(try fields.required(size.name, size.meaning).integer(size.range))
      }
    }
    self.init(
      AnyLinkKind(kind.init(sizes: sizes)), hasBias: try fields.boolean("bias", default: true),
      dropout: try fields.number("dropout", Bounds(atLeast: 0, below: 1), default: 0))
  }
}
