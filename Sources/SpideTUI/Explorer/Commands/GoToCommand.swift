import SpideEngine

extension Command {
  /// To a moment, a layer, a neuron or an update of training: `F12`, `B30`, `readout`, `update`, `start`; `L1`, `L1 17`,
  /// `17`, `L1 2,4,1`; `update 80`.
  static let goTo = Command(
    "goto",
    "F12 | B30 | readout | update | start | L1 | L1 17 | L1 CHANNEL,ROW,COLUMN | update 80 "
      + "| epoch 2",
    .phrases { model, words in
      switch words.first {
      case nil:
        ["start", "readout", "update", "epoch"] + model.plan.layers.indices.map { "L\($0)" }
      case "update": words.count == 1 ? model.offeredUpdates : []
      default: []
      }
    }
  ) { model, arguments throws(CommandError) in
    let words = arguments.words
    guard let first = words.first, words.count <= 2 else { throw arguments.misuse }
    let timeline = model.timeline
    func time(_ moment: Moment, _ step: Int, _ last: Int) throws(CommandError) -> Int {
      guard (1...last).contains(step) else {
        throw CommandError("step \(step) is not there; steps are 1 … \(last)")
      }
      return timeline.position(of: moment)
    }
    let layers = model.plan.layers
    let number = Int(first.dropFirst())
    switch (first.first?.uppercased(), number, words.count) {
    case ("F", let step?, 1):
      model.move(to: try time(.forward(step), step, timeline.forwardSteps))
    case ("B", let step?, 1):
      model.move(to: try time(.backward(step), step, timeline.backwardSteps))
    case ("L", let layer?, _):
      guard layers.indices.contains(layer) else {
        throw CommandError("layer \(layer) is not there; layers are 0 … \(layers.count - 1)")
      }
      let index = words.count == 2 ? try layers[layer].index(named: words[1]) : nil
      if layer != model.unit.layer { model.select(layer: layer) }
      if let index { model.select(index: index) }
    default:
      switch first {
      case "update" where words.count == 2: return try model.travel(toTyped: words[1])
      case "epoch" where words.count == 2:
        let (update, isOver) = (Int(words[1]) ?? -1)
          .multipliedReportingOverflow(by: Int(model.batchesInEpoch))
        guard update >= 0, !isOver else {
          throw CommandError("\(echo(words[1])) is no number of epochs")
        }
        return try model.travel(toTyped: "\(update)")
      case "start": model.move(to: 0)
      case "readout": model.move(to: timeline.position(of: .readout))
      case "update": model.move(to: timeline.end)
      default:
        guard words.count == 1 else { throw arguments.misuse }
        model.select(index: try layers[model.unit.layer].index(named: first))
      }
    }
    return []
  }
}

extension LayerShape {
  /// `17`, `#17` or `CHANNEL,ROW,COLUMN`, in file order.
  fileprivate func index(named word: Substring) throws(CommandError) -> Int {
    guard let index = index(typed: word) else {
      throw CommandError("\(echo(word)) is no neuron; \(expectedIndex)")
    }
    return index
  }

  /// The same; nil for anything else.
  func index(typed word: Substring) -> Int? {
    let parts = word.drop { $0 == "#" }.split(separator: ",").map { Int($0) }
    switch parts.count {
    case 1:
      if let index = parts[0], (0..<count).contains(index) { return index }
    case 3:
      if let channel = parts[0], let row = parts[1], let column = parts[2],
        (0..<channels).contains(channel), (0..<height).contains(row),
        (0..<width).contains(column)
      {
        return (channel * height + row) * width + column
      }
    default: break
    }
    return nil
  }

  /// What names a neuron, in words.
  var expectedIndex: String {
    "a number 0 … \(count - 1)" + (positions > 1 ? " or CHANNEL,ROW,COLUMN of \(self)" : "")
  }
}
