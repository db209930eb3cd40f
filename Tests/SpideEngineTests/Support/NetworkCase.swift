import SpideEngine
import Testing

/// A small random network with constants, one sample and its dropout masks.
struct NetworkCase: CustomTestStringConvertible {
  enum Form: CaseIterable {
    /// Dense links only.
    case dense
    /// Feature maps, pools and transposed convolutions, with a dense link at the end or not.
    case maps
    /// Feature maps whose feedback fits back into layer 0.
    case mapsWithFeedback
    /// Feature maps with a dense feedback to those of layer 0.
    case mapsWithDenseFeedback
    /// Weights, constants and `g` in steps of 1/64, no leak: exact in single precision, with potentials that lie on thresholds.
    case ties
  }

  let plan: NetworkPlan
  let parameters: Parameters
  let dynamics: Dynamics
  let input: InputSignal
  let label: Int
  /// Drawn where the network drops out.
  let masks: DropoutMasks?

  var network: PackedNetwork {
    PackedNetwork(
      plan: plan, parameters: parameters, dynamics: dynamics, usesDropout: masks != nil)
  }
  /// The same without dropout, as it is shown and tested.
  var inference: PackedNetwork {
    PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
  }
  var twin: DenseStages {
    DenseStages(plan: plan, parameters: parameters, dynamics: dynamics, masks: masks)
  }
  var testDescription: String {
    plan.layers.map(\.description).joined(separator: " → ")
      + (plan.feedback.map { " ↺ \($0.kind.label)" } ?? "")
  }

  init(_ form: Form, seed: UInt64) {
    var draw = Draw(seed)
    let exact = form == .ties
    let plan = NetworkCase.plan(form, &draw)
    var parameters = Parameters(initial: draw.one(of: [.kaiming, .unit]), plan: plan, seed: seed)
    let gain = draw.one(of: [0.7, 1, 2] as [Float])
    for (index, specification) in parameters.specifications.enumerated() {
      if specification.name.hasSuffix(".bias") {
        parameters.values[index] = draw.normal(specification.count, deviation: 0.4)
      }
      parameters.values[index] = parameters.values[index].map {
        exact ? NetworkCase.rounded(gain * $0) : gain * $0
      }
    }
    func reset(_ threshold: Float) -> ResetMode {
      draw.one(of: [.minusThreshold, .zero, .potential(-threshold / 2), .potential(threshold / 4)])
    }
    let threshold = draw.one(of: exact ? [1] : [0.6, 1, 1.5] as [Float])
    let leaks = (1...2).map { _ in exact ? 1 : draw.one(of: [1, 1, 0.95, 0.8] as [Float]) }
    let backwardThreshold = draw.one(of: exact ? [0.5] : [0.05, 0.2, 0.5] as [Float])
    let dynamics = Dynamics(
      forward: NeuronParameters(
        threshold: threshold, reset: exact ? .minusThreshold : reset(threshold),
        leak: leaks[0]),
      backward: NeuronParameters(
        threshold: backwardThreshold, reset: exact ? .minusThreshold : reset(backwardThreshold),
        leak: draw.chance(0.5) ? leaks[0] : leaks[1]),
      forwardSteps: draw.integer(1...20), backwardSteps: draw.integer(1...40),
      lossScale: draw.one(of: [10, 40]))
    func frame() -> [Float] {
      draw.normal(plan.inputShape.count).map { exact ? NetworkCase.rounded($0) : $0 }
    }
    let varies = draw.chance(0.3)
    input =
      varies ? .varying((0..<dynamics.forwardSteps).map { _ in frame() }) : .constant(frame())
    label = draw.integer(0...plan.classes - 1)
    self.plan = plan
    self.parameters = parameters
    self.dynamics = dynamics
    let training = PackedNetwork(
      plan: plan, parameters: parameters, dynamics: dynamics, usesDropout: true)
    masks = training.usesDropout ? DropoutMasks(network: training, seed: seed) : nil
  }

  static func rounded(_ value: Float) -> Float { (value * 64).rounded() / 64 }

  // MARK: Shapes

  private static func plan(_ form: Form, _ draw: inout Draw) -> NetworkPlan {
    while true {
      let flat = form == .dense || (form == .ties && draw.chance(0.5))
      let inputShape =
        flat && draw.chance(0.5)
        ? LayerShape(units: draw.integer(1...12))
        : LayerShape(
          channels: draw.integer(1...3), height: draw.integer(2...7), width: draw.integer(2...7))
      func connection(dense: Bool, _ draw: inout Draw) -> Connection {
        let kernel = draw.integer(1...3)
        let stride = draw.integer(1...2)
        let padding = draw.integer(0...2)
        let channels = draw.integer(1...5)
        let kind: ConnectionKind =
          dense
          ? .dense(units: draw.integer(1...20))
          : draw.one(of: [
            .convolution(channels: channels, kernel: kernel, stride: stride, padding: padding),
            .transposedConvolution(
              channels: channels, kernel: kernel, stride: stride, padding: padding,
              outputPadding: draw.integer(0...stride - 1)),
            .averagePool(size: 2),
          ])
        return Connection(
          kind, hasBias: draw.chance(0.7), dropout: draw.one(of: [0, 0, 0, 0.5]))
      }
      let input = connection(dense: flat, &draw)
      var links: [Connection] = []
      for _ in 0..<draw.integer(0...3) {
        let endsFlat = form == .maps || form == .mapsWithDenseFeedback
        let dense = flat || (endsFlat && draw.chance(0.3))
        links.append(connection(dense: dense, &draw))
      }
      let wantsFeedback = form == .mapsWithFeedback || (flat && draw.chance(0.7))
      var feedback: Connection?
      if wantsFeedback {
        feedback = connection(dense: flat, &draw)
        if flat, case .dense(let units) = input.kind {
          feedback = Connection(.dense(units: units), hasBias: draw.chance(0.5))
        }
      }
      if form == .mapsWithDenseFeedback, let layer = try? input.kind.outputShape(of: inputShape) {
        feedback = Connection(
          .dense(units: layer.count), hasBias: draw.chance(0.7),
          dropout: draw.one(of: [0, 0, 0.5]))
      }
      let limit = form == .ties ? nil : draw.one(of: [nil, 0.5, 2] as [Float?])
      let plan = try? NetworkPlan(
        inputShape: inputShape, classes: draw.integer(2...4), input: input, links: links,
        feedback: feedback, feedbackMaxNorm: feedback == nil ? nil : limit)
      if let plan, plan.neuronCount <= 150 { return plan }
    }
  }
}
