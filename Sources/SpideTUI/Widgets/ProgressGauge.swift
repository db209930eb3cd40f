import SpideExperiment

/// One row that says how far something has come: label, bar, percentage, detail.
public struct ProgressGauge: Widget {
  /// What progresses.
  public var label: String
  /// 0 … 1.
  public var fraction: Double
  /// More, such as the time left; the first to go where there is no room.
  public var detail: String

  /// A gauge.
  public init(_ label: String, fraction: Double, detail: String = "") {
    self.label = label
    self.fraction = fraction
    self.detail = detail
  }

  package func draw(on canvas: inout Canvas) {
    let glyphs = canvas.glyphs
    var left = label.isEmpty ? "" : glyphs.plain(label) + " "
    let percent = NumberText.percent(
      fraction.isFinite ? min(max(fraction, 0), 1) : fraction, decimals: 0)
    let padding = String(repeating: " ", count: max(0, 4 - glyphs.width(percent)))
    var right = " " + padding + glyphs.plain(percent)
    if !detail.isEmpty {
      let longer = right + "  " + glyphs.plain(detail)
      if glyphs.width(left + longer) + 10 <= canvas.width { right = longer }
    }
    if glyphs.width(left + right) + 6 > canvas.width { left = "" }
    if glyphs.width(right) + 3 > canvas.width { right = "" }
    canvas.write(left, x: 0, y: 0, style: Style(.normal, bold: true))
    canvas.drawBar(
      fraction, x: glyphs.width(left), y: 0, width: canvas.width - glyphs.width(left + right),
      style: Style(.accent), track: Style(.faint))
    canvas.write(right, endingAt: canvas.width, y: 0)
  }
}
