/// A network whose shapes have been checked: layers `0 … N-1`, the link into each, and the feedback link.
///
/// Layer 0 gets the input link and, where there is one, the feedback of the last layer (TheMethod.md, "Symbols").
public struct NetworkPlan: Hashable, Sendable {
  /// Shape of one input frame.
  public let inputShape: LayerShape
  /// Shapes of layers `0 … N-1`.
  public let layers: [LayerShape]
  /// Carries the input to layer 0.
  public let input: Link
  /// `links[i]` carries layer `i` to layer `i + 1`.
  public let links: [Link]
  /// Carries the last layer back to layer 0.
  public let feedback: Link?
  /// Largest Frobenius norm with which the feedback weight is used; nil for no limit.
  public let feedbackMaxNorm: Float?
  /// Classes that the classifier tells apart.
  public let classes: Int

  /// Checks every shape, size and dropout in reading order.
  ///
  /// - Precondition: there is at least one class.
  /// - Throws: the first ``NetworkPlanError``, with the link at fault.
  public init(
    inputShape: LayerShape, classes: Int, input: Link, links: [Link],
    feedback: Link? = nil, feedbackMaxNorm: Float? = nil
  ) throws(NetworkPlanError) {
    precondition(classes >= 1, "\(classes) classes")
    var shapes: [LayerShape] = []
    var sizes: [BlockSizes] = []
    func next(_ link: Link, _ shape: LayerShape, _ id: LinkID)
      throws(NetworkPlanError) -> LayerShape
    {
      do throws(ShapeMismatch) {
        guard (0..<1).contains(link.dropout) else {
          throw ShapeMismatch("dropout is \(link.dropout)", expected: "0 or more, below 1")
        }
        let output = try link.kind.outputShape(of: shape)
        let weights = link.kind.base.weightCount(source: shape)
        guard weights <= Double(NetworkPlan.largestLink) else {
          throw ShapeMismatch(
            "the link has more than \(NetworkPlan.largestLink) weights",
            expected: "fewer units, channels or taps")
        }
        try NetworkPlan.checkColumn(
          link.kind.base.form(source: shape, target: output), between: [shape, output])
        try NetworkPlan.checkNeurons(shapes + [output])
        sizes.append(
          BlockSizes(link, source: shape, target: output, isInput: id == .input))
        try NetworkPlan.check(sizes)
        return output
      } catch {
        throw NetworkPlanError(link: id, mismatch: error)
      }
    }
    let inputFits =
      inputShape.dimensions.allSatisfy { (1...AnyLinkKind.largestSize).contains($0) }
      && inputShape.count <= NetworkPlan.largestNetwork
    guard inputFits else {
      throw NetworkPlanError(
        link: .input,
        mismatch: ShapeMismatch(
          "the input is \(inputShape.dimensions)",
          expected: "1 to \(AnyLinkKind.largestSize) each way, "
            + "\(NetworkPlan.largestNetwork) numbers at most"))
    }
    shapes.append(try next(input, inputShape, .input))
    for (index, link) in links.enumerated() {
      shapes.append(try next(link, shapes[index], .link(index)))
    }
    if let feedback {
      guard feedback.kind.hasWeight else {
        let names = AnyLinkKind.all.filter { $0.hasWeight }.map { $0.name }
        throw NetworkPlanError(
          link: .feedback,
          mismatch: ShapeMismatch(
            "the feedback is \(feedback.kind.label), which has nothing to learn",
            expected: names.dropLast().joined(separator: ", ") + " or \(names[names.count - 1])"))
      }
      let last = shapes[shapes.count - 1]
      let back = try next(feedback, last, .feedback)
      // A dense feedback takes the shape of layer 0, whatever that is.
      let isDense = feedback.kind.base.form(source: last, target: back).isDense
      guard isDense ? back.count == shapes[0].count : back == shapes[0] else {
        throw NetworkPlanError(
          link: .feedback,
          mismatch: ShapeMismatch(
            "the feedback gives \(back.dimensions), but layer 0 is \(shapes[0].dimensions)",
            expected: isDense
              ? "\(shapes[0].count) units, or none given" : "the shape of layer 0"))
      }
      if let feedbackMaxNorm, !(feedbackMaxNorm > 0) {
        throw NetworkPlanError(
          link: .feedback,
          mismatch: ShapeMismatch("max-norm is \(feedbackMaxNorm)", expected: "above 0"))
      }
    }
    do throws(ShapeMismatch) {
      sizes.append(BlockSizes(classifierOf: shapes[shapes.count - 1], classes: classes))
      try NetworkPlan.check(sizes)
    } catch {
      throw NetworkPlanError(
        link: links.indices.last.map(LinkID.link) ?? .input, mismatch: error)
    }
    self.inputShape = inputShape
    self.classes = classes
    self.input = input
    self.links = links
    self.feedback = feedback
    self.feedbackMaxNorm = feedbackMaxNorm
    layers = shapes
  }

