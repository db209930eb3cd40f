import SpideConfiguration
import SpideEngine

/// The sample that the network sees, over time its mean; of several channels their mean.
struct InputPanel: Panel {
  let id: PanelID = "input"
  let heading = "Input"
  let summary = "The sample that the network sees, with its label."

  func titles(_ model: Model) -> [String] {
    let number = (model.sample.part == .test ? "" : "train ") + "#\(model.sample.index)"
    let label = model.session.label.map { model.source.classNames[$0] }
    return [
      number + (label.map { "  label \($0)" } ?? ""), number + (label.map { ": \($0)" } ?? ""),
    ]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let shape = model.plan.inputShape
    let values = model.session.input.mean
    if shape.isFlat {
      canvas.draw(HeatMap(columns: shape.count, rows: 1, values: values), in: rect)
      return
    }
    let brightness = (0..<shape.positions).map { place in
      (0..<shape.channels).reduce(Float(0)) { $0 + values[$1 * shape.positions + place] }
        / Float(shape.channels)
    }
    canvas.draw(Picture(columns: shape.width, rows: shape.height, values: brightness), in: rect)
  }
}
