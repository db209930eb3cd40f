import SpideExperiment

/// The network from the input down: layers with their firing rates, links between them, feedback as an arc at the right.
public struct NetworkMap: Widget {
  /// One layer with the link into it.
  public struct Layer: Hashable, Sendable {
    /// Its name, such as `L0`.
    public var name: String
    /// Its size, such as `128` or `64×14×14`.
    public var size: String
    /// The link into it, such as `dense`.
    public var link: String
    /// Mean firing rate so far in the forward stage, if known.
    public var forwardRate: Double?
    /// The same for the backward stage, spikes of either sign.
    public var backwardRate: Double?

    /// A layer.
    public init(
      name: String, size: String, link: String, forwardRate: Double? = nil,
      backwardRate: Double? = nil
    ) {
      self.name = name
      self.size = size
      self.link = link
      self.forwardRate = forwardRate
      self.backwardRate = backwardRate
    }
  }

  /// What goes in, such as `input 8×8`.
  public var input: String
  /// From the input side.
  public var layers: [Layer]
  /// The link from the last layer back to the first, if there is one.
  public var feedback: String?
  /// The layer that is marked.
  public var selected: Int?

  /// A map.
  public init(input: String, layers: [Layer], feedback: String? = nil, selected: Int? = nil) {
    self.input = input
    self.layers = layers
    self.feedback = feedback
    self.selected = selected
  }

  /// The layer shown in `row` of a map of `height` rows; nil for links, input and blanks.
  public func layer(atRow row: Int, height: Int) -> Int? {
    let rows = window(height: height).rows
    guard rows.indices.contains(row) else { return nil }
    switch rows[row] {
    case .forward(let layer), .backward(let layer): return layer
    case .input, .link, .feedback: return nil
    }
  }

  package func draw(on canvas: inout Canvas) {
    let glyphs = canvas.glyphs
    let window = window(height: canvas.height)
    let rows = window.rows
    let names = (layers.map { glyphs.width($0.name) }.max() ?? 0) + 1
    let sizes = layers.map { glyphs.width($0.size) }.max() ?? 0
    let arc = feedback != nil && canvas.width >= 8 ? 3 : 0
    let inside = canvas.width - arc
    // Pointer, name, size, rate, bar: the later ones go first.
    let rateColumn = 1 + names + sizes + 1
    let hasRates = inside >= rateColumn + 5
    let bar = inside - rateColumn - 6
    for (y, row) in rows.enumerated() {
      switch row {
      case .input:
        canvas.write(glyphs.clipped(input, to: canvas.width - 1), x: 1, y: y)
      case .link(let index):
        canvas.write(
          glyphs.clipped("\(glyphs.downArrow) \(layers[index].link)", to: inside - 2), x: 2, y: y,
          style: Style(.faint))
      case .forward(let index):
        let isSelected = index == selected
        let style = isSelected ? Style(.accent, bold: true) : .plain
        if isSelected { canvas[0, y] = Cell(glyphs.pointer, style) }
        canvas.write(layers[index].name, x: 1, y: y, style: style, maxWidth: inside - 1)
        canvas.write(
          glyphs.clipped(layers[index].size, to: inside - 1 - names), x: 1 + names, y: y,
          style: isSelected ? style : Style(.faint))
        if let rate = layers[index].forwardRate, hasRates {
          canvas.write(NumberText.rate(rate), x: rateColumn, y: y, style: style)
          canvas.drawBar(rate, x: rateColumn + 6, y: y, width: bar, style: Style(.spike))
        }
      case .backward(let index):
        guard let rate = layers[index].backwardRate, hasRates else { continue }
        canvas.write("\(glyphs.positive)", x: rateColumn - 3, y: y, style: Style(.positive))
        canvas.write("\(glyphs.negative)", x: rateColumn - 2, y: y, style: Style(.negative))
        canvas.write(NumberText.rate(rate), x: rateColumn, y: y)
        canvas.drawBar(rate, x: rateColumn + 6, y: y, width: bar, style: Style(.positive))
      case .feedback:
        canvas.write(
          glyphs.clipped("\(glyphs.loop) \(feedback ?? "")", to: inside - 2), x: 2, y: y,
          style: Style(.accent))
      }
    }
    if arc > 0 { drawArc(rows, on: &canvas) }
    if window.hasMoreAbove, canvas[0, 0] == .blank {
      canvas[0, 0] = Cell(glyphs.upArrow, Style(.faint))
    }
    if window.hasMoreBelow, canvas[0, rows.count - 1] == .blank {
      canvas[0, rows.count - 1] = Cell(glyphs.downArrow, Style(.faint))
    }
  }

  /// From the feedback row up the right edge to the first layer, as far as these rows are in sight.
  private func drawArc(_ rows: [Row], on canvas: inout Canvas) {
    let style = Style(.accent)
    let parts = canvas.glyphs.frame(heavy: false)
    let first = rows.firstIndex(of: .forward(0))
    let last = rows.firstIndex(of: .feedback)
    let right = canvas.width - 1
    for y in (first ?? -1) + 1..<max((first ?? -1) + 1, last ?? rows.count) {
      canvas[right, y] = Cell(parts.vertical, style)
    }
    if let first {
      canvas[right - 1, first] = Cell(canvas.glyphs.leftArrow, style)
      canvas[right, first] = Cell(parts.topRight, style)
    }
    if let last {
      let end = (0..<right).last { canvas[$0, last].character != " " } ?? 0
      for x in end + 2..<max(end + 2, right) { canvas[x, last] = Cell(parts.horizontal, style) }
      canvas[right, last] = Cell(parts.bottomRight, style)
    }
  }

  private enum Row: Hashable {
    case input
    case link(Int)
    case forward(Int)
    case backward(Int)
    case feedback
  }

  /// The rows in sight: links go first where there is no room, then backward rates, then rows far from the selected layer.
  private func window(height: Int) -> (rows: [Row], hasMoreAbove: Bool, hasMoreBelow: Bool) {
    func all(links: Bool, backward: Bool) -> [Row] {
      var rows: [Row] = [.input]
      for (index, layer) in layers.enumerated() {
        if links { rows.append(.link(index)) }
        rows.append(.forward(index))
        if backward, layer.backwardRate != nil { rows.append(.backward(index)) }
      }
      if feedback != nil { rows.append(.feedback) }
      return rows
    }
    for (links, backward) in [(true, true), (false, true)] {
      let rows = all(links: links, backward: backward)
      if rows.count <= height { return (rows, false, false) }
    }
    let rows = all(links: false, backward: false)
    let focus = selected.flatMap { rows.firstIndex(of: .forward($0)) }
    let visible = visibleRows(
      (focus ?? 0) - height / 2, selected: focus, count: rows.count, height: height)
    return (Array(rows[visible]), visible.lowerBound > 0, visible.upperBound < rows.count)
  }
}
