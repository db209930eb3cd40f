import SpideConfiguration
import SpideEngine
import SpideExperiment

/// How likely each class is, once the readout is done.
struct ClassesPanel: Panel {
  let id: PanelID = "classes"
  let heading = "Classes"
  let summary = "Softmax of the readout: how likely each class is."

  func rightTitles(_ model: Model) -> [String] {
    guard let readout = model.session.readout, let label = model.session.label else { return [] }
    let loss = Double(readout.loss(label: label))
    return ["loss \(loss < 0.0005 ? NumberText.short(loss) : NumberText.fixed(loss, decimals: 3))"]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    canvas.draw(Self.bars(model, model.session), in: rect)
  }

  /// The classes of a run of the sample.
  static func bars(_ model: Model, _ session: Session) -> BarList {
    let names = model.source.classNames
    let readout = session.readout
    return BarList(
      items: (0..<model.plan.classes).map { index in
        let probability = readout.map { Double($0.probabilities[index]) } ?? 0
        return BarList.Item(
          index < names.count ? names[index] : "\(index)", value: probability,
          text: readout == nil ? "" : NumberText.rate(probability),
          isChecked: session.label == index, isHighlighted: readout?.prediction == index)
      })
  }
}
