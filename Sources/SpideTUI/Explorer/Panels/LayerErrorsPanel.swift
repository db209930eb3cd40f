import Glibc
import SpideConfiguration
import SpideEngine
import SpideExperiment

/// Each layer's rates and `β` against the exact ones, and where the exact `β` lie in what backward spikes can say.
struct LayerErrorsPanel: InspectionPanel {
  let id: PanelID = "layer-errors"
  let heading = "Layers"
  let summary =
    "Rate error, gate flips, β error of each layer, and its exact β beside what spikes can say."

  func titles(_ model: Model) -> [String] {
    [
      "Layers against exact solutions; \(Self.window(model))", "Layers; \(Self.window(model))",
      heading,
    ]
  }

  func arrow(_ model: Model, down rows: Int) -> Action { .selectLayer(model.unit.layer + rows) }

  func wheel(_ model: Model, up: Bool) -> [Action]? {
    [.selectLayer(model.unit.layer + (up ? -1 : 1))]
  }

  /// What lies between the lines of each layer's picture.
  private static func window(_ model: Model) -> String {
    let (low, high) = (model.dynamics.resolution, model.dynamics.backward.resetAmount)
    return "|β*| from \(NumberText.short(low)) to Vb \(NumberText.short(Double(high)))"
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let found = model.inspection else { return canvas.hint(model.inspectionHint, in: rect) }
    let count = found.layers.count
    // Two rows at least: words, then a picture.
    let rows = min(max(2, rect.height / count), 14)
    let visible = visibleRows(
      0, selected: model.unit.layer, count: count, height: max(1, rect.height / rows))
    for (place, layer) in visible.enumerated() {
      let y = rect.y + place * rows
      draw(
        layer, found.layers[layer], model,
        in: Rect(
          x: rect.x, y: y, width: rect.width, height: min(rows, rect.bottom - y)), on: &canvas)
    }
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    guard let count = model.inspection?.layers.count else { return [] }
    let rows = min(max(2, rect.height / count), 14)
    let visible = visibleRows(
      0, selected: model.unit.layer, count: count, height: max(1, rect.height / rows))
    let layer = visible.lowerBound + y / rows
    return visible.contains(layer) ? [.selectLayer(layer)] : []
  }

  /// A layer: its name, facts in as many rows as they need, then the picture of its exact `β`.
  private func draw(
    _ layer: Int, _ measure: LayerMeasure, _ model: Model, in rect: Rect, on canvas: inout Canvas
  ) {
    let isSelected = layer == model.unit.layer
    let style = isSelected ? Style(.accent, bold: true) : Style(.normal, bold: true)
    if isSelected { canvas[rect.x, rect.y] = Cell(canvas.glyphs.pointer, style) }
    let name = "L\(layer)"
    canvas.write(name, x: rect.x + 2, y: rect.y, style: style)
    let left = rect.x + 2 + max(3, name.count) + 1
    var (x, y) = (left, rect.y)
    let picture = rect.height > 2 ? 1 : 0
    for (label, value) in Self.facts(measure) {
      let width = canvas.glyphs.width(label) + 1 + canvas.glyphs.width(value)
      if x + width > rect.right {
        guard y + 1 < rect.bottom - picture else { break }
        (x, y) = (left, y + 1)
      }
      x = canvas.write(label, x: x, y: y, style: Style(.faint)) + 1
      x = canvas.write(value, x: x, y: y) + 2
    }
    let below = Rect(x: left, y: y + 1, width: rect.right - left, height: rect.bottom - y - 1)
    drawWindow(measure, model, in: below, on: &canvas)
  }

  private static func facts(_ measure: LayerMeasure) -> [(String, String)] {
    func short(_ value: Double?) -> String { value.map(NumberText.short) ?? "–" }
    func percent(_ value: Double?) -> String { value.map { NumberText.percent($0) } ?? "–" }
    return [
      ("|a\u{2212}a*|", short(measure.rateError)), ("bias", short(measure.rateBias)),
      ("gate flips", percent(measure.gateFlips)), ("β error", short(measure.betaError)),
      ("silent", percent(measure.silent)), ("below resolution", percent(measure.belowResolution)),
      ("saturated", percent(measure.saturated)),
      ("|u|/Vth,b", short(measure.largestPotential)),
      ("a rate", short(measure.forwardRate)), ("β rate", short(measure.backwardRate)),
    ]
  }

  /// The sizes of the exact `β`, and the loss scale with which the largest would just be `V_b`.
  private func drawWindow(
    _ measure: LayerMeasure, _ model: Model, in rect: Rect, on canvas: inout Canvas
  ) {
    guard !rect.isEmpty, let sizes = measure.exactBetas else { return }
    let scale = Double(model.dynamics.lossScale)
    let unit = Double(model.dynamics.backward.resetAmount)
    let words =
      sizes.largest > 0
      ? "full at s_c \(NumberText.short(scale * unit / sizes.largest))" : "all β* are 0"
    let room = canvas.glyphs.width(words) + 1
    let resolution = model.dynamics.resolution
    let window = SizeWindow(
      bins: sizes.bins, low: 2 * log2(resolution / unit) + Double(BetaSizes.unitBin),
      high: Double(BetaSizes.unitBin))
    let label = "|β*| "
    canvas.write(label, x: rect.x, y: rect.bottom - 1, style: Style(.faint))
    let start = canvas.glyphs.width(label)
    let width = rect.width - start - room
    guard width >= 8 else { return }
    canvas.draw(
      window, in: Rect(x: rect.x + start, y: rect.y, width: width, height: rect.height))
    canvas.write(words, endingAt: rect.right, y: rect.bottom - 1)
  }
}
