extension CurvePlot {
  /// The names above a plot, none of them left out: in as many rows as they need, values going first where there is no room.
  struct Legend {
    struct Entry {
      var mark: Cell?
      var name: String
      var nameStyle: Style
      var value = ""

      var width: Int { (mark == nil ? 0 : 2) + name.count + (value.isEmpty ? 0 : value.count + 1) }
    }

    private(set) var rows: [[Entry]] = []
    private var gap = 3

    init(_ chart: CurvePlot, width: Int, height: Int, glyphs: Glyphs) {
      guard height >= 5 else { return }
      var entries: [Entry] = []
      if !chart.yLabel.isEmpty {
        entries.append(
          Entry(name: glyphs.plain(chart.yLabel), nameStyle: Style(.normal, bold: true)))
      }
      for (index, series) in chart.series.enumerated() {
        let tone = chart.tone(index)
        entries.append(
          Entry(
            mark: Cell(chart.mark(index, glyphs), Style(tone, bold: true)),
            name: glyphs.plain(series.name), nameStyle: Style(tone),
            value: series.newest.map { glyphs.plain(chart.text($0)) } ?? ""))
      }
      for name in chart.levelNames {
        entries.append(
          Entry(
            mark: Cell(glyphs.thresholdLine, Style(.threshold)), name: glyphs.plain(name),
            nameStyle: Style(.threshold)))
      }
      if !chart.markName.isEmpty {
        entries.append(
          Entry(
            mark: Cell(glyphs.uprightReset, Style(.threshold)), name: glyphs.plain(chart.markName),
            nameStyle: Style(.threshold)))
      }
      let names = entries.map { entry in
        var short = entry
        short.value = ""
        return short
      }
      for (form, gap, most) in [
        (entries, 3, 1), (entries, 2, height / 4), (names, 2, height / 4), (names, 1, height / 2),
      ] {
        self.gap = gap
        rows = Legend.broken(form, gap: gap, width: width)
        guard rows.count <= most else { continue }
        // In ASCII a character of its own stands where curves meet; it is explained where that costs no row.
        if glyphs.isASCII, chart.series.count > 1, !chart.isStacked {
          let shared = Entry(
            mark: Cell(glyphs.sharedMark), name: "several", nameStyle: Style(.faint))
          let explained = Legend.broken(form + [shared], gap: gap, width: width)
          if explained.count == rows.count { rows = explained }
        }
        return
      }
      rows = Array(rows.prefix(max(1, height / 2)))
    }

    private static func broken(_ entries: [Entry], gap: Int, width: Int) -> [[Entry]] {
      var rows: [[Entry]] = []
      var room = 0
      for entry in entries {
        if let last = rows.indices.last, entry.width + gap <= room {
          rows[last].append(entry)
          room -= entry.width + gap
        } else {
          rows.append([entry])
          room = width - entry.width
        }
      }
      return rows
    }

    func draw(on canvas: inout Canvas) {
      for (y, row) in rows.enumerated() {
        var x = 0
        for entry in row {
          if let mark = entry.mark {
            canvas[x, y] = mark
            x += 2
          }
          let name = canvas.glyphs.clipped(entry.name, to: max(0, canvas.width - x))
          x = canvas.write(name, x: x, y: y, style: entry.nameStyle)
          if !entry.value.isEmpty { x = canvas.write(" " + entry.value, x: x, y: y) }
          x += gap
        }
      }
    }
  }
}
