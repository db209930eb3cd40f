extension CurvePlot {
  /// Where the plot lies, and the one mapping of values to dots that curves, marks and ticks share.
  struct Frame {
    let x, y: Scale
    let plot: Rect
    let yTicks: Ticks
    /// Dots across and down a cell.
    private let across, down: Int

    /// Nil where there is no number to draw or no room.
    init?(_ chart: CurvePlot, legendRows: Int, on canvas: Canvas) {
      let isLogarithmic = chart.isLogarithmic && (chart.yRange.map { $0.lowerBound > 0 } ?? true)
      // The least and the largest, by hand: this goes over every point for every picture.
      var (left, right) = (Double.infinity, -Double.infinity)
      var (low, high) = (left, right)
      for series in chart.series {
        for point in series.points where point.x.isFinite {
          // The axis ends where the data end, numbers or not.
          (left, right) = (min(left, point.x), max(right, point.x))
          guard point.y.isFinite, !isLogarithmic || point.y > 0 else { continue }
          low = min(low, isLogarithmic && !(point.low > 0) ? point.y : min(point.low, point.y))
          high = max(high, point.high, point.y)
        }
      }
      for level in chart.levels { (low, high) = (min(low, level.value), max(high, level.value)) }
      guard
        let x = chart.xRange.map({ Scale($0, isLogarithmic: chart.isXLogarithmic) })
          ?? Scale([left, right], isLogarithmic: chart.isXLogarithmic), canvas.width > 0,
        canvas.height > 0,
        let fitted = Scale([low, high], isLogarithmic: isLogarithmic, padding: 0.03)
      else { return nil }
      if let range = chart.yRange, range.lowerBound < range.upperBound {
        y = Scale(range, isLogarithmic: isLogarithmic)
      } else {
        y = fitted
      }
      self.x = x
      let bottom = canvas.height >= 6 ? 2 : 0
      let rows = canvas.height - legendRows - bottom
      let count = max(2, (rows + 1) / 3)
      let ticks =
        isLogarithmic
        ? Ticks.logarithmic(y.range, atMost: count)
        : Ticks.linear(y.range, atMost: count, percent: chart.format == .percent)
      let label = (ticks.labels.map(canvas.glyphs.width).max() ?? 0) + 1
      let margin = rows >= 3 && canvas.width >= label + 12 ? label : 0
      yTicks = ticks
      plot = Rect(x: margin, y: legendRows, width: canvas.width - margin, height: rows)
      let grid = DotGrid(columns: 0, rows: 0, glyphs: canvas.glyphs)
      (across, down) = (grid.dotsAcross, grid.dotsDown)
    }

    /// The dot of a place on the horizontal axis, from the left of the plot.
    func dot(x value: Double) -> Int? { x.place(value, of: plot.width * across) }

    /// The dot of a value, from the top of the plot.
    func dot(y value: Double) -> Int? {
      y.place(value, of: plot.height * down).map { plot.height * down - 1 - $0 }
    }

    /// The canvas's column of a place on the horizontal axis.
    func column(_ value: Double) -> Int? { dot(x: value).map { plot.x + $0 / across } }

    /// The place on the horizontal axis in the middle of a column of the canvas; nil beside the plot.
    func place(ofColumn column: Int) -> Double? {
      guard plot.width > 1, (plot.x..<plot.right).contains(column) else { return nil }
      let share = Double(column - plot.x) / Double(plot.width - 1)
      return x.range.lowerBound + share * (x.range.upperBound - x.range.lowerBound)
    }

    /// The canvas's row of a value.
    func row(_ value: Double) -> Int? { dot(y: value).map { plot.y + $0 / down } }

    /// Points that share a column of dots: their mean and their range.
    struct Column {
      var x: Int
      var low, high, sum: Double
      var count = 1
      var mean: Double { sum / Double(count) }
    }

    /// Points gathered by columns of dots, so that many points cost no more than there are dots; nil where the line breaks.
    func columns(of points: [Point]) -> [Column?] {
      var result: [Column?] = []
      for point in points {
        guard let place = dot(x: point.x), y.fraction(point.y) != nil else {
          if let end = result.last, end != nil { result.append(nil) }
          continue
        }
        if let end = result.last, var column = end, column.x == place {
          column.low = min(column.low, point.low)
          column.high = max(column.high, point.high)
          column.sum += point.y
          column.count += 1
          result[result.count - 1] = column
        } else {
          result.append(Column(x: place, low: point.low, high: point.high, sum: point.y))
        }
      }
      return result
    }
  }
}
