/// Means of `size × size` positions that do not overlap; rows and columns left over are dropped. No weight.
package struct AveragePool: LinkKind {
  /// Side of the window.
  package let size: Int

  package static let name = "average-pool"
  package static let sizes = [LinkSize(name, LinkSize.windows)]
  package static let outputDimension: Int? = nil

  package init(sizes: [Int]) { size = sizes[0] }
  package var sizes: [Int] { [size] }
  package var label: String { "pool \(size)" }

  package func outputShape(of input: LayerShape) throws(ShapeMismatch) -> LayerShape {
    try input.checkMaps(for: "a pool")
    guard input.height >= size, input.width >= size else {
      throw ShapeMismatch(
        "average-pool \(size) is larger than its input \(input.height)×\(input.width)",
        expected: "a smaller pool")
    }
    return LayerShape(
      channels: input.channels, height: input.height / size, width: input.width / size)
  }

  package func weightShape(source: LayerShape) -> [Int] { [] }

  package func form(source: LayerShape, target: LayerShape) -> LinkForm { .pool(size: size) }

  package func products(source: LayerShape, target: LayerShape) -> Int { source.count }

  package func forEachPair(
    source: LayerShape, target: LayerShape,
    _ body: (_ from: Int, _ to: Int, _ weight: Int?, _ fixed: Double) -> Void
  ) {
    for channel in 0..<target.channels {
      for y in 0..<target.height * size {
        for x in 0..<target.width * size {
          body(
            source.channelsFirstIndex(channel, y, x),
            target.channelsFirstIndex(channel, y / size, x / size), nil, 1 / Double(size * size))
        }
      }
    }
  }

  package func incomingWeights(
    of unit: Int, source: LayerShape, target: LayerShape
  ) -> IncomingWeights? { nil }
}

extension AnyLinkKind {
  /// Means of `size × size` positions that do not overlap.
  public static func averagePool(size: Int) -> AnyLinkKind {
    AnyLinkKind(AveragePool(sizes: [size]))
  }
}
