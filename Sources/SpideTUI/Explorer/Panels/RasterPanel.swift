import SpideConfiguration
import SpideEngine

/// The spikes of the selected layer in one stage, neurons in file order (channels first) by time step.
struct RasterPanel: Panel {
  static let forward = RasterPanel(
    id: "forward-raster", heading: "Forward spikes",
    summary: "Spikes of the selected layer in the forward stage: neuron by time step.",
    kind: .binary)
  static let backward = RasterPanel(
    id: "backward-raster", heading: "Backward spikes",
    summary: "Positive and negative spikes of the selected layer in the backward stage.",
    kind: .ternary)

  let id: PanelID
  let heading: String
  let summary: String
  private let kind: SpikeRaster.Kind
  /// The layer that it is pinned to; nil for the selected one.
  private var layer: Int?

  private init(id: PanelID, heading: String, summary: String, kind: SpikeRaster.Kind) {
    self.id = id
    self.heading = heading
    self.summary = summary
    self.kind = kind
  }

  func pinned(to layer: Int) -> (any Panel)? {
    var pinned = self
    pinned.layer = layer
    return pinned
  }

  /// The layer shown; nil where the network has none of that number.
  private func shownLayer(_ model: Model) -> Int? {
    let layer = layer ?? model.unit.layer
    return model.plan.layers.indices.contains(layer) ? layer : nil
  }

  /// Which neurons and what their signs look like stay longest.
  func titles(_ model: Model) -> [String] {
    guard let index = shownLayer(model) else { return [heading] }
    let shape = model.plan.layers[index]
    let layer = "L\(index) \(shape)"
    let neurons = "\(layer) \(shape.count == 1 ? "neuron" : "neurons")"
    let (positive, negative) = (model.glyphs.positive, model.glyphs.negative)
    switch kind {
    case .binary:
      return ["\(heading)  \(neurons)", "Forward \(layer) neurons", "Forward \(layer)", layer]
    case .ternary:
      let signs = "+\(positive) −\(negative)"
      return [
        "\(heading)  \(neurons)   + \(positive)  − \(negative)", "\(heading)  \(layer)  \(signs)",
        "Backward \(layer) \(signs)", "\(layer) \(signs)",
      ]
    }
  }

  func rightTitles(_ model: Model) -> [String] {
    model.rasters.unitsPerRow.map { [$0 == 1 ? "1 a row" : "\($0) a row"] } ?? []
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let layer = shownLayer(model) else {
      canvas.hint("no layer L\(layer ?? 0) in this network", in: rect)
      return
    }
    canvas.draw(raster(model, layer, height: rect.height), in: rect)
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    guard let layer = shownLayer(model) else { return [] }
    let raster = raster(model, layer, height: rect.height)
    var actions: [Action] = []
    if let unit = raster.unit(atRow: y, height: rect.height) {
      if layer != model.unit.layer { actions.append(.selectLayer(layer)) }
      actions.append(.selectUnit(unit))
    }
    if let step = raster.step(atColumn: x, width: rect.width, height: rect.height) {
      actions.append(.scrub(to: kind == .binary ? .forward(step) : .backward(step)))
    }
    return actions
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? { [.zoomRaster(up ? 1 : -1)] }

  private func raster(_ model: Model, _ layer: Int, height: Int) -> SpikeRaster {
    let session = model.session
    let shape = model.plan.layers[layer]
    let isForward = kind == .binary
    let isSelected = layer == model.unit.layer
    let recorded = (isForward ? session.forwardSpikes : session.backwardSpikes)[layer]
    let done = isForward ? model.stepsShown.forward : model.stepsShown.backward
    let cursor: Int?
    switch (session.moment, kind) {
    case (.forward(let step), .binary), (.backward(let step), .ternary): cursor = step
    default: cursor = nil
    }
    return SpikeRaster(
      kind: kind, steps: recorded.prefix(done).map { inFileOrder($0, shape) },
      stepCount: isForward
        ? model.session.dynamics.forwardSteps : model.session.dynamics.backwardSteps,
      cursor: cursor, unitCount: shape.count,
      firstUnit: isSelected ? model.rasters.firstUnit : 0,
      unitsPerRow: (isSelected ? model.rasters.unitsPerRow : nil)
        ?? SpikeRaster.fittingZoom(unitCount: shape.count, height: height),
      selectedUnit: isSelected ? model.selectedIndex : nil)
  }

  private func inFileOrder(_ events: SpikeEvents, _ shape: LayerShape) -> SpikeEvents {
    if shape.positions == 1 || shape.channels == 1 { return events }
    let codes = events.codes.map { code in
      let index = Int32(shape.channelsFirstIndex(SpikeEvents.unit(code)))
      return code < 0 ? ~index : index
    }
    return SpikeEvents(codes: codes.sorted { SpikeEvents.unit($0) < SpikeEvents.unit($1) })
  }
}
