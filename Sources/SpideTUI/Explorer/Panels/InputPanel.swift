import SpideConfiguration
import SpideEngine

/// The sample that the network sees, over time its mean; three channels in colour, of others their mean.
struct InputPanel: Panel {
  let id: PanelID = "input"
  let heading = "Input"
  let summary = "The sample that the network sees, with its label."

  func titles(_ model: Model) -> [String] {
    let number = (model.sample.part == .test ? "" : "train ") + "#\(model.sample.index)"
    let label = model.session.label.map { model.source.classNames[$0] }
    guard model.sample.augmentation != nil else {
      return [
        number + (label.map { "  label \($0)" } ?? ""), number + (label.map { ": \($0)" } ?? ""),
      ]
    }
    let short = label.map { ": \($0)" } ?? ""
    return [
      number + ", augmented" + (label.map { "  label \($0)" } ?? ""),
      number + " augmented" + short, "#\(model.sample.index) augmented" + short,
      "#\(model.sample.index) augm." + short, number + short,
    ]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let shape = model.plan.inputShape
    let values = model.session.input.mean
    if shape.isFlat {
      canvas.draw(HeatMap(columns: shape.count, rows: 1, values: values), in: rect)
      return
    }
    if shape.channels == 3 {
      canvas.draw(colored(values, shape, model.preset.data.normalization), in: rect)
      return
    }
    let brightness = (0..<shape.positions).map { place in
      (0..<shape.channels).reduce(Float(0)) { $0 + values[$1 * shape.positions + place] }
        / Float(shape.channels)
    }
    canvas.draw(Picture(columns: shape.width, rows: shape.height, values: brightness), in: rect)
  }

  /// Red, green and blue as they were before they were centred.
  private func colored(
    _ values: [Float], _ shape: LayerShape, _ normalization: Normalization?
  ) -> Picture {
    let channels = (0..<3).map { channel in
      let std = normalization?.std[channel] ?? 1
      let mean = normalization?.mean[channel] ?? 0
      return values[channel * shape.positions..<(channel + 1) * shape.positions].map {
        min(max($0 * std + mean, 0), 1)
      }
    }
    let brightness = (0..<shape.positions).map { place in
      0.299 * channels[0][place] + 0.587 * channels[1][place] + 0.114 * channels[2][place]
    }
    var picture = Picture(
      columns: shape.width, rows: shape.height, values: brightness, range: 0...1)
    picture.channels = channels
    return picture
  }
}
