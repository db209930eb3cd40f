/// How the error of each parameter's gradient shrinks as the stages grow, of one sample or of the gradient summed over several
/// (TheMethod.md, "Where the spike gradient errs").
public struct GradientCurves: Sendable, Hashable {
  /// Errors at some steps of a stage.
  public struct Curve: Sendable, Hashable {
    /// The steps, from 1, ascending; the last one is the stage's last.
    public let steps: [Int]
    /// `‖G - G0‖ / ‖G0‖` at each of them, `[parameter][step]`; nil where it does not exist.
    public let errors: [[Double?]]
  }

  /// Had the forward stage ended at a step: rates and gates measured by then, `β` exact for them.
  public let forward: Curve
  /// Had the backward stage ended at a step: `β` measured by then.
  public let backward: Curve

  /// Runs some samples of a set, on so many threads; the numbers do not depend on how many.
  ///
  /// - Parameters:
  ///   - network: weights and constants, without dropout.
  ///   - samples: the set.
  ///   - indices: which of it; at least one.
  ///   - batch: samples of the batch that each stands for.
  ///   - threads: workers.
  ///   - isWanted: asked from any thread before every step and every sweep.
  /// - Returns: nil once it is not wanted any more, and where some sample has no exact gradient.
  public init?(
    network: PackedNetwork, samples: any SampleSource, indices: Range<Int>, batch: Int,
    threads: Int, while isWanted: @escaping @Sendable () -> Bool = { true }
  ) {
    let points = CurvePoints(network)
    let executor = ThreadExecutor(threads: min(threads, indices.count))
    var sum: CurveSums?
    let isDone = executor.inOrder(indices.count, width: executor.workers) { number in
      let index = indices.lowerBound + number
      return CurveSums(
        network: network, input: samples.signal(index), label: samples.label(index), batch: batch,
        points, while: isWanted)
    } take: { part in
      if sum == nil { sum = part } else { sum?.add(part) }
    }
    guard isDone, let sum else { return nil }
    forward = Curve(steps: points.forward, errors: sum.errors(\.forward))
    backward = Curve(steps: points.backward, errors: sum.errors(\.backward))
  }
}

/// The steps of both stages that are looked at.
private struct CurvePoints: Sendable {
  let forward, backward: [Int]

  /// Most steps of a stage.
  private static let most = 60
  /// Products that each curve of a sample may take; sparse rates and errors make them fewer.
  private static let largestWork = 2e10
  /// Bytes of gradients that each curve may hold.
  private static let largestMemory = 64 << 20

  init(_ network: PackedNetwork) {
    let plan = network.plan
    let products = plan.allLinks.reduce(1.0) { $0 + Double(plan.products($1)) }
    let held = Double(Self.largestMemory) / Double(4 * max(1, plan.parameterCount))
    func steps(_ count: Int, affordable: Double) -> [Int] {
      let points = min(count, Int(max(5, min(affordable, held, Double(Self.most)))))
      return (1...points).map { $0 * count / points }
    }
    // A point of the forward curve takes a solution for β besides.
    forward = steps(
      network.dynamics.forwardSteps, affordable: Self.largestWork / (20 * products))
    backward = steps(network.dynamics.backwardSteps, affordable: Self.largestWork / products)
  }
}

/// The gradients of one sample, or sums over several, that curves are made of.
private struct CurveSums: Sendable {
  typealias Tensors = [[Float]?]

  private var exact: Tensors
  /// `[point]`.
  private(set) var forward: [Tensors] = []
  private(set) var backward: [Tensors] = []

  init?(
    network: PackedNetwork, input: InputSignal, label: Int, batch: Int, _ points: CurvePoints,
    while isWanted: () -> Bool
  ) {
    var session = Session(
      network: network, input: input, label: label, batch: batch, monitors: Monitors(),
      memoryLimit: 0)
    guard isWanted(), let exact = ExactSolution(session, label: label, while: isWanted),
      exact.betas != nil
    else { return nil }
    let layers = network.plan.layers.indices
    func gradients(
      _ rates: [[Float]], _ betas: [[Float]]?, _ gates: [[UInt8]], _ logitGradient: [Float]
    ) -> Tensors {
      RealGradients(
        network: network, input: session.inputCurrent.meanInput, rates: rates, betas: betas,
        gates: gates, logitGradient: logitGradient
      ).tensors
    }
    self.exact = gradients(exact.rates, exact.betas, exact.gates, exact.logitGradient)
    let stage = BackwardStage(network)
    while session.position < session.end {
      guard isWanted() else { return nil }
      session.move(to: session.position + 1)
      switch session.moment {
      case .forward(let step) where points.forward.contains(step):
        let rates = layers.map { session.forward.rate($0) }
        let scores = Readout(network: network, rate: rates[rates.count - 1]).logitGradient(
          label: label, scale: network.dynamics.lossScale / Float(batch))
        let sources = BackwardStage.Sources(
          forward: session.forward, inputCurrent: session.inputCurrent,
          outputGradient: Readout.outputGradient(network: network, logitGradient: scores))
        let betas = Exact.implicitDifferentiation(
          network: network, sources: sources, while: isWanted
        ).values
        forward.append(gradients(rates, betas, sources.gates, scores))
      case .backward(let step) where points.backward.contains(step):
        guard let state = session.backward, let sources = session.sources else { return nil }
        backward.append(
          gradients(
            layers.map { session.forward.rate($0) }, layers.map { stage.beta(state, $0) },
            sources.gates, session.logitGradient))
      default: break
      }
    }
    guard isWanted() else { return nil }
  }

  /// Adds those of another sample.
  mutating func add(_ other: CurveSums) {
    func sum(_ x: Tensors, _ y: Tensors) -> Tensors {
      zip(x, y).map { x, y in
        guard var sum = x, let y else { return nil }
        spikeAdd(&sum, y)
        return sum
      }
    }
    exact = sum(exact, other.exact)
    forward = zip(forward, other.forward).map(sum)
    backward = zip(backward, other.backward).map(sum)
  }

  /// `‖G - G0‖ / ‖G0‖`, `[parameter][point]`.
  func errors(_ points: (CurveSums) -> [Tensors]) -> [[Double?]] {
    exact.indices.map { tensor in
      points(self).map {
        ParameterError("", [exact[tensor], nil, nil, $0[tensor]]).relativeError
      }
    }
  }
}
