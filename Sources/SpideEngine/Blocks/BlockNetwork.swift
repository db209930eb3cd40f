import CSpikeKernels

/// The weights of a network laid out for ``BlockRun``, under one setting of the constants: made anew for every batch.
///
/// What ``PackedNetwork`` is for stepping. Constants are folded in (``LinkScales``).
package final class BlockNetwork: Sendable {
  let blocks: BlockPlan
  let dynamics: Dynamics
  private let scales: NetworkScales
  /// All that learn and that pool, in the order of ``BlockPlan/links``.
  let all: [BlockLink]

  /// Whether runs draw masks.
  package var usesDropout: Bool { scales.usesDropout }
  var plan: NetworkPlan { blocks.network }
  var inputLayout: PaddedLayout { blocks.inputLayout }
  var layers: [PaddedLayout] { blocks.layers }
  var input: BlockLink { all[0] }
  var classifier: BlockLink { all[all.count - 1] }
  var feedback: BlockLink? { plan.feedback == nil ? nil : all[all.count - 2] }
  var links: ArraySlice<BlockLink> { all[1..<1 + plan.links.count] }

  /// Packs weights.
  ///
  /// - Parameters:
  ///   - old: a network of the same ``BlockPlan`` that is no longer used: its memory is taken over.
  ///   - concurrently: calls a body with each of `0 ..< count`, in any order and on any threads.
  package init(
    _ blocks: BlockPlan, parameters: Parameters, dynamics: Dynamics, usesDropout: Bool = false,
    reusing old: BlockNetwork? = nil,
    concurrently: (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void = {
      (0..<$0).forEach($1)
    }
  ) {
    precondition(blocks.leaks == dynamics.leaks, "a plan for other leaks")
    precondition(old == nil || old?.blocks === blocks, "the memory of another plan")
    self.blocks = blocks
    self.dynamics = dynamics
    let scales = NetworkScales(
      blocks.network, parameters, dynamics, usesDropout: usesDropout)
    self.scales = scales
    all = blocks.links.enumerated().map { index, layout in
      BlockLink(
        layout, parameters, scales.scales(layout.id, layout.link, form: layout.map.form),
        dynamics: dynamics, reusing: old?.all[index])
    }
    // Each stage of each link is a task of its own.
    concurrently(2 * all.count) { [all] task in
      all[task / 2].pack(parameters, Stage.allCases[task % 2])
    }
  }

  /// Weights of a plan, laid out for one use.
  package convenience init(
    plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics, usesDropout: Bool = false
  ) {
    self.init(
      BlockPlan(plan, leaks: dynamics.leaks), parameters: parameters, dynamics: dynamics,
      usesDropout: usesDropout)
  }

  /// The link that brings spikes into a layer: the feedback for layer 0.
  func incoming(_ layer: Int) -> BlockLink? { layer == 0 ? feedback : all[layer] }
  /// The link over which errors come back into a layer: the feedback for the last one.
  func returning(_ layer: Int) -> BlockLink? {
    layer == layers.count - 1 ? feedback : all[layer + 1]
  }
}
