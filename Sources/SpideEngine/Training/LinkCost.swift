import CSpikeKernels
import Glibc

/// What one step over a link costs at a firing rate: as training takes it, spike by spike, and as a dense product. Both
/// with the neurons that it reaches.
public struct LinkCost: Sendable {
  /// The link's name, as in a weights file.
  public let link: String
  /// Whose spikes they are.
  public let stage: Stage
  /// Share of the source's units that spike at a step, at random.
  public let rate: Double
  /// A sample's step on one thread by its spikes, in microseconds: the median.
  public let spikes: Double
  /// The same by a dense product.
  public let dense: Double

  /// Both stages of every link of a network that spikes travel over weights. Each is timed `repeats` times, the two ways
  /// alternating.
  public static func costs(
    plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics, rates: [Double], repeats: Int
  ) -> [LinkCost] {
    let network = BlockNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    let layers = plan.layers.indices
    return Stage.allCases.flatMap { stage in
      layers.flatMap { layer -> [LinkCost] in
        let link = stage == .forward ? network.incoming(layer) : network.returning(layer)
        guard let link, case .spikes = link.kind else { return [] }
        let bench = LinkBench(
          network: network, link: link, target: layer, stage, parameters: parameters)
        return rates.map { rate in
          let (spikes, dense) = bench.time(rate: rate, repeats: repeats)
          return LinkCost(
            link: link.geometry.name, stage: stage, rate: rate, spikes: spikes,
            dense: dense)
        }
      }
    }
  }
}

/// A link between two layers of a micro-batch whose spikes are made up.
private final class LinkBench {
  private let run: BlockRun
  private let target: Int
  private let source: LayerMemory
  private let stage: Stage
  private let steps: Int
  private let packed: BlockLink.PackedRealWeights
  /// A step's spikes as numbers, and what they send.
  private let values: AlignedBuffer<Float>
  private let currents: AlignedBuffer<Float>
  private var generator = SeededGenerator(seed: 1)

  init(
    network: BlockNetwork, link: BlockLink, target: Int, _ stage: Stage, parameters: Parameters
  ) {
    let layers = network.layers.count
    let capacity = network.blocks.order.capacity
    let memory = BlockMemory(network: network, capacity: capacity, frames: 1)
    run = BlockRun(network: network, memory: memory)
    let samples = SyntheticSamples(network.plan, count: capacity)
    for sample in 0..<capacity { run.add(sample, of: samples, augmentation: nil, masks: nil) }
    self.target = target
    self.stage = stage
    source = memory.layers[(target + (stage == .forward ? layers - 1 : 1)) % layers]
    steps = network.blocks.order.tile
    let geometry = link.geometry
    self.packed = BlockLink.PackedRealWeights(
      GatherMap(
        geometry.map, source: geometry.source, target: geometry.target, stage, layout: .windows))
    if let weight = parameters[link.geometry.name + ".weight"] {
      self.packed.map.pack(weight, scale: 1, into: self.packed.values.base)
    }
    values = AlignedBuffer(count: source.layout.units)
    currents = AlignedBuffer(count: memory.layers[target].layout.units)
    memset(source.backwardMask.base, 0xFF, source.backwardMask.count)
  }

  /// Medians, in microseconds a sample and step.
  func time(rate: Double, repeats: Int) -> (spikes: Double, dense: Double) {
    var times: (spikes: [Double], dense: [Double]) = ([], [])
    let clock = ContinuousClock()
    for _ in 0...repeats {
      // Samples of which only one has its spikes kept go alone.
      let samples = source.keepsSpikes ? run.samples : 1
      for sample in 0..<samples { for step in 0..<steps { draw(sample, step, rate: rate) } }
      run.memory.layers[target].start(samples, sums: sums)
      let began = clock.now
      switch stage {
      case .forward: run.stepForward(target, 0..<samples, from: 0, steps)
      case .backward: run.stepBackward(target, 0..<samples, steps)
      }
      let between = clock.now
      // Several in a row, so that the weights lie as near as they do in the other way.
      let products = 8
      for _ in 0..<products { multiply() }
      times.spikes.append((between - began) / .microseconds(1) / Double(samples * steps))
      times.dense.append((clock.now - between) / .microseconds(1) / Double(products))
    }
    return (times.spikes.median, times.dense.median)
  }

  /// The numerators of the target's firing rates.
  private var sums: AlignedBuffer<Float> {
    run.memory.layers[target].sums(stage)
  }

  /// Makes up a step's spikes.
  private func draw(_ sample: Int, _ step: Int, rate: Double) {
    let layout = source.layout
    let (positive, negative) = (source.positive(sample, step), source.negative(sample, step))
    for byte in 0..<layout.bytes { (positive[byte], negative[byte]) = (0, 0) }
    values.clear(0, values.count)
    for index in 0..<layout.shape.count where Double(generator.unit()) < rate {
      let unit = layout.padded(index)
      let isNegative = stage == .backward && generator.unit() < 0.5
      (isNegative ? negative : positive)[unit / 8] |= 1 << (unit % 8)
      values.base[unit] = isNegative ? -1 : 1
    }
  }

  /// The dense way of a step: every source, silent or not, times its weights.
  private func multiply() {
    packed.forEachPanel { phase, panel, weights in
      var (phase, panel) = (phase, panel)
      spike_values(&phase, &panel, weights, values.base, currents.base)
    }
    var neurons = run.neurons(target, 0, 0, stage, visitsAll: true)
    spike_fire_currents(&neurons, currents.base, Int32(currents.count))
  }
}
