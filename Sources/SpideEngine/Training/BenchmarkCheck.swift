/// One sample's run and gradients as training computes them, judged by the dense program.
public struct BenchmarkCheck: Sendable {
  /// `‖fast - dense‖` of the parameter where it is largest, as a share of what the gradient would be if nothing cancelled in
  /// it; infinite where a fast number is none.
  public let distance: Double
  /// What single precision does not explain, in words: the first thing; nil where there is nothing.
  public let fault: String?
  /// The forward steps that were compared: of a constant input fewer than the preset's where the dense program would take
  /// minutes.
  public let forwardSteps: Int
  /// The backward steps that were compared.
  public let backwardSteps: Int

  /// Of fewer forward steps, nothing would come of the last layers; of fewer backward ones, of the first.
  private static let least = (forward: 30, backward: 12)
  /// Products that the dense program may take for the steps of a stage: some seconds.
  private static let largestWork = 4e9

  /// Whether all spikes and gradients are right.
  public var isGood: Bool { fault == nil }

  /// Runs sample 0 without dropout, as a batch of its own: its errors are large, and reach every layer.
  public init(
    plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics, samples: any SampleSource
  ) {
    self.init(
      plan: plan, parameters: parameters, judging: parameters, dynamics: dynamics, samples: samples)
  }

  /// The same for a trainer whose weights may be others than those of the dense program: a fault on purpose.
  package init(
    plan: NetworkPlan, parameters: Parameters, judging fast: Parameters, dynamics: Dynamics,
    samples: any SampleSource
  ) {
    var dynamics = dynamics
    let products = plan.allLinks.reduce(0.0) { $0 + Double(plan.products($1)) }
    let affordable = Int(BenchmarkCheck.largestWork / products)
    if samples.frames == 1 {
      dynamics.forwardSteps = min(
        dynamics.forwardSteps, max(BenchmarkCheck.least.forward, affordable))
    }
    dynamics.backwardSteps = min(
      dynamics.backwardSteps, max(BenchmarkCheck.least.backward, affordable))
    (forwardSteps, backwardSteps) = (dynamics.forwardSteps, dynamics.backwardSteps)
    let label = samples.label(0)
    let judged = JudgedSample(
      network: PackedNetwork(plan: plan, parameters: fast, dynamics: dynamics),
      twin: DenseStages(plan: plan, parameters: parameters, dynamics: dynamics),
      input: samples.signal(0), label: label)

    let network = BlockNetwork(plan: plan, parameters: fast, dynamics: dynamics)
    let run = BlockRun(
      network: network, memory: BlockMemory(network: network, capacity: 1, frames: samples.frames))
    run.begin()
    run.add(0, of: samples, augmentation: nil, masks: nil)
    run.runForward()
    var other = BenchmarkCheck.differing(
      judged.forward, sums: run.forwardSums, potentials: run.forwardPotentials
    ).map { "forward stage, layer \($0)" }
    run.runBackward(labels: [label], batch: 1)
    other =
      other
      ?? BenchmarkCheck.differing(
        judged.backward, sums: run.backwardSums, potentials: run.backwardPotentials
      ).map { "backward stage, layer \($0)" }
    let gradients = BlockGradients(network: network)
    gradients.add(run)
    let distance = judged.distance(of: gradients.parameters(network: network))
    self.distance = distance
    fault =
      judged.fault ?? other.map { "\($0): training has other spikes than stepping" }
      ?? (distance < JudgedSample.tolerance
        ? nil : "gradients: off by \(distance) of their size in training")
  }

  /// The first layer where training has other bits than the stepper has; nil where there is none.
  private static func differing(
    _ state: StageState, sums: (Int, Int) -> [Float], potentials: (Int, Int) -> [Float]
  ) -> Int? {
    state.layers.indices.first { layer in
      sums(0, layer) != state.layers[layer].spikeSum
        || potentials(0, layer) != state.layers[layer].potential
    }
  }
}

extension NetworkPlan {
  /// Products that a dense program takes for one step of a link.
  package func products(_ id: LinkID) -> Int {
    guard let link = link(id) else { return 0 }
    return link.kind.base.products(source: source(of: id), target: target(of: id))
  }
}
