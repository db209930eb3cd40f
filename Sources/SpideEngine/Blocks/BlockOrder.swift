/// In which order the samples of a micro-batch, their layers and their time steps are gone through.
///
/// Whatever the order, every neuron adds up the same spikes; what differs is which weights and potentials are still in
/// the cache. A layer that convolves has few weights and many potentials: one sample goes through as many such layers
/// as possible before the next sample begins. A dense link has many weights: all samples go over it together.
struct BlockOrder: Sendable {
  /// Samples in a micro-batch. More of them share a weight that was fetched; fewer leave more of the cache to their
  /// potentials.
  let capacity: Int
  /// Most time steps that one layer goes through before the next layer follows. With feedback, where a layer needs what
  /// the last one did a step ago, it is 1.
  let tile: Int
  /// Layers that one sample goes through alone, in the order of the forward stage; a single layer: all samples do.
  let forward: [Range<Int>]
  /// The same for the backward stage, from the last layer to the first.
  let backward: [Range<Int>]
  /// Whether a layer's spikes are needed after the next sample has come.
  let keepsSpikes: [Bool]
  /// Whether spikes of the forward stage are held (see ``Holding``): where steps are gone through one at a time.
  var holds: Bool { tile == 1 }

  init(_ plan: NetworkPlan) {
    let layers = plan.layers.indices
    guard plan.feedback == nil else {
      tile = 1
      capacity = 8
      forward = layers.map { $0..<$0 + 1 }
      backward = forward.reversed()
      keepsSpikes = layers.map { _ in true }
      return
    }
    tile = 32
    capacity = 16
    let isDense = plan.links.indices.map { plan.form(of: .link($0))?.isDense == true }
    forward = BlockOrder.runs(layers) { $0 > 0 && isDense[$0 - 1] }
    backward = BlockOrder.runs(layers) { $0 < isDense.count && isDense[$0] }.reversed()
    let together = (forward + backward).filter { $0.count == 1 }.joined()
    let acrossDense = layers.filter { layer in
      (layer > 0 && isDense[layer - 1]) || (layer < isDense.count && isDense[layer])
    }
    keepsSpikes = layers.map { together.contains($0) || acrossDense.contains($0) }
  }

  /// Runs of layers, cut at both ends of each layer that stands alone.
  private static func runs(_ layers: Range<Int>, _ standsAlone: (Int) -> Bool) -> [Range<Int>] {
    layers.reduce(into: []) { runs, layer in
      if let last = runs.last, !standsAlone(layer), !standsAlone(last.lowerBound) {
        runs[runs.count - 1] = last.lowerBound..<layer + 1
      } else {
        runs.append(layer..<layer + 1)
      }
    }
  }
}
