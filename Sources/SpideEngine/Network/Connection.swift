/// What carries the spikes of one layer to the next: the kind of a link with its sizes, its bias and its dropout.
public struct Connection: Hashable, Sendable {
  /// The linear map.
  public let kind: ConnectionKind
  /// Whether a bias is added at every time step (never for a pool).
  public let hasBias: Bool
  /// Probability that a unit of the link's output is dropped for a whole sample while training, in `0 ..< 1`.
  public let dropout: Float

  /// A connection; a pool has no bias, whatever `hasBias` says.
  public init(_ kind: ConnectionKind, hasBias: Bool = true, dropout: Float = 0) {
    self.kind = kind
    if case .averagePool = kind { self.hasBias = false } else { self.hasBias = hasBias }
    self.dropout = dropout
  }

  /// Whether every unit goes to every unit.
  var isDense: Bool {
    if case .dense = kind { return true }
    return false
  }
}

/// The linear map of a link.
public enum ConnectionKind: Hashable, Sendable {
  /// Every unit to every unit: weight `[units, in]`. Its input is flattened channels-first, and so is its output where it
  /// feeds back to a layer of feature maps.
  case dense(units: Int)
  /// Weight `[channels, in, kernel, kernel]`, zero padding on all four sides.
  case convolution(channels: Int, kernel: Int, stride: Int, padding: Int)
  /// The transpose of a convolution: weight `[in, channels, kernel, kernel]`.
  case transposedConvolution(
    channels: Int, kernel: Int, stride: Int, padding: Int, outputPadding: Int)
  /// Means of `size × size` places that do not overlap; rows and columns left over are dropped. No weight.
  case averagePool(size: Int)

  /// One word as screens show it: `dense`, `conv 3×3`, `conv 5×5 /2`, `convT 3×3 /2`, `pool 2`.
  public var label: String {
    func strided(_ name: String, _ kernel: Int, _ stride: Int) -> String {
      "\(name) \(kernel)×\(kernel)" + (stride == 1 ? "" : " /\(stride)")
    }
    switch self {
    case .dense: return "dense"
    case .convolution(_, let kernel, let stride, _): return strided("conv", kernel, stride)
    case .transposedConvolution(_, let kernel, let stride, _, _):
      return strided("convT", kernel, stride)
    case .averagePool(let size): return "pool \(size)"
    }
  }

  /// The shape that comes out of a layer of shape `input`, or why nothing can.
  public func outputShape(of input: LayerShape) throws(ShapeMismatch) -> LayerShape {
    func place(_ value: Int, _ name: String, minimum: Int) throws(ShapeMismatch) {
      guard (minimum...ConnectionKind.largestSize).contains(value) else {
        throw ShapeMismatch(
          "\(name) is \(value)", expected: "\(minimum) to \(ConnectionKind.largestSize)")
      }
    }
    func result(_ channels: Int, _ height: Int, _ width: Int) throws(ShapeMismatch) -> LayerShape {
      guard max(height, width) <= ConnectionKind.largestSize else {
        throw ShapeMismatch(
          "the output is \(height)×\(width)",
          expected: "at most \(ConnectionKind.largestSize) each way")
      }
      return LayerShape(channels: channels, height: height, width: width)
    }
    func maps(_ name: String) throws(ShapeMismatch) {
      if input.isFlat {
        throw ShapeMismatch(
          "\(name) needs feature maps [C, H, W], but its input is flat [\(input.count)]",
          expected: "a layer of feature maps before it")
      }
    }
    switch self {
    case .dense(let units):
      try place(units, "units", minimum: 1)
      return LayerShape(units: units)
    case .convolution(let channels, let kernel, let stride, let padding):
      try place(channels, "channels", minimum: 1)
      try place(kernel, "kernel", minimum: 1)
      try place(stride, "stride", minimum: 1)
      try place(padding, "padding", minimum: 0)
      try maps("a convolution")
      let height = input.height + 2 * padding - kernel
      let width = input.width + 2 * padding - kernel
      guard height >= 0, width >= 0 else {
        throw ShapeMismatch(
          "kernel \(kernel) is larger than the padded input "
            + "\(input.height + 2 * padding)×\(input.width + 2 * padding)",
          expected: "a smaller kernel or more padding")
      }
      return try result(channels, height / stride + 1, width / stride + 1)
    case .transposedConvolution(let channels, let kernel, let stride, let padding, let extra):
      try place(channels, "channels", minimum: 1)
      try place(kernel, "kernel", minimum: 1)
      try place(stride, "stride", minimum: 1)
      try place(padding, "padding", minimum: 0)
      try place(extra, "output-padding", minimum: 0)
      try maps("a transposed convolution")
      guard extra < stride else {
        throw ShapeMismatch("output-padding is \(extra)", expected: "below the stride \(stride)")
      }
      let height = (input.height - 1) * stride - 2 * padding + kernel + extra
      let width = (input.width - 1) * stride - 2 * padding + kernel + extra
      guard height >= 1, width >= 1 else {
        throw ShapeMismatch(
          "padding \(padding) leaves nothing of the output", expected: "less padding")
      }
      return try result(channels, height, width)
    case .averagePool(let size):
      try place(size, "average-pool", minimum: 1)
      try maps("a pool")
      guard input.height >= size, input.width >= size else {
        throw ShapeMismatch(
          "average-pool \(size) is larger than its input \(input.height)×\(input.width)",
          expected: "a smaller pool")
      }
      return LayerShape(
        channels: input.channels, height: input.height / size, width: input.width / size)
    }
  }

  /// Weights between a source and a target that fit; a floating number, because what a user writes may overflow.
  func weightCount(source: LayerShape, target: LayerShape) -> Double {
    switch self {
    case .dense(let units): return Double(source.count) * Double(units)
    case .convolution(_, let kernel, _, _), .transposedConvolution(_, let kernel, _, _, _):
      return Double(kernel * kernel) * Double(source.channels) * Double(target.channels)
    case .averagePool: return 0
    }
  }

  /// Refuses a window that sees too much at once (``NetworkPlan/largestColumn``): as many columns of a layer as it is wide.
  func checkColumn(source: LayerShape, target: LayerShape) throws(ShapeMismatch) {
    switch self {
    case .dense, .averagePool: return
    case .convolution(_, let kernel, _, _), .transposedConvolution(_, let kernel, _, _, _):
      for side in [source, target]
      where kernel * side.height * side.channels > NetworkPlan.largestColumn {
        throw ShapeMismatch(
          "kernel \(kernel) over \(side.height) rows of \(side.channels) channels",
          expected: "a product of at most \(NetworkPlan.largestColumn)")
      }
    }
  }

  /// No size in a network may exceed this: shapes stay far from integer overflow.
  public static let largestSize = 65_536
}

/// Why a connection does not fit what comes before it.
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
