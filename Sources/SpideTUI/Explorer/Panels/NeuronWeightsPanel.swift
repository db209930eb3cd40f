import SpideConfiguration
import SpideEngine
import SpideExperiment

/// Weights into the selected neuron, in the shape of what it looks at.
struct NeuronWeightsPanel: Panel {
  let id: PanelID = "neuron-weights"
  let heading = "Weights"
  let summary = "Weights into the selected neuron."

  func titles(_ model: Model) -> [String] {
    let unit = Words.unit(model.unit, model.plan)
    return ["Weights into \(unit)", unit]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    if let map = map(model) {
      canvas.draw(map, in: rect)
    } else {
      canvas.hint("a pool has no weights", in: rect)
    }
  }

  /// Tiles of the source's channels, in a grid that is about square.
  private func map(_ model: Model) -> HeatMap? {
    let (unit, plan) = (model.unit, model.plan)
    let link: LinkID = unit.layer == 0 ? .input : .link(unit.layer - 1)
    guard let weight = model.parameters[link.name + ".weight"],
      let part = plan.link(link)?.kind.incomingWeights(
        of: unit.unit, source: plan.source(of: link), target: plan.layers[unit.layer])
    else { return nil }
    func value(_ channel: Int, _ y: Int, _ x: Int) -> Float { weight[part.index(channel, y, x)] }
    if part.isRow {
      let width = Int(Double(part.width).squareRoot().rounded(.up))
      let height = (part.width + width - 1) / width
      let values = (0..<width * height).map { $0 < part.width ? value(0, 0, $0) : 0 }
      return HeatMap(columns: width, rows: height, values: values)
    }
    if part.channels == 1 {
      return HeatMap(
        columns: part.width, rows: part.height,
        values: (0..<part.width * part.height).map { value(0, $0 / part.width, $0 % part.width) })
    }
    let across = Int(Double(part.channels).squareRoot().rounded(.up))
    let down = (part.channels + across - 1) / across
    let columns = across * (part.width + 1) - 1
    let rows = down * (part.height + 1) - 1
    var values = [Float](repeating: 0, count: columns * rows)
    for channel in 0..<part.channels {
      for y in 0..<part.height {
        for x in 0..<part.width {
          let column = channel % across * (part.width + 1) + x
          let row = channel / across * (part.height + 1) + y
          values[row * columns + column] = value(channel, y, x)
        }
      }
    }
    return HeatMap(columns: columns, rows: rows, values: values)
  }
}
