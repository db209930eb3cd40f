extension Parameters {
  /// Fresh weights (TheMethod.md, "Initial weights"). Biases of links are 0.
  public init(initial rule: InitialWeights, plan: NetworkPlan, seed: UInt64) {
    self.init(zerosFor: plan)
    for (index, specification) in specifications.enumerated() {
      var generator = SeededGenerator(seed: SeededGenerator.stream(seed, 1, UInt64(index)))
      let count = specification.count
      if specification.name.hasPrefix("classifier.") {
        let inputs = Float(plan.layers[plan.layers.count - 1].count)
        let limit = 1 / inputs.squareRoot()
        values[index] = (0..<count).map { _ in (2 * generator.unit() - 1) * limit }
        continue
      }
      guard specification.name.hasSuffix(".weight") else { continue }
      // PyTorch's fan_in is everything but the first dimension, which for a transposed convolution
      // counts its output channels.
      let kind = plan.kind(ofWeight: specification.name)
      let fanIn = specification.shape.dropFirst().reduce(1, *)
      switch rule {
      case .kaiming:
        let deviation = (2 / Float(fanIn)).squareRoot()
        values[index] = (0..<count).map { _ in generator.normal() * deviation }
      case .unit:
        values[index] = (0..<count).map { _ in 2 * generator.unit() - 1 }
        normalizeFilters(index, outputs: kind?.outputDimension ?? 0)
      }
      if let factor = kind?.initialFactor, factor != 1 {
        values[index] = values[index].map { $0 * factor }
      }
    }
  }

  /// Scales every output filter to length 1; the dimension `outputs` counts them.
  private mutating func normalizeFilters(_ index: Int, outputs: Int) {
    let specification = specifications[index]
    let filters = specification.shape[outputs]
    let stride = specification.shape.dropFirst(outputs + 1).reduce(1, *)
    var squares = [Float](repeating: 0, count: filters)
    for (position, value) in values[index].enumerated() {
      squares[position / stride % filters] += value * value
    }
    let lengths = squares.map { $0 > 0 ? $0.squareRoot() : 1 }
    for position in values[index].indices {
      values[index][position] /= lengths[position / stride % filters]
    }
  }
}

extension NetworkPlan {
  /// The kind of the link that has the weight of that name; nil for the classifier's.
  fileprivate func kind(ofWeight name: String) -> (any LinkKind.Type)? {
    allLinks.first { name == $0.name + ".weight" }.flatMap(link).map {
      type(of: $0.kind.base)
    }
  }
}

extension SeededGenerator {
  /// A standard normal number (Box and Muller's transform of two uniform ones).
  package mutating func normal() -> Float {
    let radius = (-2 * Elementary.log(Double(1 - unit()))).squareRoot()
    return Float(radius * Elementary.cosine(turns: Double(unit())))
  }
}
