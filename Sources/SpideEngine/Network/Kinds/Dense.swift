/// Every unit to every unit: weight `[units, in]`. Its input is flattened channels-first, and so is its output where it
/// feeds back to a layer of feature maps.
package struct Dense: LinkKind {
  /// Units of the target.
  package let units: Int

  package static let name = "dense"
  package static let sizes = [
    LinkSize("units", LinkSize.counts, meaning: "a number of units", countsTarget: true)
  ]
  package static let outputDimension: Int? = 0

  package init(sizes: [Int]) { units = sizes[0] }
  package var sizes: [Int] { [units] }
  package var label: String { "dense" }

  package func outputShape(of input: LayerShape) throws(ShapeMismatch) -> LayerShape {
    LayerShape(units: units)
  }

  package func weightShape(source: LayerShape) -> [Int] { [units, source.count] }

  package func form(source: LayerShape, target: LayerShape) -> LinkForm { .dense }

  package func products(source: LayerShape, target: LayerShape) -> Int {
    source.count * target.count
  }

  package func forEachPair(
    source: LayerShape, target: LayerShape,
    _ body: (_ from: Int, _ to: Int, _ weight: Int?, _ fixed: Double) -> Void
  ) {
    for to in 0..<target.count {
      for from in 0..<source.count { body(from, to, to * source.count + from, 0) }
    }
  }

  package func incomingWeights(
    of unit: Int, source: LayerShape, target: LayerShape
  ) -> IncomingWeights? {
    let start = target.channelsFirstIndex(unit) * source.count
    if source.isFlat || source.positions == 1 {
      return IncomingWeights(
        channels: 1, height: 1, width: source.count, start: start, channelStep: 0, isRow: true)
    }
    return IncomingWeights(
      channels: source.channels, height: source.height, width: source.width, start: start,
      channelStep: source.positions)
  }
}

extension AnyLinkKind {
  /// Every unit to every unit of a layer of `units`.
  public static func dense(units: Int) -> AnyLinkKind { AnyLinkKind(Dense(sizes: [units])) }
}
