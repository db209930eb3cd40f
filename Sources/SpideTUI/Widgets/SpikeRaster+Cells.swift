extension SpikeRaster {
  /// Where things go in a raster of a given size.
  struct Frame {
    let margin, columns, rows, zoom, firstUnit, endUnit: Int
    let hasAxis, hasCaption: Bool
    let axis: StepAxis

    init(_ raster: SpikeRaster, width: Int, height: Int) {
      let label = String(max(0, raster.unitCount - 1)).count + 2
      margin = width >= label + 10 ? label : 0
      columns = width - margin
      hasAxis = height >= 3
      hasCaption = height >= 8
      rows = height - (hasAxis ? 1 : 0) - (hasCaption ? 1 : 0)
      zoom = min(max(1, raster.unitsPerRow), max(1, raster.unitCount))
      firstUnit = min(max(0, raster.firstUnit), max(0, raster.unitCount - 1))
      let room = zoom.multipliedReportingOverflow(by: max(0, rows))
      let left = max(0, raster.unitCount - firstUnit)
      endUnit = firstUnit + (room.overflow ? left : min(left, room.partialValue))
      axis = StepAxis(count: raster.stepCount, columns: columns)
    }

    /// Rows that hold neurons.
    var usedRows: Int { (endUnit - firstUnit - 1) / zoom + 1 }

    /// Braille has no sign, and four dots for at most four neurons.
    func showsDots(_ kind: Kind, _ glyphs: Glyphs) -> Bool {
      kind == .binary && glyphs == .braille && (2...4).contains(zoom) && axis.stepsPerColumn <= 2
    }
  }

  /// The spikes that fall into one cell.
  struct Tally {
    var positive = 0
    var negative = 0

    var isEmpty: Bool { positive + negative == 0 }

    mutating func add(_ sign: Int) {
      if sign > 0 { positive += 1 } else { negative += 1 }
    }

    /// The picture of the spikes among `capacity` places.
    func cell(_ kind: Kind, of capacity: Int, isBold: Bool, _ glyphs: Glyphs) -> Cell {
      // Spikes are rare, so the steps between levels are halvings.
      let share = Double(positive + negative) / Double(capacity)
      let level = share <= 0.125 ? 0 : share <= 0.25 ? 1 : share <= 0.5 ? 2 : 3
      if kind == .binary {
        let mark = capacity == 1 ? glyphs.spike : glyphs.densityLevels[level]
        return Cell(mark, Style(.spike, bold: isBold))
      }
      let grown = capacity == 1 ? 1 : max(0, level - 1)
      if min(positive, negative) * 2 > max(positive, negative) {
        return Cell(glyphs.mixedLevels[grown], Style(.normal, bold: isBold))
      }
      return positive > negative
        ? Cell(glyphs.positiveLevels[grown], Style(.positive, bold: isBold))
        : Cell(glyphs.negativeLevels[grown], Style(.negative, bold: isBold))
    }
  }
}
