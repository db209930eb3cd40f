import SpideExperiment

/// One row that says how far something has come: label, bar, percentage, detail.
public struct ProgressGauge: Widget {
  /// What progresses.
  public var label: String
  /// 0 … 1.
  public var fraction: Double
  /// How far it had come before it went back; nil where it has not.
  public var ahead: Double?
  /// More, such as the time left; the first to go where there is no room.
  public var detail: String

  /// A gauge.
  public init(_ label: String, fraction: Double, ahead: Double? = nil, detail: String = "") {
    self.label = label
    self.fraction = fraction
    self.ahead = ahead
    self.detail = detail
  }

  /// The share of the bar up to a column of a gauge of `width` columns; nil beside the bar.
  public func fraction(atColumn column: Int, width: Int, glyphs: Glyphs) -> Double? {
    let (left, right) = words(width: width, glyphs: glyphs)
    let bar = glyphs.width(left)..<max(glyphs.width(left), width - glyphs.width(right))
    guard bar.contains(column) else { return nil }
    return Double(column - bar.lowerBound + 1) / Double(bar.count)
  }

  package func draw(on canvas: inout Canvas) {
    let glyphs = canvas.glyphs
    let (left, right) = words(width: canvas.width, glyphs: glyphs)
    canvas.write(left, x: 0, y: 0, style: Style(.normal, bold: true))
    let x = glyphs.width(left)
    let width = canvas.width - x - glyphs.width(right)
    var done = fraction
    if let ahead {
      // Of whole cells: in a part of one the rest could not be seen.
      done = (fraction * Double(max(1, width))).rounded() / Double(max(1, width))
      canvas.drawBar(
        ahead, x: x, y: 0, width: width, style: Style(.accent, dim: true), track: Style(.faint))
    }
    canvas.drawBar(
      done, x: x, y: 0, width: width, style: Style(.accent, bold: ahead != nil),
      track: ahead == nil ? Style(.faint) : nil)
    canvas.write(right, endingAt: canvas.width, y: 0)
  }

  /// What stands at either side of the bar, as far as there is room.
  private func words(width: Int, glyphs: Glyphs) -> (left: String, right: String) {
    var left = label.isEmpty ? "" : glyphs.plain(label) + " "
    let percent = NumberText.percent(
      fraction.isFinite ? min(max(fraction, 0), 1) : fraction, decimals: 0)
    let padding = String(repeating: " ", count: max(0, 4 - glyphs.width(percent)))
    var right = " " + padding + glyphs.plain(percent)
    if !detail.isEmpty {
      let longer = right + "  " + glyphs.plain(detail)
      if glyphs.width(left + longer) + 10 <= width { right = longer }
    }
    if glyphs.width(left + right) + 6 > width { left = "" }
    if glyphs.width(right) + 3 > width { right = "" }
    return (left, right)
  }
}
