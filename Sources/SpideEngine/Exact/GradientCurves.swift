/// How the error of each parameter's gradient shrinks as the stages of one sample grow (TheMethod.md, "Where the spike gradient errs").
public struct GradientCurves: Sendable, Hashable {
  /// Errors at some steps of a stage.
  public struct Curve: Sendable, Hashable {
    /// The steps, from 1, ascending; the last one is the stage's last.
    public internal(set) var steps: [Int] = []
    /// `‖G - G0‖ / ‖G0‖` at each of them, `[parameter][step]`; nil where it does not exist.
    public internal(set) var errors: [[Double?]]
  }

  /// Had the forward stage ended at a step: rates and gates measured by then, `β` exact for them.
  public private(set) var forward: Curve
  /// Had the backward stage ended at a step: `β` measured by then.
  public private(set) var backward: Curve

  /// Most steps of a stage that are looked at.
  private static let mostSteps = 60
  /// Products that each curve may take; sparse rates and errors make them fewer.
  private static let largestWork = 2e10

  /// Runs a labelled sample.
  ///
  /// - Parameters:
  ///   - network: weights and constants, without dropout.
  ///   - input: the sample, as a run takes it.
  ///   - label: its class.
  ///   - batch: samples of the batch that it stands for.
  ///   - isWanted: asked before every step and every sweep.
  /// - Returns: nil once it is not wanted any more, and where there is no exact gradient.
  public init?(
    network: PackedNetwork, input: InputSignal, label: Int, batch: Int,
    while isWanted: () -> Bool = { true }
  ) {
    var session = Session(
      network: network, input: input, label: label, batch: batch, monitors: Monitors(),
      memoryLimit: 0)
    guard let exact = ExactSolution(session, label: label, while: isWanted), exact.betas != nil
    else { return nil }
    let none = network.plan.parameters.map { _ in [Double?]() }
    forward = Curve(errors: none)
    backward = Curve(errors: none)
    let target = RealGradients(
      network: network, input: session.inputCurrent.meanInput, rates: exact.rates,
      betas: exact.betas, gates: exact.gates, logitGradient: exact.logitGradient)
    let products = network.plan.allLinks.reduce(1.0) { $0 + Double(network.plan.products($1)) }
    // A point of the forward curve takes a solution for β besides.
    let forwardSteps = Self.steps(
      network.dynamics.forwardSteps, affordable: Self.largestWork / (20 * products))
    let backwardSteps = Self.steps(
      network.dynamics.backwardSteps, affordable: Self.largestWork / products)
    let stage = BackwardStage(network)
    let scale = network.dynamics.lossScale / Float(batch)
    while session.position < session.end {
      guard isWanted() else { return nil }
      session.move(to: session.position + 1)
      switch session.moment {
      case .forward(let step) where forwardSteps.contains(step):
        let state = session.forward
        let rates = network.plan.layers.indices.map { state.rate($0) }
        let readout = Readout(network: network, rate: rates[rates.count - 1])
        let scores = readout.logitGradient(label: label, scale: scale)
        let sources = BackwardStage.Sources(
          forward: state, inputCurrent: session.inputCurrent,
          outputGradient: Readout.outputGradient(network: network, logitGradient: scores))
        let betas = Exact.implicitDifferentiation(
          network: network, sources: sources, while: isWanted)
        forward.add(
          step,
          RealGradients(
            network: network, input: session.inputCurrent.meanInput, rates: rates,
            betas: betas.values, gates: sources.gates, logitGradient: scores), target)
      case .backward(let step) where backwardSteps.contains(step):
        guard let state = session.backward, let sources = session.sources else { continue }
        backward.add(
          step,
          RealGradients(
            network: network, input: session.inputCurrent.meanInput,
            rates: network.plan.layers.indices.map { session.forward.rate($0) },
            betas: network.plan.layers.indices.map { stage.beta(state, $0) },
            gates: sources.gates, logitGradient: session.logitGradient), target)
      default: break
      }
    }
    guard isWanted() else { return nil }
  }

  /// Steps at even distances, as many as can be afforded, the last one among them.
  private static func steps(_ count: Int, affordable: Double) -> Set<Int> {
    let points = min(count, mostSteps, Int(max(6, min(affordable, Double(mostSteps)))))
    return Set((1...points).map { $0 * count / points })
  }
}

extension GradientCurves.Curve {
  fileprivate mutating func add(_ step: Int, _ gradients: RealGradients, _ exact: RealGradients) {
    steps.append(step)
    for index in errors.indices {
      errors[index].append(
        ParameterError("", [exact.tensors[index], nil, nil, gradients.tensors[index]]).relativeError
      )
    }
  }
}
