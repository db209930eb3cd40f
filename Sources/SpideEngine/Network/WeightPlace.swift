import CSpikeKernels

/// Which pairs of units a weight of a link joins. Units are in engine order.
///
/// A weight of a dense link joins one unit to one other; one of a window joins as many pairs as the window has positions.
package struct WeightPlace: Sendable, Equatable {
  /// Channels at either end; of a dense link, units.
  package let source, target: Int
  /// The tap of the window; nil for a dense link.
  package let tap: (row: Int, column: Int)?
  private let form: LinkForm
  private let shapes: (source: LayerShape, target: LayerShape)

  /// The place of a weight by its index in PyTorch's layout; nil for a link without weights.
  init?(weight index: Int, _ form: LinkForm, source: LayerShape, target: LayerShape) {
    self.form = form
    shapes = (source, target)
    switch form {
    case .dense:
      self.source = source.channelsLastIndex(index % source.count)
      self.target = target.channelsLastIndex(index / source.count)
      tap = nil
    case .window(let window, let readsWide):
      let kernel = Int(window.kernel)
      let (channels, place) = index.quotientAndRemainder(dividingBy: kernel * kernel)
      tap = (place / kernel, place % kernel)
      if readsWide {
        (self.target, self.source) = channels.quotientAndRemainder(dividingBy: source.channels)
      } else {
        (self.source, self.target) = channels.quotientAndRemainder(dividingBy: target.channels)
      }
    case .pool: return nil
    }
  }

  /// Calls `body` with every pair of units that the weight joins; taps in the padding are left out.
  func forEachPair(_ body: (_ source: Int, _ target: Int) -> Void) {
    guard case .window(let window, let readsWide) = form, let tap else {
      return body(source, target)
    }
    let (wide, narrow) = readsWide ? (shapes.source, shapes.target) : (shapes.target, shapes.source)
    let (stride, padding) = (Int(window.stride), Int(window.padding))
    for row in 0..<narrow.height {
      let wideRow = row * stride - padding + tap.row
      guard (0..<wide.height).contains(wideRow) else { continue }
      for column in 0..<narrow.width {
        let wideColumn = column * stride - padding + tap.column
        guard (0..<wide.width).contains(wideColumn) else { continue }
        let (over, under) = (
          wideRow * wide.width + wideColumn, row * narrow.width + column
        )
        let (from, to) = readsWide ? (over, under) : (under, over)
        body(
          from * shapes.source.channels + source, to * shapes.target.channels + target)
      }
    }
  }

  package static func == (a: WeightPlace, b: WeightPlace) -> Bool {
    (a.source, a.target) == (b.source, b.target) && a.tap?.row == b.tap?.row
      && a.tap?.column == b.tap?.column && a.shapes == b.shapes
  }
}
