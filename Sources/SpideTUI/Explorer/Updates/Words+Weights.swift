import SpideEngine
import SpideExperiment

extension NumberText {
  /// So many significant digits, without zeros that say nothing: `0.9`, `−32.12`, `3.876e−5`.
  package static func significant(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite, value != 0 else { return fixed(value, decimals: 0) }
    var (mantissa, exponent) = (abs(value), 0)
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    func trimmed(_ text: String) -> String {
      var text = text
      guard text.contains(".") else { return text }
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
      return text
    }
    if (-3..<5).contains(exponent) {
      return trimmed(fixed(value, decimals: max(0, digits - 1 - exponent)))
    }
    let sign = value < 0 ? "−" : ""
    return sign + trimmed(fixed(mantissa, decimals: digits - 1))
      + "e\(exponent < 0 ? "−" : "")\(abs(exponent))"
  }
}

/// How the explorer writes weights.
extension Words {
  /// `L0 #12 → L1 #5`, `x #3 → L0 #9`, `L1 #5 → class 3`, `L0 ch 2 → L1 ch 7 tap 1,0`, `bias L1 #5`.
  static func weight(_ weight: WeightIndex, _ plan: NetworkPlan) -> String {
    let link = plan.link(ofParameter: weight.parameter)
    let ends = SynapseSpikes.layers(link, plan)
    let target = ends.target.map { "L\($0) " } ?? ""
    guard let place = plan.weightPlace(of: weight) else {
      let isUnit = link.map { plan.isDense($0) } ?? true
      return "bias " + (ends.target == nil ? "class " : target + (isUnit ? "#" : "ch "))
        + "\(weight.index)"
    }
    let source = ends.source.map { "L\($0) " } ?? "x "
    if let tap = place.tap {
      return
        "\(source)ch \(place.source) → \(target)ch \(place.target) tap \(tap.row),\(tap.column)"
    }
    let shape = link.map { plan.source(of: $0) } ?? plan.layers[plan.layers.count - 1]
    let from = "\(source)#\(shape.channelsFirstIndex(place.source))"
    guard let layer = ends.target else { return "\(from) → class \(place.target)" }
    return "\(from) → \(neuron(UnitID(layer: layer, unit: place.target), plan))"
  }

  /// `links.0.weight[5,12]`: the parameter, and the weight's place in it as PyTorch has it.
  static func element(_ weight: WeightIndex, _ plan: NetworkPlan) -> String {
    let specification = plan.parameters[weight.parameter]
    let places = specification.indices(of: weight.index).map(String.init).joined(separator: ",")
    return "\(specification.name)[\(places)]"
  }

  /// `update 12: ‖Δw‖ 0.0412, most links.0.weight 0.8% of ‖w‖, loss 2.31 → 2.28`.
  static func update(_ account: UpdateAccount) -> String {
    var text = "update \(account.update.number): ‖Δw‖ \(NumberText.short(account.whole.change))"
    if let most = account.mostChanged, let relative = most.relative {
      text += ", most \(most.name) \(NumberText.percent(relative)) of ‖w‖"
    }
    return text + ", loss " + loss(account)
  }

  /// `2.31 → 2.28`: the loss of an update's batch, before it and after it where that is known.
  static func loss(_ account: UpdateAccount) -> String {
    [account.update.loss, account.lossAfter].compactMap { $0 }.map { NumberText.short($0) }
      .joined(separator: " → ")
  }
}

extension ParameterSpecification {
  /// The places of a number in every dimension.
  func indices(of index: Int) -> [Int] {
    var (rest, places) = (index, [Int]())
    for size in shape.reversed() {
      places.append(rest % size)
      rest /= size
    }
    return places.reversed()
  }

  /// The number at these places; nil where there is none.
  func index(at places: [Int]) -> Int? {
    guard places.count == shape.count else { return nil }
    var index = 0
    for (place, size) in zip(places, shape) {
      guard (0..<size).contains(place) else { return nil }
      index = index * size + place
    }
    return index
  }
}
