import SpideEngine
import Testing

/// A random network with constants, one sample and its dropout masks.
struct NetworkCase: CustomTestStringConvertible {
  enum Form: CaseIterable {
    /// Small dense links only.
    case dense
    /// Small feature maps, pools and transposed convolutions, with a dense link at the end or not.
    case maps
    /// Small feature maps whose feedback fits back into layer 0.
    case mapsWithFeedback
    /// Feature maps with a dense feedback to those of layer 0.
    case mapsWithDenseFeedback
    /// Weights, constants and `g` in steps of 1/64, no leak: exact in single precision, with potentials that lie on thresholds.
    case ties
    /// Whatever a preset can say, up to some size: strides that skip places, paddings beyond the kernel, more channels than
    /// a panel has, stages longer than a tally, thresholds next to nothing.
    case any

    static var small: [Form] { [.dense, .maps, .mapsWithFeedback, .mapsWithDenseFeedback, .ties] }
  }

  let plan: NetworkPlan
  let parameters: Parameters
  let dynamics: Dynamics
  let input: InputSignal
  let label: Int
  /// Drawn where the network drops out.
  let masks: DropoutMasks?
  /// Bytes of weights that count as cached: fewer than a processor has, so that small links lie as large ones do.
  let cached: Int

  var network: PackedNetwork {
    PackedNetwork(
      plan: plan, parameters: parameters, dynamics: dynamics, usesDropout: masks != nil,
      cached: cached)
  }
  /// The same without dropout, as it is shown and tested.
  var inference: PackedNetwork {
    PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
  }
  var twin: DenseStages {
    DenseStages(plan: plan, parameters: parameters, dynamics: dynamics, masks: masks)
  }
  /// Frames of a sample.
  var frames: Int {
    if case .varying(let frames) = input { return frames.count }
    return 1
  }
  var testDescription: String {
    let links = plan.allLinks.compactMap { link in
      plan.link(link).map { "\(link.name) \($0.kind)" }
    }
    return "\(plan.inputShape) → "
      + plan.layers.map(\.description).joined(separator: " → ")
      + " (\(links.joined(separator: ", "))), \(dynamics)"
  }

  init(_ form: Form, seed: UInt64) {
    var draw = Draw(seed)
    let exact = form == .ties
    let plan = NetworkCase.plan(form, &draw)
    var parameters = Parameters(initial: draw.one(of: [.kaiming, .unit]), plan: plan, seed: seed)
    let gain = draw.one(of: form == .any ? [0.7, 1, 2, 4] : [0.7, 1, 2] as [Float])
    for (index, specification) in parameters.specifications.enumerated() {
      if specification.name.hasSuffix(".bias") {
        parameters.values[index] = draw.normal(specification.count, deviation: 0.4)
      }
      parameters.values[index] = parameters.values[index].map {
        exact ? NetworkCase.rounded(gain * $0) : gain * $0
      }
    }
    let dynamics = NetworkCase.dynamics(form, plan, &draw)
    func frame() -> [Float] {
      draw.normal(plan.inputShape.count).map { exact ? NetworkCase.rounded($0) : $0 }
    }
    let varies = draw.chance(0.3)
    input =
      varies ? .varying((0..<dynamics.forwardSteps).map { _ in frame() }) : .constant(frame())
    label = draw.integer(0...plan.classes - 1)
    cached =
      form == .any ? draw.one(of: [BlockPlan.l2Cache, 20_000, 0]) : BlockPlan.l2Cache
    self.plan = plan
    self.parameters = parameters
    self.dynamics = dynamics
    let training = PackedNetwork(
      plan: plan, parameters: parameters, dynamics: dynamics, usesDropout: true)
    masks = training.usesDropout ? DropoutMasks(network: training, seed: seed) : nil
  }

  static func rounded(_ value: Float) -> Float { (value * 64).rounded() / 64 }

  // MARK: Constants

  private static func dynamics(
    _ form: Form, _ plan: NetworkPlan, _ draw: inout Draw
  ) -> Dynamics {
    let (exact, any) = (form == .ties, form == .any)
    func neuron(_ thresholds: [Float], leak: Float) -> NeuronParameters {
      let threshold = draw.one(of: thresholds)
      return NeuronParameters(
        threshold: threshold,
        reset: exact
          ? .minusThreshold
          : draw.one(of: [
            .minusThreshold, .zero, .potential(-threshold / 2), .potential(threshold / 4),
          ]), leak: leak)
    }
    func leak() -> Float {
      exact ? 1 : draw.one(of: any ? [1, 1, 1, 0.99, 0.95, 0.8, 0.5] : [1, 1, 0.95, 0.8])
    }
    let leaks = (forward: leak(), backward: leak())
    let sharesLeak = draw.chance(0.5)
    let forward = neuron(
      exact ? [1] : any ? [0.02, 0.6, 1, 1.5] : [0.6, 1, 1.5], leak: leaks.forward)
    let backward = neuron(
      exact ? [0.5] : any ? [0.001, 0.05, 0.2, 0.5] : [0.05, 0.2, 0.5],
      leak: sharesLeak ? leaks.forward : leaks.backward)
    // As long as the dense program takes some hundredths of a second.
    let affordable = 4_000_000 / plan.allLinks.reduce(1) { $0 + plan.products($1) }
    let isLong = any && draw.chance(0.25)
    return Dynamics(
      forward: forward, backward: backward,
      forwardSteps: min(draw.integer(1...(isLong ? 150 : 20)), max(8, affordable)),
      backwardSteps: min(draw.integer(1...(isLong ? 300 : 40)), max(12, affordable)),
      lossScale: draw.one(of: any ? [1, 10, 40, 400] : [10, 40]))
  }

