/// How sizes are spread, on a logarithmic axis, beside the window that they ought to lie in: bars from below, with an upright line at
/// each edge of the window.
public struct SizeWindow: Widget {
  /// Counts of bins of equal width on the axis.
  public var bins: [Int]
  /// The edges of the window, in bins from the left.
  public var low, high: Double

  /// A picture of some counts.
  public init(bins: [Int], low: Double, high: Double) {
    self.bins = bins
    self.low = low
    self.high = high
  }

  package func draw(on canvas: inout Canvas) {
    // What lies far outside the window is shown only where something is there.
    guard canvas.width > 0, canvas.height > 0, !bins.isEmpty else { return }
    // Clamped as numbers first: an edge may lie anywhere.
    func whole(_ edge: Double) -> Int { edge > 0 ? Int(min(edge, Double(bins.count))) : 0 }
    let first = min(bins.firstIndex { $0 > 0 } ?? 0, max(0, whole(low) - 2))
    let last = max(
      bins.lastIndex { $0 > 0 } ?? 0, min(bins.count - 1, max(first, whole(high) + 2)))
    let shown = last - first + 1
    let largest = bins[first...last].max() ?? 0
    func bin(_ column: Int) -> Int { first + column * shown / canvas.width }
    func column(_ edge: Double) -> Int? {
      let place = ((edge - Double(first)) * Double(canvas.width) / Double(shown)).rounded()
      return place >= 0 && place < Double(canvas.width) ? Int(place) : nil
    }
    for x in 0..<canvas.width {
      let index = bin(x)
      // A column may stand for several bins.
      let next = max(index + 1, bin(x + 1))
      let count = bins[index..<min(next, last + 1)].max() ?? 0
      guard count > 0, largest > 0 else { continue }
      let isInside = Double(index) + 0.5 >= low && Double(index) + 0.5 < high
      let style = Style(isInside ? .exact : .warning)
      var eighths = Int((Double(count) / Double(largest) * Double(canvas.height * 8)).rounded())
      eighths = max(eighths, 1)
      for row in 0..<canvas.height where eighths - row * 8 > 0 {
        canvas[x, canvas.height - 1 - row] = Cell(
          canvas.glyphs.verticalEighths[min(8, eighths - row * 8)], style)
      }
    }
    for edge in [low, high] {
      guard let x = column(edge) else { continue }
      for y in 0..<canvas.height {
        canvas[x, y] = Cell(canvas.glyphs.uprightThreshold, Style(.threshold))
      }
    }
  }
}
