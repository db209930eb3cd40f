import CSpikeKernels

/// How the samples of a network run in micro-batches: the order of the work, and for every link how its weights are laid out.
/// Made once; the numbers follow for every batch in a ``BlockNetwork``.
package final class BlockPlan: Sendable {
  let network: NetworkPlan
  /// In which stages neurons leak: other kernels run there.
  let leaks: StageLeaks
  let order: BlockOrder
  let inputLayout: PaddedLayout
  let layers: [PaddedLayout]
  /// In the order of their parameters: input, links, feedback, classifier.
  let links: [LinkLayout]
  /// For each link that pools and leaves positions over: 1 for each position of its source under a pool, else 0. Nil for
  /// other links.
  let pooled: [[Int32]?]

  /// One link's geometry.
  struct LinkLayout: Sendable {
    enum Kind: Sendable {
      /// Spikes over weights.
      case spikes(forward: GatherMap, backward: GatherMap)
      /// Real values over weights: the input, which nothing travels back over, and the classifier.
      case values(forward: GatherMap, backward: GatherMap?)
      /// Pools of a size squared positions, each spike with one weight.
      case pool(spike_phase, size: Int)
    }

    /// Nil for the classifier.
    let id: LinkID?
    let link: Link
    let source: PaddedLayout
    let target: PaddedLayout
    /// PyTorch's layout, and the scales of the weights.
    let map: LinkMap
    let kind: Kind
    /// How many connections it has, and where.
    let connections: Connections

    /// The forward stage's map; nil for a pool.
    var forward: GatherMap? {
      switch kind {
      case .spikes(let forward, _), .values(let forward, _): return forward
      case .pool: return nil
      }
    }

    /// The prefix of its parameters.
    var name: String { id?.name ?? "classifier" }

    /// PyTorch's number of the bias of each target channel of a row, padding included: -1 there. Empty for a pool.
    var biasNumbers: [Int] {
      forward?.targetChannels.map { $0 < 0 ? -1 : map.targetNumbers[$0] } ?? []
    }
  }

  /// - Parameter cached: bytes that L2 holds. A link whose weights take more than half of that is read panel by panel.
  package init(_ network: NetworkPlan, leaks: StageLeaks, cached: Int = BlockPlan.l2Cache) {
    self.network = network
    self.leaks = leaks
    let order = BlockOrder(network)
    self.order = order
    inputLayout = PaddedLayout(network.inputShape, padsTo: 1)
    let layers = network.layers.map { PaddedLayout($0) }
    self.layers = layers
    func layOut(
      _ id: LinkID?, _ link: Link, _ source: PaddedLayout, _ target: PaddedLayout,
      next: LinkForm? = nil
    ) -> LinkLayout {
      let map = LinkMap(
        link, source: source.shape, target: target.shape, cached: cached)
      func direction(_ stage: Stage, _ layout: GatherMap.Layout) -> GatherMap {
        GatherMap(map, source: source, target: target, stage, layout: layout)
      }
      let kind: LinkLayout.Kind
      switch map.form {
      case .pool(let size):
        kind = .pool(BlockPlan.pool(size, source, target), size: size)
      case .dense where id == .input || id == nil, .window where id == .input || id == nil:
        kind = .values(
          forward: direction(.forward, .windows),
          backward: id == .input ? nil : direction(.backward, .windows))
      case .dense, .window:
        let scatters = !leaks.backward && !map.isDense && source.stride <= Int(SPIKE_PANEL)
        let bytes = map.isDense ? 0 : map.weightCount * 4
        let large = map.isLarge ? GatherMap.Layout.panels : .windows
        // Held spikes are listed with a sign, for which fours have no room. A dense link would get 15 rows for every 4, too many.
        let hasFours =
          !order.holds && !map.isDense && 2 * bytes * GatherMap.subsets / 4 <= cached
        var backward = scatters ? .positions : large
        if scatters, case .pool(size: 2)? = next,
          case .window(let window, readsWide: true) = map.form
        {
          // Most subsets are rare, so their rows may take twice the room that L2 has.
          let side = Int(window.kernel + window.stride)
          let taps = side * side
          if 16 * taps * source.stride * target.stride * 4 <= 2 * cached { backward = .pools }
        }
        kind = .spikes(
          forward: direction(.forward, hasFours ? .fours : large),
          backward: direction(.backward, backward))
      }
      return LinkLayout(
        id: id, link: link, source: source, target: target, map: map, kind: kind,
        connections: Connections(map.form, source: source.shape, target: target.shape))
    }
    let last = layers[layers.count - 1]
    links =
      [layOut(.input, network.input, inputLayout, layers[0])]
      + network.links.enumerated().map { index, link in
        layOut(
          .link(index), link, layers[index], layers[index + 1],
          next: index + 1 < network.links.count ? network.form(of: .link(index + 1)) : nil)
      }
      + (network.feedback.map { [layOut(.feedback, $0, last, layers[0])] } ?? [])
      + [
        layOut(
          nil, Link(.dense(units: network.classes)), last,
          PaddedLayout(LayerShape(units: network.classes)))
      ]
    pooled = links[1...].prefix(network.links.count).map { link in
      if case .pool(let phase, _) = link.kind { return BlockPlan.covered(phase) }
      return nil
    }
  }

  /// Whether the spikes that a link brings about in a stage are counted by unit, and reach the sums later: where a layer's sums
  /// would be fetched and written back at every step. With a leak all of them change at every step anyway.
  func counts(_ map: GatherMap, _ stage: Stage) -> Bool {
    !leaks[stage] && (order.tile == 1 || map.layout == .panels)
  }

  /// Whether the spikes of any link are counted so in a stage.
  func hasCounts(_ stage: Stage) -> Bool {
    links.contains { link in
      guard case .spikes(let forward, let backward) = link.kind else { return false }
      return counts(stage == .forward ? forward : backward, stage)
    }
  }

  private static func covered(_ phase: spike_phase) -> [Int32]? {
    let (rows, columns) = (phase.target_height * phase.rows, phase.target_width * phase.columns)
    if rows == phase.source_height, columns == phase.source_width { return nil }
    return (0..<phase.source_height).flatMap { row in
      (0..<phase.source_width).map { row < rows && $0 < columns ? 1 : 0 }
    }
  }

  /// Bytes of weights that stay in L2 of a processor.
  package static let l2Cache = 1 << 20

  /// Bytes of weights that a panel of a dense link may have: little of L2, as they are fetched for every sample and step.
  static let denseCache = 140 << 10

  private static func pool(_ size: Int, _ source: PaddedLayout, _ target: PaddedLayout)
    -> spike_phase
  {
    var phase = spike_phase()
    (phase.source_height, phase.source_width) = (
      Int32(source.shape.height), Int32(source.shape.width)
    )
    (phase.target_height, phase.target_width) = (
      Int32(target.shape.height), Int32(target.shape.width)
    )
    (phase.source_stride, phase.target_stride) = (Int32(source.stride), Int32(target.stride))
    phase.step = 1
    (phase.source_step, phase.rows, phase.columns) = (Int32(size), Int32(size), Int32(size))
    return phase
  }
}
