/// One sample's gradients as training computes them, against the dense twin's.
public struct BenchmarkCheck: Sendable {
  /// `‖fast - twin‖ / ‖twin‖` of the parameter where it is largest; infinite where a fast one is no number or only the
  /// twin's is 0, or all of the twin's are.
  public let distance: Double
  /// The forward steps that were compared: the preset's, but of a constant input no more than 30.
  public let forwardSteps: Int
  /// The backward steps that were compared: fewer than the preset's where the twin would take minutes.
  public let backwardSteps: Int

  /// The twin computes in double precision, so a potential that lies within single precision of its threshold may
  /// fire a step later there. What is wrong rather than rounded is off by far more than this.
  public static let tolerance = 0.02
  /// By then spikes have long reached the last layer. Over a hundred steps one that single precision fires a step late
  /// sets off others, and gates open or close for it.
  private static let mostForwardSteps = 30
  /// Of fewer, nothing would come of the first layers.
  private static let leastBackwardSteps = 12
  /// Products that the twin may take on the way back: some seconds.
  private static let largestWork = 4e9

  /// Steps that the twin keeps at least.
  static func leastSteps(_ dynamics: Dynamics, frames: Int) -> (forward: Int, backward: Int) {
    let forward = dynamics.forwardSteps
    return (
      frames > 1 ? forward : min(forward, mostForwardSteps),
      min(dynamics.backwardSteps, leastBackwardSteps)
    )
  }

  /// Whether the gradients agree, and there are any.
  public var isGood: Bool { distance < BenchmarkCheck.tolerance }

  /// Runs sample 0 both ways, without dropout, as a batch of its own: its errors are large, and reach every layer.
  public init(
    plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics, samples: any SampleSource
  ) {
    var dynamics = dynamics
    let products = plan.allLinks.reduce(0.0) { $0 + Double(plan.products($1)) }
    // Not few forward steps: no spike would reach the last layer, and no gate be open.
    if samples.frames == 1 {
      dynamics.forwardSteps = min(dynamics.forwardSteps, BenchmarkCheck.mostForwardSteps)
    }
    let affordable = Int(BenchmarkCheck.largestWork / products)
    dynamics.backwardSteps = min(
      dynamics.backwardSteps, max(BenchmarkCheck.leastBackwardSteps, affordable))
    (forwardSteps, backwardSteps) = (dynamics.forwardSteps, dynamics.backwardSteps)
    let label = samples.label(0)

    let network = BlockNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    let run = BlockRun(
      network: network, memory: BlockMemory(network: network, capacity: 1, frames: samples.frames))
    run.begin()
    run.add(0, of: samples, augmentation: nil, masks: nil)
    run.runForward()
    run.runBackward(labels: [label], batch: 1)
    let gradients = BlockGradients(network: network)
    gradients.add(run)
    let fast = gradients.parameters(network: network)

    let twin = DenseStages(plan: plan, parameters: parameters, dynamics: dynamics)
    let input = samples.signal(0)
    let forward = twin.forward(input)
    let scores = twin.scoreGradient(
      twin.logits(forward.rates[plan.layers.count - 1]), label: label, batch: 1)
    let gates = twin.gates(forward.rates)
    let backward = twin.backward(twin.outputGradient(scores), gates: gates)
    let slow = twin.gradients(
      input, rates: forward.rates, gates: gates, betas: twin.betas(backward), scoreGradient: scores)
    let distances = zip(fast.specifications, fast.values).map { specification, values -> Double in
      var (difference, size) = (0.0, 0.0)
      for (value, exact) in zip(values, slow[specification.name] ?? []) {
        difference += (Double(value) - exact) * (Double(value) - exact)
        size += exact * exact
      }
      if difference == 0 { return 0 }
      return difference.isFinite ? (difference / size).squareRoot() : .infinity
    }
    // Where nothing came back, nothing has been shown.
    let isEmpty = slow.values.allSatisfy { $0.allSatisfy { $0 == 0 } }
    distance = isEmpty ? .infinity : distances.max() ?? .infinity
  }
}

extension NetworkPlan {
  /// Products that a dense program takes for one step of a link.
  func products(_ link: LinkID) -> Int {
    guard let connection = connection(link) else { return 0 }
    let (source, target) = (source(of: link), target(of: link))
    switch connection.kind {
    case .dense: return source.count * target.count
    case .convolution(_, let kernel, _, _): return target.count * source.channels * kernel * kernel
    case .transposedConvolution(_, let kernel, _, _, _):
      return source.count * target.channels * kernel * kernel
    case .averagePool: return source.count
    }
  }
}
