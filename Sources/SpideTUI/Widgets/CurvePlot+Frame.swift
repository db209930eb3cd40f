extension CurvePlot {
  /// Where the plot lies and how values map to it; nil where there is no point or no room.
  struct Frame {
    let x, y: Scale
    let plot: Rect
    let yTicks: Ticks

    init?(_ chart: CurvePlot, on canvas: Canvas) {
      // What is no number has no height, but the axis goes on below it.
      let all = chart.series.lazy.flatMap(\.points)
        .filter { !$0.y.isFinite || !chart.isLogarithmic || $0.y > 0 }
      let points = all.filter { $0.x.isFinite && $0.y.isFinite }
      let isLogarithmic = chart.isLogarithmic && (chart.yRange.map { $0.lowerBound > 0 } ?? true)
      guard let x = Scale(all.map(\.x)), canvas.width > 0, canvas.height > 0 else { return nil }
      if let range = chart.yRange, range.lowerBound < range.upperBound {
        y = Scale(range, isLogarithmic: isLogarithmic)
      } else if let fitted = Scale(points.map(\.y), isLogarithmic: isLogarithmic, padding: 0.03) {
        y = fitted
      } else {
        return nil
      }
      self.x = x
      let top = canvas.height >= 5 ? 1 : 0
      let bottom = canvas.height >= 6 ? 2 : 0
      let rows = canvas.height - top - bottom
      let count = max(2, (rows + 1) / 3)
      let ticks =
        isLogarithmic
        ? Ticks.logarithmic(y.range, atMost: count)
        : Ticks.linear(y.range, atMost: count, percent: chart.format == .percent)
      let label = (ticks.labels.map(canvas.glyphs.width).max() ?? 0) + 1
      let margin = rows >= 3 && canvas.width >= label + 12 ? label : 0
      yTicks = ticks
      plot = Rect(x: margin, y: top, width: canvas.width - margin, height: rows)
    }

    /// The lowest, the highest and the last value of the points in one column of dots.
    struct Column {
      var x: Int
      var low, high, last: Double
    }

    /// Points gathered by columns of dots, so that many points cost no more than there are dots; nil where the line breaks.
    func columns(of points: [Point], dotsAcross: Int) -> [Column?] {
      var result: [Column?] = []
      for point in points {
        guard let place = x.place(point.x, of: dotsAcross), y.fraction(point.y) != nil else {
          if let end = result.last, end != nil { result.append(nil) }
          continue
        }
        if let end = result.last, let column = end, column.x == place {
          result[result.count - 1] = Column(
            x: place, low: min(column.low, point.y), high: max(column.high, point.y), last: point.y)
        } else {
          result.append(Column(x: place, low: point.y, high: point.y, last: point.y))
        }
      }
      return result
    }
  }
}
