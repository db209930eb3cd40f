import CSpikeKernels

/// How large a link is when its weights are laid out for training, worked out from its shapes alone.
struct BlockSizes {
  /// Whether nothing travels back over the link.
  let isInput: Bool
  /// Weights in the rows of one direction, padding included; 0 for a pool.
  let numbers: Int
  /// Bytes of each of them.
  let bytesOfNumber: Int
  /// Where the spikes of all positions go: runs of targets from the wide side of the window, and from the narrow one. None
  /// for a dense link and for a pool.
  let pairs: (wide: Int, narrow: Int)

  /// Of shapes that fit the link and that ``NetworkPlan`` has not refused, so that nothing overflows.
  init(
    _ link: Link, source: LayerShape, target: LayerShape, isInput: Bool = false
  ) {
    self.isInput = isInput
    let from = PaddedLayout(source, padsTo: isInput ? 1 : PaddedLayout.lanes)
    let to = PaddedLayout(target)
    switch link.kind.base.form(source: source, target: target) {
    case .pool: (numbers, bytesOfNumber, pairs) = (0, 4, (0, 0))
    case .dense: (numbers, bytesOfNumber, pairs) = (from.units * to.units, 4, (0, 0))
    case .window(let window, _):
      numbers = Int(window.kernel * window.kernel) * from.stride * to.stride
      // Four weights lie in three numbers where they are many and spikes travel over them.
      let weights = link.kind.base.weightCount(source: source)
      bytesOfNumber = !isInput && 2 * 4 * weights > Double(BlockPlan.l2Cache) ? 3 : 4
      pairs = BlockSizes.pairs(window)
    }
  }

  /// The classifier's.
  init(classifierOf last: LayerShape, classes: Int) {
    self.init(
      Link(.dense(units: classes)), source: last, target: LayerShape(units: classes))
  }

  /// From the narrow side the taps of a row reach targets side by side, which are one run.
  private static func pairs(_ window: spike_window) -> (wide: Int, narrow: Int) {
    let (kernel, stride, padding) = (Int(window.kernel), Int(window.stride), Int(window.padding))
    func taps(_ narrow: Int32, _ wide: Int32) -> Int {
      (0..<Int(narrow)).reduce(0) { sum, position in
        let first = position * stride - padding
        return sum + max(0, min(first + kernel, Int(wide)) - max(first, 0))
      }
    }
    func rows(_ narrow: Int32, _ wide: Int32) -> Int {
      (0..<Int(narrow)).count {
        let first = $0 * stride - padding
        return min(first + kernel, Int(wide)) > max(first, 0)
      }
    }
    let tall = taps(window.narrow_height, window.wide_height)
    return (
      tall * taps(window.narrow_width, window.wide_width),
      tall * rows(window.narrow_width, window.wide_width)
    )
  }
}
