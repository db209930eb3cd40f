/// The weights of a link into some of its target channels: what one thread sums at a time.
struct GradientPart: Sendable, Equatable {
  /// Number in ``BlockPlan/links``.
  let link: Int
  /// Padded channels of a target position, whole vectors of them; for a dense link its target units.
  let channels: Range<Int>
  /// Products of a rate and an error that one sample takes where none of them is 0: a measure of the work.
  let products: Double

  /// All weights, cut into parts of which none is much more than one in `count` of all work. The largest come first.
  static func parts(of blocks: BlockPlan, count: Int) -> [GradientPart] {
    let wholes = blocks.links.indices.compactMap { whole(blocks, $0) }
    let most = wholes.reduce(0) { $0 + $1.products } / Double(max(1, count))
    let parts = wholes.flatMap { whole in
      let vectors = whole.channels.count / PaddedLayout.lanes
      let pieces = min(vectors, max(1, Int((whole.products / most).rounded(.up))))
      return (0..<pieces).map { piece in
        let range = piece * vectors / pieces..<(piece + 1) * vectors / pieces
        return GradientPart(
          link: whole.link,
          channels: range.lowerBound * PaddedLayout.lanes..<range.upperBound * PaddedLayout.lanes,
          products: whole.products * Double(range.count) / Double(vectors))
      }
    }
    // Where they are as much work, in the order of their links: a sort need not keep it.
    return parts.sorted {
      ($1.products, $0.link, $0.channels.lowerBound)
        < ($0.products, $1.link, $1.channels.lowerBound)
    }
  }

  /// All weights of a link; nil for a pool.
  private static func whole(_ blocks: BlockPlan, _ link: Int) -> GradientPart? {
    guard let map = blocks.links[link].forward else { return nil }
    let products = map.phases.reduce(0.0) { sum, phase in
      let shape = phase.shape
      let step = max(1, shape.step)
      let rows = (shape.target_height - shape.first_row + step - 1) / step
      let columns = (shape.target_width - shape.first_column + step - 1) / step
      let positions = map.readsWhole ? 1 : Double(rows) * Double(columns)
      return sum + positions * Double(map.gradientCount(phase))
    }
    return GradientPart(link: link, channels: 0..<map.targetStride, products: products)
  }
}
