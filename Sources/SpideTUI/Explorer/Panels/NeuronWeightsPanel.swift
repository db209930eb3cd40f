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
    let source = plan.source(of: link)
    let shape = plan.layers[unit.layer]
    guard let connection = plan.connection(link),
      let weight = model.parameters[link.name + ".weight"]
    else { return nil }
    let channel = unit.unit % shape.channels
    let tile: (width: Int, height: Int)
    let value: (_ channel: Int, _ y: Int, _ x: Int) -> Float
    switch connection.kind {
    case .averagePool: return nil
    case .dense:
      if source.isFlat || source.places == 1 {
        let width = Int(Double(source.count).squareRoot().rounded(.up))
        let height = (source.count + width - 1) / width
        let row = unit.unit * source.count
        let values = (0..<width * height).map { $0 < source.count ? weight[row + $0] : 0 }
        return HeatMap(columns: width, rows: height, values: values)
      }
      tile = (source.width, source.height)
      let row = shape.channelsFirstIndex(unit.unit) * source.count
      value = { weight[row + ($0 * tile.height + $1) * tile.width + $2] }
    case .convolution(_, let kernel, _, _):
      tile = (kernel, kernel)
      value = { weight[((channel * source.channels + $0) * kernel + $1) * kernel + $2] }
    case .transposedConvolution(let channels, let kernel, _, _, _):
      tile = (kernel, kernel)
      value = { weight[(($0 * channels + channel) * kernel + $1) * kernel + $2] }
    }
    if source.channels == 1 {
      return HeatMap(
        columns: tile.width, rows: tile.height,
        values: (0..<tile.width * tile.height).map { value(0, $0 / tile.width, $0 % tile.width) })
    }
    let across = Int(Double(source.channels).squareRoot().rounded(.up))
    let down = (source.channels + across - 1) / across
    let columns = across * (tile.width + 1) - 1
    let rows = down * (tile.height + 1) - 1
    var values = [Float](repeating: 0, count: columns * rows)
    for source in 0..<source.channels {
      for y in 0..<tile.height {
        for x in 0..<tile.width {
          let column = source % across * (tile.width + 1) + x
          let row = source / across * (tile.height + 1) + y
          values[row * columns + column] = value(source, y, x)
        }
      }
    }
    return HeatMap(columns: columns, rows: rows, values: values)
  }
}
