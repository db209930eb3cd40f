/// A picture in gray or in colour, such as the input of a sample.
///
/// A pixel takes two columns of a row, or whole multiples of that, so that it is square. A picture too large for this
/// is averaged down, with half blocks for two pixels in a cell where the glyphs allow.
public struct Picture: Widget {
  /// Pixels across and down.
  public var columns, rows: Int
  /// Brightness of each pixel, row by row.
  public var values: [Float]
  /// The values of black and of white; nil fits the values.
  public var range: ClosedRange<Float>?
  /// Red, green and blue of each pixel in 0 … 1, row by row; ``values`` is the picture without colour then.
  public var channels: [[Float]] = []

  /// A picture of `columns × rows` values.
  public init(columns: Int, rows: Int, values: [Float], range: ClosedRange<Float>? = nil) {
    self.columns = columns
    self.rows = rows
    self.values = values
    self.range = range
  }

  package func draw(on canvas: inout Canvas) {
    guard columns > 0, rows > 0, values.count >= columns * rows else { return }
    let factor = min(canvas.width / (2 * columns), canvas.height / rows)
    if factor >= 1 {
      drawSquares(factor, on: &canvas)
    } else if canvas.glyphs.isASCII {
      // Two columns a pixel, averaged down to the rows that are there.
      let down = min(
        Double(canvas.height) / Double(rows), Double(canvas.width) / Double(2 * columns))
      drawAveraged(down, across: 2, down: 1, on: &canvas)
    } else {
      let down = min(
        1, Double(2 * canvas.height) / Double(rows), Double(canvas.width) / Double(columns))
      drawAveraged(down, across: 1, down: 2, on: &canvas)
    }
  }

  private func drawSquares(_ factor: Int, on canvas: inout Canvas) {
    let left = (canvas.width - columns * factor * 2) / 2
    let top = (canvas.height - rows * factor) / 2
    let range = brightnessRange
    for y in 0..<rows * factor {
      for x in 0..<columns * factor * 2 {
        let pixel = y / factor * columns + x / (2 * factor)
        let bright = brightness(values[pixel], in: range)
        canvas[left + x, top + y] = tinted(
          canvas.glyphs.shade(bright), bright, colors(channels, pixel))
      }
    }
  }

  /// The picture shrunk to `factor`, with `down` of its new pixels in each cell and `across` columns to a pixel.
  private func drawAveraged(_ factor: Double, across: Int, down: Int, on canvas: inout Canvas) {
    let width = max(1, Int(Double(columns) * factor))
    let height = max(1, Int(Double(rows) * factor))
    let range = brightnessRange
    let small = averaged(values, to: width, height).map { brightness($0, in: range) }
    let tints = channels.map { averaged($0, to: width, height) }
    let cells = (height + down - 1) / down
    let left = max(0, canvas.width - width * across) / 2
    let top = max(0, canvas.height - cells) / 2
    for row in 0..<cells {
      for column in 0..<width {
        let upper = small[row * down * width + column]
        let below = row * down + 1
        let lower =
          down == 2 && below < height ? small[below * width + column] : down == 2 ? 0 : upper
        var cell = canvas.glyphs.halves(upper, lower)
        if !tints.isEmpty {
          let pixels = [row * down, min(height - 1, below)].map { $0 * width + column }
          // A half block has the colour of its half, a shade that of both.
          let isHalf = "▀▄".contains(cell.character)
          let bright = isHalf ? max(upper, lower) : (upper + lower) / 2
          let parts = isHalf ? [pixels[upper > lower ? 0 : 1]] : down == 2 ? pixels : [pixels[0]]
          let mean = parts.map { colors(tints, $0) }.reduce([0, 0, 0]) { sum, color in
            zip(sum, color).map { $0 + $1 / Double(parts.count) }
          }
          cell = tinted(cell, bright, mean)
        }
        for part in 0..<across { canvas[left + column * across + part, top + row] = cell }
      }
    }
  }

  /// Red, green and blue of a pixel; empty where there is no colour.
  private func colors(_ channels: [[Float]], _ pixel: Int) -> [Double] {
    channels.count == 3 ? channels.map { Double($0[pixel]) } : []
  }

  /// A cell that shows `brightness` in gray, in a colour instead: what covers less of the cell is brighter.
  private func tinted(_ cell: Cell, _ brightness: Double, _ color: [Double]) -> Cell {
    guard color.count == 3, case .gray(let level) = cell.style.tone else { return cell }
    let scale = brightness > 0 ? Double(level) / brightness : 0
    let parts = color.map { part in
      let value = part * scale
      return value.isFinite ? UInt8(min(max(value, 0), 255)) : 0
    }
    var cell = cell
    cell.style.tone = .color(red: parts[0], green: parts[1], blue: parts[2])
    return cell
  }

  private func averaged(_ values: [Float], to width: Int, _ height: Int) -> [Float] {
    var result: [Float] = []
    for y in 0..<height {
      let fromRow = y * rows / height
      let toRow = max(fromRow + 1, (y + 1) * rows / height)
      for x in 0..<width {
        let fromColumn = x * columns / width
        let toColumn = max(fromColumn + 1, (x + 1) * columns / width)
        var sum: Float = 0
        for row in fromRow..<toRow {
          for column in fromColumn..<toColumn { sum += values[row * columns + column] }
        }
        result.append(sum / Float((toRow - fromRow) * (toColumn - fromColumn)))
      }
    }
    return result
  }

  private var brightnessRange: ClosedRange<Float> {
    if let range { return range }
    let finite = values.lazy.filter(\.isFinite)
    return (finite.min() ?? 0)...(finite.max() ?? 1)
  }

  private func brightness(_ value: Float, in range: ClosedRange<Float>) -> Double {
    let span = Double(range.upperBound) - Double(range.lowerBound)
    return span > 0 ? (Double(value) - Double(range.lowerBound)) / span : 0
  }
}

extension Glyphs {
  /// Two brightnesses one above the other: a half block where they differ much, else the shade of their mean.
  fileprivate func halves(_ upper: Double, _ lower: Double) -> Cell {
    let (bright, dark) = (max(upper, lower), min(upper, lower))
    guard !isASCII, bright - dark > 0.4 else { return shade((upper + lower) / 2) }
    return Cell(
      upper > lower ? "▀" : "▄", Style(.gray(UInt8((min(max(bright, 0), 1) * 255).rounded()))))
  }
}
