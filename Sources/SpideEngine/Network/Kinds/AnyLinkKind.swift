/// A kind of link with its sizes, whichever it is (`LinkKind`).
public struct AnyLinkKind: Hashable, Sendable {
  /// The kind itself.
  package let base: any LinkKind

  /// Every kind there is, in the order in which messages name them.
  package static let all: [any LinkKind.Type] = [
    Dense.self, Convolution.self, TransposedConvolution.self, AveragePool.self,
  ]

  /// Any kind.
  package init(_ base: some LinkKind) { self.base = base }

  /// What presets call it: `transposed-convolution`.
  public var name: String { type(of: base).name }
  /// One word as screens show it: `dense`, `conv 3×3`, `conv 5×5 /2`, `convT 3×3 /2`, `pool 2`.
  public var label: String { base.label }
  /// Whether there is a weight to learn.
  public var hasWeight: Bool { type(of: base).hasWeight }

  /// A size by its key in presets; nil where the kind has no such.
  public func size(_ name: String) -> Int? {
    zip(type(of: base).sizes, base.sizes).first { $0.0.name == name }?.1
  }

  /// The shape that comes out of a layer of shape `input`, or why nothing can.
  public func outputShape(of input: LayerShape) throws(ShapeMismatch) -> LayerShape {
    for (size, value) in zip(type(of: base).sizes, base.sizes) {
      let allowed = size.range.lowerBound...AnyLinkKind.largestSize
      guard allowed.contains(value) else {
        throw ShapeMismatch(
          "\(size.name) is \(value)", expected: "\(allowed.lowerBound) to \(allowed.upperBound)")
      }
    }
    let output = try base.outputShape(of: input)
    guard max(output.height, output.width) <= AnyLinkKind.largestSize else {
      throw ShapeMismatch(
        "the output is \(output.height)×\(output.width)",
        expected: "at most \(AnyLinkKind.largestSize) each way")
    }
    return output
  }

  /// Where the weights into a unit (in engine order) of the target lie; nil without a weight.
  public func incomingWeights(
    of unit: Int, source: LayerShape, target: LayerShape
  ) -> IncomingWeights? {
    base.incomingWeights(of: unit, source: source, target: target)
  }

  /// The same kind with the same sizes.
  public static func == (left: AnyLinkKind, right: AnyLinkKind) -> Bool {
    AnyHashable(left.base) == AnyHashable(right.base)
  }

  /// By the kind and its sizes.
  public func hash(into hasher: inout Hasher) { AnyHashable(base).hash(into: &hasher) }

  /// No size in a network may exceed this: shapes stay far from integer overflow.
  public static let largestSize = 65_536
}

/// Why a link does not fit what comes before it.
public struct ShapeMismatch: Error, Equatable {
  /// What is wrong, with the values.
  public let problem: String
  /// What would have been right.
  public let expected: String

  /// A mismatch in words.
  public init(_ problem: String, expected: String) {
    self.problem = problem
    self.expected = expected
  }
}

extension LayerShape {
  /// Refuses a flat row of units as the input of what works on feature maps.
  func checkMaps(for kind: String) throws(ShapeMismatch) {
    if isFlat {
      throw ShapeMismatch(
        "\(kind) needs feature maps [C, H, W], but its input is flat [\(count)]",
        expected: "a layer of feature maps before it")
    }
  }

  /// The channels-first index of a unit.
  func channelsFirstIndex(_ channel: Int, _ row: Int, _ column: Int) -> Int {
    (channel * height + row) * width + column
  }
}
