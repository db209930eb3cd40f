/// The obvious program for every link: loops over PyTorch's layout in double precision, channels-first, no events, no
/// packing. Slow on purpose; tests hold the kernels against it.
package enum DenseTwin {
  /// `W x + b` of a link.
  package static func forward(
    _ connection: Connection, source: LayerShape, target: LayerShape, weight: [Double],
    bias: [Double]?, _ x: [Double]
  ) -> [Double] {
    var y = [Double](repeating: 0, count: target.count)
    forEachWeight(connection, source: source, target: target) { from, to, weightIndex, fixed in
      y[to] += (weightIndex.map { weight[$0] } ?? fixed) * x[from]
    }
    if let bias {
      // PyTorch's dense layer knows no places.
      let shared = connection.isDense ? 1 : target.places
      for index in y.indices { y[index] += bias[index / shared] }
    }
    return y
  }

  /// `Wᵀ y` of a link.
  package static func transposed(
    _ connection: Connection, source: LayerShape, target: LayerShape, weight: [Double],
    _ y: [Double]
  ) -> [Double] {
    var x = [Double](repeating: 0, count: source.count)
    forEachWeight(connection, source: source, target: target) { from, to, weightIndex, fixed in
      x[from] += (weightIndex.map { weight[$0] } ?? fixed) * y[to]
    }
    return x
  }

  /// `∂/∂W` of a link for errors `y` at its target and rates `x` at its source.
  package static func outer(
    _ connection: Connection, source: LayerShape, target: LayerShape, weights: Int, _ x: [Double],
    _ y: [Double]
  ) -> [Double] {
    var gradient = [Double](repeating: 0, count: weights)
    forEachWeight(connection, source: source, target: target) { from, to, weightIndex, _ in
      if let weightIndex { gradient[weightIndex] += x[from] * y[to] }
    }
    return gradient
  }

  /// Calls `body` for every pair of units that a link joins: source and target index (channels-first), and the index of the
  /// weight in PyTorch's layout, or nil and a fixed weight for a pool.
  private static func forEachWeight(
    _ connection: Connection, source: LayerShape, target: LayerShape,
    _ body: (_ from: Int, _ to: Int, _ weight: Int?, _ fixed: Double) -> Void
  ) {
    func at(_ shape: LayerShape, _ channel: Int, _ y: Int, _ x: Int) -> Int {
      (channel * shape.height + y) * shape.width + x
    }
    /// Pairs (wide, narrow) of places that a tap joins.
    func taps(
      wide: LayerShape, narrow: LayerShape, _ kernel: Int, _ stride: Int, _ padding: Int,
      _ body: (_ tap: Int, _ wide: (Int, Int), _ narrow: (Int, Int)) -> Void
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
    switch connection.kind {
    case .dense:
      for to in 0..<target.count {
        for from in 0..<source.count { body(from, to, to * source.count + from, 0) }
      }
    case .convolution(_, let kernel, let stride, let padding):
      taps(wide: source, narrow: target, kernel, stride, padding) { tap, wide, narrow in
        for out in 0..<target.channels {
          for channel in 0..<source.channels {
            body(
              at(source, channel, wide.0, wide.1), at(target, out, narrow.0, narrow.1),
              (out * source.channels + channel) * kernel * kernel + tap, 0)
          }
        }
      }
    case .transposedConvolution(_, let kernel, let stride, let padding, _):
      taps(wide: target, narrow: source, kernel, stride, padding) { tap, wide, narrow in
        for out in 0..<target.channels {
          for channel in 0..<source.channels {
            body(
              at(source, channel, narrow.0, narrow.1), at(target, out, wide.0, wide.1),
              (channel * target.channels + out) * kernel * kernel + tap, 0)
          }
        }
      }
    case .averagePool(let size):
      for channel in 0..<target.channels {
        for y in 0..<target.height * size {
          for x in 0..<target.width * size {
            body(
              at(source, channel, y, x), at(target, channel, y / size, x / size), nil,
              1 / Double(size * size))
          }
        }
      }
    }
  }
}
