import SpideEngine

/// Where everything of a score stands: drawing and the mouse read the same rows and columns.
struct ScoreLayout {
  /// The rows of one layer.
  struct Staff {
    let layer: Int
    let y: Int
    let rows: StaffRows
    /// Rows in use.
    let height: Int
  }

  /// Columns before the time axis.
  let gutter: Int
  let axis: ScoreAxis
  /// Whether the top row numbers the steps.
  let hasAxis: Bool
  /// From the top, those in sight.
  private(set) var staffs: [Staff] = []
  /// Rows of links, each above its layer.
  private(set) var links: [(layer: Int, y: Int)] = []
  /// Row of the feedback; nil where there is no room for it.
  private(set) var feedbackRow: Int?
  /// The row after the last of the staffs and the feedback.
  private(set) var staffEnd: Int
  /// Rows of the potential, its title included, over the whole width.
  private(set) var potential: Rect
  /// Whether layers are out of sight.
  let hasMoreAbove, hasMoreBelow: Bool

  init(_ score: Score, width: Int, height: Int, glyphs: Glyphs) {
    hasAxis = height >= 4
    let names = score.layers.map { glyphs.width("\($0.name) \($0.shape)") }.max() ?? 0
    let wanted = max(names + 1, 13) + (score.feedback == nil ? 1 : 3)
    let least = width >= 40 ? min(wanted, width * 2 / 5) : 0
    let first = ScoreAxis(
      forwardSteps: score.forwardSteps, backwardSteps: score.backwardSteps,
      columns: width - least)
    // What no step takes is the gutter's.
    gutter = least == 0 ? 0 : least + min(12, max(0, width - least - first.width))
    axis = first

    let count = score.layers.count
    var potentialRows =
      score.potential == nil || height < 9 ? 0 : height < 12 ? 3 : max(5, min(11, height / 4))
    var room = height - (hasAxis ? 1 : 0) - potentialRows
    let hasFeedback = score.feedback != nil && room > 2 * count
    if hasFeedback { room -= 1 }
    let hasLinks = room >= 10 * count
    if hasLinks { room -= count }
    let visible = visibleRows(
      score.selected.layer - max(1, room) / 2, selected: score.selected.layer, count: count,
      height: max(1, room))
    hasMoreAbove = visible.lowerBound > 0
    hasMoreBelow = visible.upperBound < count
    let needs = visible.map { score.rowsNeeded($0, glyphs) }
    let heights = ScoreLayout.share(
      room, needs: needs, selected: score.selected.layer - visible.lowerBound)
    // Rows that no layer needs are the potential's.
    if potentialRows > 0 { potentialRows += max(0, room - heights.reduce(0, +)) }
    var y = hasAxis ? 1 : 0
    for (layer, height) in zip(visible, heights) {
      if hasLinks {
        links.append((layer, y))
        y += 1
      }
      let rows = StaffRows(score, layer, rows: height, glyphs: glyphs)
      staffs.append(Staff(layer: layer, y: y, rows: rows, height: height))
      y += height
    }
    if hasFeedback {
      feedbackRow = y
      y += 1
    }
    staffEnd = y
    potential = Rect(x: 0, y: y, width: width, height: min(potentialRows, height - y))
  }

  /// Rows for each layer: one at least, then the one that has least of what it wants, the selected one before others.
  private static func share(_ room: Int, needs: [Int], selected: Int) -> [Int] {
    var rows = [Int](repeating: 1, count: needs.count)
    var left = room - needs.count
    while left > 0 {
      var best: Int?
      for index in rows.indices where rows[index] < needs[index] {
        func weight(_ index: Int) -> Int { index == selected ? 3 : 1 }
        guard let current = best else {
          best = index
          continue
        }
        if rows[index] * weight(current) < rows[current] * weight(index) { best = index }
      }
      guard let best else { break }
      rows[best] += 1
      left -= 1
    }
    return rows
  }

  /// The staff in a row, with the row counted from its top.
  func staff(at y: Int) -> (staff: Staff, row: Int)? {
    staffs.first { ($0.y..<$0.y + $0.height).contains(y) }.map { ($0, y - $0.y) }
  }
}

extension Score {
  /// Rows at which nothing of a layer has to be left out.
  fileprivate func rowsNeeded(_ layer: Int, _ glyphs: Glyphs) -> Int {
    let shape = layers[layer].shape
    if map != nil, layer == selected.layer { return max(3, shape.height + 1) }
    let perRow = layer == selected.layer ? voicesPerRow : nil
    let packed = shape.positions == 1 && glyphs == .braille ? 4 : 1
    let voices = perRow ?? packed
    return max(layer == selected.layer ? 3 : 2, (shape.channels + voices - 1) / voices)
  }
}

/// Which channels stand in which row of a staff.
package struct StaffRows: Hashable {
  /// Whether the first row is the whole layer, because not all of it has a row.
  package let hasWhole: Bool
  /// Channels in one row.
  let perRow: Int
  /// Place of the first channel in sight, among all in their order.
  let first: Int
  /// Rows of channels.
  let count: Int
  /// Channels in their order; nil for their numbers'.
  package let order: [Int]?
  private let voices: Int

  package init(_ score: Score, _ layer: Int, rows: Int, glyphs: Glyphs) {
    let shape = score.layers[layer].shape
    let voices = shape.channels
    let isSelected = layer == score.selected.layer
    let zoom = isSelected ? score.voicesPerRow.map { min(max(1, $0), voices) } : nil
    self.voices = voices
    func fits(_ perRow: Int, _ rows: Int) -> Bool { (voices + perRow - 1) / perRow <= rows }
    var perRow: Int
    if let zoom {
      perRow = zoom
    } else if shape.positions > 1 {
      perRow = 1
    } else {
      // Braille has four neurons in a cell, and no more than sixteen share a shade: more would be a mere texture.
      let fitting = (voices + max(1, rows) - 1) / max(1, rows)
      perRow = [1, 2, 4].first { fits($0, rows) } ?? fitting
      if perRow > 16 { perRow = glyphs == .braille ? 4 : 1 }
    }
    hasWhole = !fits(perRow, rows)
    count = max(0, hasWhole ? rows - 1 : (voices + perRow - 1) / perRow)
    self.perRow = perRow
    if score.isStrongestFirst, shape.positions > 1 {
      let own = score.layers[layer]
      let counts = zip(own.forward.channelCounts, own.backward.channelCounts)
      let totals = own.ranking.isEmpty ? counts.map { $0 + $1 } : own.ranking
      order = (0..<voices).sorted { totals[$0] == totals[$1] ? $0 < $1 : totals[$0] > totals[$1] }
    } else {
      order = nil
    }
    let place = isSelected ? order?.firstIndex(of: score.selected.voice) ?? score.selected.voice : 0
    let all = (voices + perRow - 1) / perRow
    let start = min(max(0, place / perRow - count / 2), max(0, all - count))
    first = start * perRow
  }

  /// The channels of a row, counted from the staff's top; nil for the whole layer's row and below the last.
  package func channels(atRow row: Int) -> ArraySlice<Int>? {
    let row = row - (hasWhole ? 1 : 0)
    guard (0..<count).contains(row) else { return nil }
    let start = first + row * perRow
    guard start < voices else { return nil }
    let end = min(voices, start + perRow)
    return order.map { $0[start..<end] } ?? ArraySlice(Array(start..<end))
  }

  /// The channels in sight, as places of the order.
  var shown: Range<Int> { first..<min(voices, first + count * perRow) }
}