  /// The link behind an identifier; nil where the network has none.
  public func link(_ id: LinkID) -> Link? {
    switch id {
    case .input: return input
    case .link(let index): return links.indices.contains(index) ? links[index] : nil
    case .feedback: return feedback
    }
  }

  /// Shape that a link reads.
  public func source(of link: LinkID) -> LayerShape {
    switch link {
    case .input: return inputShape
    case .link(let index): return layers[index]
    case .feedback: return layers[layers.count - 1]
    }
  }

  /// Shape that a link writes.
  public func target(of link: LinkID) -> LayerShape {
    switch link {
    case .input, .feedback: return layers[0]
    case .link(let index): return layers[index + 1]
    }
  }

  /// How kernels go over a link; nil where the network has none such.
  func form(of link: LinkID) -> LinkForm? {
    self.link(link)?.kind.base.form(source: source(of: link), target: target(of: link))
  }

  /// Whether a link joins every unit to every unit, whatever their positions.
  package func isDense(_ link: LinkID) -> Bool { form(of: link)?.isDense ?? false }

  /// Every link in order: input, links, feedback.
  public var allLinks: [LinkID] {
    [.input] + links.indices.map(LinkID.link) + (feedback == nil ? [] : [.feedback])
  }

  /// Neurons in all layers.
  public var neuronCount: Int { layers.reduce(0) { $0 + $1.count } }

  /// No network may have more neurons than this.
  public static let largestNetwork = 1 << 26
  /// No column of windows of a link may see more units than this, either way: kernels number their spikes over many steps
  /// in 32 bits.
  public static let largestColumn = 1 << 26
  /// No link may have more weights than this, nor join more pairs of positions.
  public static let largestLink = 1 << 28
  /// All weights, with what pads them in the kernels' layout, may be so many times as many.
  private static let largestPadding = 4

  /// Refuses a window that sees too much at once: as many columns of a layer as it is wide.
  private static func checkColumn(
    _ form: LinkForm, between sides: [LayerShape]
  ) throws(ShapeMismatch) {
    guard case .window(let window, _) = form else { return }
    let kernel = Int(window.kernel)
    for side in sides where kernel * side.height * side.channels > largestColumn {
      throw ShapeMismatch(
        "kernel \(kernel) over \(side.height) rows of \(side.channels) channels",
        expected: "a product of at most \(largestColumn)")
    }
  }

  private static func checkNeurons(_ layers: [LayerShape]) throws(ShapeMismatch) {
    let total = layers.reduce(0) { $0 + $1.count }
    let padded = layers.reduce(0) { $0 + PaddedLayout($1).units }
    guard padded <= largestNetwork else {
      let rounded = total <= largestNetwork ? ", \(padded) with channels in eights" : ""
      throw ShapeMismatch(
        "the network has \(total) neurons" + rounded, expected: "at most \(largestNetwork)")
    }
  }

  /// Kernels count in 32 bits: the last of some links must not be too large, nor all of them together.
  private static func check(_ links: [BlockSizes]) throws(ShapeMismatch) {
    let pairs = links.last?.pairs.wide ?? 0
    guard pairs <= largestLink else {
      throw ShapeMismatch(
        "the link joins \(pairs) pairs of positions",
        expected: "at most \(largestLink): a smaller kernel, or fewer positions")
    }
    let numbers = links.reduce(0) { $0 + $1.numbers }
    guard numbers <= largestPadding * largestLink else {
      throw ShapeMismatch(
        "the network has \(numbers) weights, with channels in eights",
        expected: "at most \(largestPadding * largestLink)")
    }
  }
}

/// Names a link of a network.
public enum LinkID: Hashable, Sendable {
  case input
  /// From layer `i` to layer `i + 1`.
  case link(Int)
  case feedback

  /// The prefix of the link's parameters in weight files: `input`, `links.0`, `feedback`.
  public var name: String {
    switch self {
    case .input: return "input"
    case .link(let index): return "links.\(index)"
    case .feedback: return "feedback"
    }
  }
}

/// A network whose shapes do not fit together.
public struct NetworkPlanError: Error, Equatable {
  /// The link at fault.
  public let link: LinkID
  /// What is wrong with it.
  public let mismatch: ShapeMismatch

  /// A mismatch at a link.
  public init(link: LinkID, mismatch: ShapeMismatch) {
    self.link = link
    self.mismatch = mismatch
  }
}
