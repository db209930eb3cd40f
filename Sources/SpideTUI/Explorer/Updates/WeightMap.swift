import SpideEngine

/// A weight tensor laid out in a plane, with as many numbers at most as a screen has cells: of those that share a place, the
/// strongest.
struct WeightMap: Sendable {
  /// Which numbers of an update.
  enum View: String, CaseIterable, Sendable {
    case before, after, change
  }

  let columns, rows: Int
  let values: [Float]
  private let layout: Layout

  /// Most places each way.
  private static let (mostColumns, mostRows) = (200, 100)
  /// Tensors up to this are gone through while drawing.
  static let smallest = 1 << 16

  /// A parameter of an update.
  init(_ account: UpdateAccount, parameter: Int, _ view: View) {
    let update = account.update
    let (before, after) = (
      update.before.parameters.values[parameter], update.after.parameters.values[parameter]
    )
    layout = Layout(update.before.parameters.specifications[parameter].shape)
    columns = min(layout.columns, Self.mostColumns)
    rows = min(layout.rows, Self.mostRows)
    var values = [Float](repeating: 0, count: columns * rows)
    for index in before.indices {
      let place = layout.place(of: index)
      let cell =
        place.row * rows / layout.rows * columns + place.column * columns / layout.columns
      let value: Float
      switch view {
      case .before: value = before[index]
      case .after: value = after[index]
      case .change: value = after[index] - before[index]
      }
      if !(abs(value) <= abs(values[cell])) { values[cell] = value }
    }
    self.values = values
  }

  /// Where a weight stands.
  func place(of index: Int) -> (column: Int, row: Int) {
    let place = layout.place(of: index)
    return (place.column * columns / layout.columns, place.row * rows / layout.rows)
  }

  /// How a tensor lies in the plane: a matrix as it is, a row for each of the first dimension; kernels as tiles with a gap
  /// between them; a bias in rows of about its root.
  private struct Layout: Sendable {
    let columns, rows: Int
    private let across: Int
    /// Side of a tile with its gap; 1 for no tiles.
    private let side: Int

    init(_ shape: [Int]) {
      switch shape.count {
      case 4:
        side = shape[3] + 1
        across = shape[1]
        (columns, rows) = (shape[1] * side - 1, shape[0] * side - 1)
      case 2:
        (side, across) = (1, shape[1])
        (columns, rows) = (shape[1], shape[0])
      default:
        side = 1
        let count = shape.reduce(1, *)
        across = max(1, Int(Double(2 * count).squareRoot().rounded(.up)))
        (columns, rows) = (min(across, count), (count + across - 1) / across)
      }
    }

    func place(of index: Int) -> (column: Int, row: Int) {
      guard side > 1 else { return (index % across, index / across) }
      let kernel = side - 1
      let (tile, tap) = index.quotientAndRemainder(dividingBy: kernel * kernel)
      return (tile % across * side + tap % kernel, tile / across * side + tap / kernel)
    }
  }
}
