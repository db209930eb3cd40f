/// The obvious program for every link: loops over PyTorch's layout in double precision, channels-first, no events, no
/// packing. Slow on purpose; tests hold the kernels against it.
package enum DenseTwin {
  /// `W x + b` of a link.
  package static func forward(
    _ link: Link, source: LayerShape, target: LayerShape, weight: [Double],
    bias: [Double]?, _ x: [Double]
  ) -> [Double] {
    var y = [Double](repeating: 0, count: target.count)
    link.kind.base.forEachPair(source: source, target: target) {
      from, to, weightIndex, fixed in
      y[to] += (weightIndex.map { weight[$0] } ?? fixed) * x[from]
    }
    if let bias {
      // PyTorch's dense layer knows no positions.
      let shared = target.count / bias.count
      for index in y.indices { y[index] += bias[index / shared] }
    }
    return y
  }

  /// `Wᵀ y` of a link.
  package static func transposed(
    _ link: Link, source: LayerShape, target: LayerShape, weight: [Double],
    _ y: [Double]
  ) -> [Double] {
    var x = [Double](repeating: 0, count: source.count)
    link.kind.base.forEachPair(source: source, target: target) {
      from, to, weightIndex, fixed in
      x[from] += (weightIndex.map { weight[$0] } ?? fixed) * y[to]
    }
    return x
  }

  /// `∂/∂W` of a link for errors `y` at its target and rates `x` at its source.
  package static func outer(
    _ link: Link, source: LayerShape, target: LayerShape, weights: Int, _ x: [Double],
    _ y: [Double]
  ) -> [Double] {
    var gradient = [Double](repeating: 0, count: weights)
    link.kind.base.forEachPair(source: source, target: target) { from, to, weightIndex, _ in
      if let weightIndex { gradient[weightIndex] += x[from] * y[to] }
    }
    return gradient
  }

  /// Calls `body` for every tap of every position of a window on the narrow side, with the position on the wide side that it
  /// lies over; taps in the padding are left out.
  static func forEachTap(
    wide: LayerShape, narrow: LayerShape, _ kernel: Int, _ stride: Int, _ padding: Int,
    _ body: (
      _ tap: Int, _ wide: (row: Int, column: Int), _ narrow: (row: Int, column: Int)
    ) -> Void
  ) {
    for y in 0..<narrow.height {
      for x in 0..<narrow.width {
        for ky in 0..<kernel {
          for kx in 0..<kernel {
            let wy = y * stride - padding + ky
            let wx = x * stride - padding + kx
            guard (0..<wide.height).contains(wy), (0..<wide.width).contains(wx) else { continue }
            body(ky * kernel + kx, (wy, wx), (y, x))
          }
        }
      }
    }
  }
}
