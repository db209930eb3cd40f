import CSpikeKernels

/// Everything that one layer carries from one time step to the next. A value: a copy is a snapshot.
public struct LayerState: Sendable {
  /// `u(t)` after the reset, for each unit in engine order.
  public internal(set) var potential: [Float]
  /// `Σ_t λ^(T-t) s(t)`, for each unit: the numerator of the weighted mean.
  public internal(set) var spikeSum: [Float]
  /// The current that came in at this step; scratch of the next one.
  public internal(set) var current: [Float]
  /// Spikes of this step since the start, of either sign.
  public internal(set) var spikeTotal: Int
  /// Zeros, for sums of quantised weights.
  var quantisedSums: [Int32]
  /// Event codes; the first `eventCount` are this step's spikes.
  var events: [Int32]
  var eventCount: Int
  /// Some unit would fire again without any current.
  var isSuprathreshold: Bool

  init(units: Int) {
    potential = [Float](repeating: 0, count: units)
    spikeSum = potential
    current = potential
    quantisedSums = [Int32](repeating: 0, count: units)
    events = quantisedSums
    spikeTotal = 0
    eventCount = 0
    isSuprathreshold = false
  }

  /// The spikes of this step.
  public var spikes: SpikeEvents { SpikeEvents(codes: Array(events[..<eventCount])) }

  /// Integrates `current`, fires and counts: the method's `h`, `s(t)`, `u(t)`.
  mutating func fire(_ neuron: NeuronParameters, _ stage: Stage) {
    let units = Int32(potential.count)
    let count =
      spike_fire(
        &potential, current, units, neuron.leak, neuron.threshold, neuron.resetAmount,
        stage == .backward, &events, &isSuprathreshold)
    eventCount = Int(count)
    spikeTotal += eventCount
    spike_accumulate(&spikeSum, units, neuron.leak, events, count)
  }

  /// `current += W s`, or `mask ⊙ (b + W s)` where there is a mask, for the first `count` of some events.
  ///
  /// - Returns: synaptic operations.
  mutating func receive(
    _ events: [Int32], _ count: Int, over link: PackedLink, _ stage: Stage,
    mask: [UInt8]? = nil
  ) -> Int {
    guard let mask else {
      return link.send(events, count, stage, to: &current, quantisedSums: &quantisedSums)
    }
    var sums = link.bias ?? [Float](repeating: 0, count: current.count)
    let operations = link.send(events, count, stage, to: &sums, quantisedSums: &quantisedSums)
    spike_add_gated(&current, sums, mask, Int32(sums.count))
    return operations
  }

  /// A step in which nothing can happen, because no current came in and nobody leaks or fires by itself.
  mutating func keepSilent() { eventCount = 0 }
}

/// The state of one stage between two time steps.
public struct StageState: Sendable {
  /// Steps done.
  public internal(set) var step: Int
  /// Layers `0 … N-1`.
  public internal(set) var layers: [LayerState]
  /// `Σ_t λ^(T-t)`: the denominator of the weighted mean.
  public internal(set) var weightSum: Float
  /// Accumulates since the start, additions of a weight to a potential, over each link in the order of
  /// ``NetworkPlan/allLinks``.
  public internal(set) var operations: [Int]
  /// Events that pass the gate.
  var passed: [Int32] = []

  init(plan: NetworkPlan) {
    step = 0
    layers = plan.layers.map { LayerState(units: $0.count) }
    weightSum = 0
    operations = [Int](repeating: 0, count: plan.allLinks.count)
  }

  /// Those of all links.
  public var synapticOperations: Int { operations.reduce(0, +) }

  /// The weighted mean of the spikes of a layer, in -1 … 1, for each unit in engine order; 0 before the first step.
  public func rate(_ layer: Int) -> [Float] {
    guard step > 0 else { return [Float](repeating: 0, count: layers[layer].spikeSum.count) }
    return layers[layer].spikeSum.map { $0 / weightSum }
  }

  /// The weighted mean of one unit's spikes.
  public func rate(_ layer: Int, unit: Int) -> Float {
    step > 0 ? layers[layer].spikeSum[unit] / weightSum : 0
  }

  /// Where `0 < a < 1`: the method's gate `m`. A unit that fired at every step has exactly the weight sum.
  func gate(_ layer: Int) -> [UInt8] {
    layers[layer].spikeSum.map { $0 > 0 && $0 < weightSum ? 1 : 0 }
  }

  mutating func beginStep(leak: Float) {
    step += 1
    weightSum = leak * weightSum + 1
  }
}
