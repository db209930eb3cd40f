import CSpikeKernels

/// What working with a network takes of memory, known before any of it is allocated.
///
/// Counted is what will be written to for certain: weights in each of their layouts, potentials, frames, what is
/// recorded of every step. Room for spikes that may never come is not. So whatever needs more than there is cannot
/// work, and what needs a little less may still fail.
public struct MemoryNeed: Hashable, Sendable {
  /// `Int.max` stands for itself and for everything above.
  public private(set) var bytes = 0

  /// Nothing.
  init() {}

  /// So many bytes more: the product of some sizes.
  mutating func addBytes(_ factors: Int...) { add(factors) }

  /// So many numbers of 4 bytes more, `Float` or `Int32`.
  mutating func addNumbers(_ factors: Int...) { add([4] + factors) }

  private mutating func add(_ factors: [Int]) {
    func bounded(_ result: (partialValue: Int, overflow: Bool)) -> Int {
      result.overflow ? .max : result.partialValue
    }
    let product = factors.reduce(1) { bounded($0.multipliedReportingOverflow(by: $1)) }
    bytes = bounded(bytes.addingReportingOverflow(product))
  }
}

// MARK: What is done with a network

extension MemoryNeed {
  /// The weights alone.
  public static func weights(of plan: NetworkPlan) -> MemoryNeed {
    var need = MemoryNeed()
    need.addNumbers(plan.parameterCount)
    return need
  }

  /// A ``Session``: the weights packed for both directions as real numbers and quantised, the states at hand, and
  /// the frames of an input that varies: `frames` of a sample, 1 where it is constant.
  public static func stepping(_ plan: NetworkPlan, frames: Int) -> MemoryNeed {
    var need = weights(of: plan)
    need.addNumbers(4, plan.parameterCount)
    // The states of both stages: potential, sum, current, the same quantised, and room for an event for each unit.
    need.addNumbers(2 * 5, plan.neuronCount)
    if frames > 1 { need.addNumbers(2, frames, plan.inputShape.count) }
    return need
  }

  /// A session of which every spike and potential goes to a file; without a label those of the forward stage.
  public static func tracing(
    _ plan: NetworkPlan, dynamics: Dynamics, frames: Int, hasLabel: Bool
  ) -> MemoryNeed {
    var need = stepping(plan, frames: frames)
    // A spike of one byte and a potential of four for each unit.
    need.addBytes(1 + 4, dynamics.forwardSteps, plan.neuronCount)
    guard hasLabel else { return need }
    need.addBytes(1 + 4, dynamics.backwardSteps, plan.neuronCount)
    need.addNumbers(2, plan.parameterCount)
    return need
  }

  /// A ``GradientInspection``: of each sample that runs the states and four gradients, and the sums of those.
  ///
  /// - Parameters:
  ///   - plan: the shapes.
  ///   - frames: frames of a sample, 1 where it is constant.
  ///   - samples: how many are inspected.
  ///   - threads: workers, at least 1.
  public static func inspecting(
    _ plan: NetworkPlan, frames: Int, samples: Int, threads: Int
  ) -> MemoryNeed {
    var need = stepping(plan, frames: frames)
    let running = min(samples, threads)
    need.addNumbers(4, running + (samples > 1 ? 1 : 0), plan.parameterCount)
    need.addNumbers(2 * 5, running - 1, plan.neuronCount)
    return need
  }

  /// An ``Evaluation``.
  public static func evaluating(_ plan: NetworkPlan, frames: Int, threads: Int) -> MemoryNeed {
    var need = weights(of: plan)
    need.addRows(plan)
    need.addBlocks(plan, samples: 1, frames: frames, threads: threads)
    need.addSums(plan, samples: 1, runs: threads, stages: 1)
    return need
  }