  // MARK: Shapes

  /// Ranges that the numbers of a network are drawn from.
  private struct Sizes {
    var sides, inputChannels, inputUnits, units, kernels, strides, pools, links: ClosedRange<Int>
    var channels: [ClosedRange<Int>]
    /// How far paddings may go beyond the kernel.
    var beyond: Int
    var neurons: Int
    /// Products of a step of all links.
    var products: Int

    static let small = Sizes(
      sides: 2...7, inputChannels: 1...3, inputUnits: 1...12, units: 1...20, kernels: 1...3,
      strides: 1...2, pools: 2...2, links: 0...3, channels: [1...5], beyond: 0, neurons: 150,
      products: .max)
    static let any = Sizes(
      sides: 1...9, inputChannels: 1...9, inputUnits: 1...100, units: 1...150, kernels: 1...7,
      strides: 1...5, pools: 1...4, links: 0...4,
      channels: [1...9, 1...9, 10...33, 34...65, 65...65],
      beyond: 9, neurons: 4000, products: 300_000)
  }

  /// Draws until the plan takes what was drawn: what is legal is its business.
  private static func plan(_ form: Form, _ draw: inout Draw) -> NetworkPlan {
    let sizes = form == .any ? Sizes.any : .small
    while true {
      let flat =
        form == .dense || (form == .ties && draw.chance(0.5)) || (form == .any && draw.chance(0.2))
      let inputShape =
        flat && draw.chance(0.5)
        ? LayerShape(units: draw.integer(sizes.inputUnits))
        : LayerShape(
          channels: draw.integer(sizes.inputChannels), height: draw.integer(sizes.sides),
          width: draw.integer(sizes.sides))
      func link(dense: Bool) -> Link {
        Link(
          dense ? .dense(units: draw.integer(sizes.units)) : maps(sizes, &draw),
          hasBias: draw.chance(0.7), dropout: draw.one(of: [0, 0, 0, 0.5]))
      }
      let input = link(dense: flat)
      var links: [Link] = []
      for _ in 0..<draw.integer(sizes.links) {
        let mayFlatten = form == .maps || form == .mapsWithDenseFeedback || form == .any
        links.append(link(dense: flat || (mayFlatten && draw.chance(0.3))))
      }
      let classes = draw.integer(2...(form == .any ? 12 : 4))
      guard
        let open = try? NetworkPlan(
          inputShape: inputShape, classes: classes, input: input, links: links)
      else { continue }
      var back: Link?
      let needsFeedback = form == .mapsWithFeedback || form == .mapsWithDenseFeedback
      if needsFeedback || (form != .maps && draw.chance(0.7)) {
        let kind: AnyLinkKind? =
          form == .mapsWithDenseFeedback
          ? .dense(units: open.layers[0].count)
          : feedback(of: open, sizes, dense: form == .any, &draw)
        back = kind.map {
          Link($0, hasBias: draw.chance(0.5), dropout: draw.one(of: [0, 0, 0, 0.5]))
        }
        if back == nil, form == .mapsWithFeedback { continue }
      }
      let limit = form == .ties ? nil : draw.one(of: [nil, 0.5, 2] as [Float?])
      let plan = try? NetworkPlan(
        inputShape: inputShape, classes: classes, input: input, links: links, feedback: back,
        feedbackMaxNorm: back == nil ? nil : limit)
      guard let plan, plan.neuronCount <= sizes.neurons else { continue }
      if plan.allLinks.reduce(0, { $0 + plan.products($1) }) <= sizes.products { return plan }
    }
  }

  /// A link between feature maps, of any kind.
  private static func maps(_ sizes: Sizes, _ draw: inout Draw) -> AnyLinkKind {
    let kernel = draw.integer(sizes.kernels)
    let stride = draw.integer(sizes.strides)
    let padding =
      draw.chance(0.5)
      ? draw.integer(0...kernel / 2) : draw.integer(0...max(2, kernel - 1 + sizes.beyond))
    let channels = draw.integer(draw.one(of: sizes.channels))
    return draw.one(of: [
      .convolution(channels: channels, kernel: kernel, stride: stride, padding: padding),
      .transposedConvolution(
        channels: channels, kernel: kernel, stride: stride, padding: padding,
        outputPadding: draw.integer(0...stride - 1)),
      .averagePool(size: draw.integer(sizes.pools)),
    ])
  }

  /// One of the links that carry a network's last layer back to its first; nil where there is none. Onto feature maps only
  /// `dense` ones too.
  private static func feedback(
    of plan: NetworkPlan, _ sizes: Sizes, dense: Bool, _ draw: inout Draw
  ) -> AnyLinkKind? {
    let (first, last) = (plan.layers[0], plan.layers[plan.layers.count - 1])
    if first.isFlat { return .dense(units: first.count) }
    var kinds: [AnyLinkKind] = []
    for kernel in sizes.kernels {
      for stride in sizes.strides {
        for padding in 0...kernel + sizes.beyond {
          kinds.append(
            .convolution(
              channels: first.channels, kernel: kernel, stride: stride, padding: padding))
          for extra in 0..<stride {
            kinds.append(
              .transposedConvolution(
                channels: first.channels, kernel: kernel, stride: stride, padding: padding,
                outputPadding: extra))
          }
        }
      }
    }
    var fitting = kinds.filter { (try? $0.outputShape(of: last)) == first }
    // One kind among dozens would hardly be drawn.
    if dense, fitting.isEmpty || draw.chance(0.3) { fitting = [.dense(units: first.count)] }
    return fitting.isEmpty ? nil : draw.one(of: fitting)
  }
}
