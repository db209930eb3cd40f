/// How large a link is when its weights are laid out for training, worked out from its shapes alone.
struct BlockSizes {
  /// Whether nothing travels back over the link.
  let isInput: Bool
  /// Weights in the rows of one direction, padding included; 0 for a pool.
  let numbers: Int
  /// Bytes of each of them.
  let bytesOfNumber: Int
  /// Where the spikes of all places go: runs of targets from the wide side of the window, and from the narrow one. None
  /// for a dense link and for a pool.
  let pairs: (wide: Int, narrow: Int)

  /// Of shapes that fit the connection and that ``NetworkPlan`` has not refused, so that nothing overflows.
  init(
    _ connection: Connection, source: LayerShape, target: LayerShape, isInput: Bool = false
  ) {
    self.isInput = isInput
    let from = PaddedLayout(source, padsTo: isInput ? 1 : PaddedLayout.lanes)
    let to = PaddedLayout(target)
    switch connection.kind {
    case .averagePool: (numbers, bytesOfNumber, pairs) = (0, 4, (0, 0))
    case .dense: (numbers, bytesOfNumber, pairs) = (from.units * to.units, 4, (0, 0))
    case .convolution(_, let kernel, let stride, let padding):
      numbers = kernel * kernel * from.stride * to.stride
      bytesOfNumber = BlockSizes.bytes(connection, source, target, isInput)
      pairs = BlockSizes.pairs(wide: source, narrow: target, kernel, stride, padding)
    case .transposedConvolution(_, let kernel, let stride, let padding, _):
      numbers = kernel * kernel * from.stride * to.stride
      bytesOfNumber = BlockSizes.bytes(connection, source, target, isInput)
      pairs = BlockSizes.pairs(wide: target, narrow: source, kernel, stride, padding)
    }
  }

  /// The classifier's.
  init(classifierOf last: LayerShape, classes: Int) {
    self.init(
      Connection(.dense(units: classes)), source: last, target: LayerShape(units: classes))
  }

  /// Four weights lie in three numbers where they are many and spikes travel over them.
  private static func bytes(
    _ connection: Connection, _ source: LayerShape, _ target: LayerShape, _ isInput: Bool
  ) -> Int {
    let weights = connection.kind.weightCount(source: source, target: target)
    return !isInput && 2 * 4 * weights > Double(BlockPlan.secondCache) ? 3 : 4
  }

  /// From the narrow side the taps of a row reach targets side by side, which are one run.
  private static func pairs(
    wide: LayerShape, narrow: LayerShape, _ kernel: Int, _ stride: Int, _ padding: Int
  ) -> (wide: Int, narrow: Int) {
    func taps(_ places: Int, _ window: Int) -> Int {
      (0..<places).reduce(0) { sum, place in
        let first = place * stride - padding
        return sum + max(0, min(first + kernel, window) - max(first, 0))
      }
    }
    func rows(_ places: Int, _ window: Int) -> Int {
      (0..<places).count {
        let first = $0 * stride - padding
        return min(first + kernel, window) > max(first, 0)
      }
    }
    let tall = taps(narrow.height, wide.height)
    return (tall * taps(narrow.width, wide.width), tall * rows(narrow.width, wide.width))
  }
}