  /// A ``Trainer``: the weights, what the optimizer remembers, the gradient, and what is held of shards and of runs.
  ///
  /// - Parameters:
  ///   - plan: The network.
  ///   - training: Batch and optimizer.
  ///   - frames: Frames of a sample.
  ///   - threads: Threads that train.
  ///   - states: Earlier ``Trainer/State``s that somebody holds meanwhile: weights and what the optimizer remembers.
  ///   - shards: In which order gradients are summed.
  ///   - ranks: Processes that share the batches; it is the need of the one with the most to do.
  public static func training(
    _ plan: NetworkPlan, _ training: TrainingPlan, frames: Int, threads: Int, states: Int = 0,
    shards: ShardPlan = .standard, ranks: Int = 1
  ) -> MemoryNeed {
    var need = MemoryNeed()
    let tensors = 1 + training.optimizer.memory.count
    need.addNumbers(tensors + 1, plan.parameterCount)
    need.addNumbers(states, tensors, plan.parameterCount)
    need.addRows(plan)
    let batch = min(training.batch, 1 << 32)
    // The last rank has as many shards as any.
    let part = RankShards(shards, batch: batch, ranks: ranks, rank: ranks - 1)
    need.addNumbers(HeldSums(part, splitsShards: false).count, plan.gradientCount)
    let runs = RunPlan.Size(
      batch: part.positions.count, threads: min(threads, 1 << 16),
      capacity: BlockOrder(plan).capacity)
    need.addBlocks(
      plan, samples: runs.longest, frames: frames, threads: min(threads, runs.widest))
    need.addSums(plan, samples: runs.longest, runs: runs.widest, stages: 2)
    return need
  }

  /// A ``Benchmark`` with its ``BenchmarkCheck``, whose dense twin has the weights in double precision.
  public static func benchmarking(
    _ plan: NetworkPlan, dynamics: Dynamics, _ training: TrainingPlan, frames: Int, threads: Int
  ) -> MemoryNeed {
    let timed = MemoryNeed.training(plan, training, frames: frames, threads: threads)
    var twin = weights(of: plan)
    twin.addRows(plan)
    twin.addNumbers(2, plan.parameterCount)
    return timed.bytes > twin.bytes ? timed : twin
  }
}

// MARK: Parts

extension MemoryNeed {
  /// A ``BlockNetwork``: rows for each direction, and where the spikes of each position go.
  private mutating func addRows(_ plan: NetworkPlan) {
    for link in plan.blockLinks {
      // Nothing travels back over the input link.
      let directions = link.isInput ? 1 : 2
      addBytes(directions * link.bytesOfNumber, link.numbers)
      addBytes(MemoryLayout<spike_target_run>.stride, link.pairs.wide)
      if !link.isInput { addBytes(MemoryLayout<spike_target_run>.stride, link.pairs.narrow) }
    }
  }

  /// The sums of spikes that each run leaves for gradients and readout.
  private mutating func addSums(_ plan: NetworkPlan, samples: Int, runs: Int, stages: Int) {
    for shape in plan.layers {
      addNumbers(stages, runs, samples, PaddedLayout(shape).units)
    }
  }

  /// A ``BlockMemory`` for each thread, but for its sums.
  private mutating func addBlocks(
    _ plan: NetworkPlan, samples: Int, frames: Int, threads: Int
  ) {
    let order = BlockOrder(plan)
    let samples = min(samples, order.capacity)
    var block = MemoryNeed()
    for (layer, shape) in plan.layers.enumerated() {
      let layout = PaddedLayout(shape)
      // The potential.
      block.addNumbers(samples, layout.units)
      let slots = (order.keepsSpikes[layer] ? samples : 1) * order.tile
      // Their spikes in a tile of steps, as bits, and where those of each position begin.
      block.addBytes(slots, layout.bytes)
      block.addNumbers(slots, layout.positions)
    }
    let input = plan.inputShape.count
    block.addNumbers(samples, PaddedLayout(plan.layers[0]).units)
    block.addNumbers(samples, input)
    block.addNumbers(frames, input)
    if frames > 1 { block.addNumbers(samples, frames, input) }
    addBytes(threads, block.bytes)
  }
}

extension NetworkPlan {
  /// Numbers in all weights and biases.
  var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// Numbers in a ``BlockGradients``, but for biases and what rounds rows of the input up.
  package var gradientCount: Int { blockLinks.reduce(0) { $0 + $1.numbers } }

  /// The links that have weights, the classifier's among them, as training lays them out.
  fileprivate var blockLinks: [BlockSizes] {
    allLinks.compactMap { id in
      link(id).map {
        BlockSizes($0, source: source(of: id), target: target(of: id), isInput: id == .input)
      }
    } + [BlockSizes(classifierOf: layers[layers.count - 1], classes: classes)]
  }
}
