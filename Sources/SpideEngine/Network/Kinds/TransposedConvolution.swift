/// The transpose of a convolution, whose target is the larger side: weight `[in, channels, kernel, kernel]`.
package struct TransposedConvolution: LinkKind {
  /// Channels of the target.
  package let channels: Int
  /// Side of the window.
  package let kernel: Int
  /// Positions of the target from one window to the next.
  package let stride: Int
  /// Rows and columns around the target that are left out.
  package let padding: Int
  /// Rows and columns more at the target's end.
  package let outputPadding: Int

  package static let name = "transposed-convolution"
  package static let sizes =
    Convolution.sizes + [LinkSize("output-padding", LinkSize.paddings, fallback: 0)]
  package static let outputDimension: Int? = 1
  package static let initialFactor: Float = 0.1

  package init(sizes: [Int]) {
    (channels, kernel, stride, padding) = (sizes[0], sizes[1], sizes[2], sizes[3])
    outputPadding = sizes[4]
  }
  package var sizes: [Int] { [channels, kernel, stride, padding, outputPadding] }
  package var label: String { "convT \(kernel)×\(kernel)" + (stride == 1 ? "" : " /\(stride)") }

  /// (H - 1) s - 2p + k + op
  package func outputShape(of input: LayerShape) throws(ShapeMismatch) -> LayerShape {
    try input.checkMaps(for: "a transposed convolution")
    guard outputPadding < stride else {
      throw ShapeMismatch(
        "output-padding is \(outputPadding)", expected: "below the stride \(stride)")
    }
    let height = (input.height - 1) * stride - 2 * padding + kernel + outputPadding
    let width = (input.width - 1) * stride - 2 * padding + kernel + outputPadding
    guard height >= 1, width >= 1 else {
      throw ShapeMismatch(
        "padding \(padding) leaves nothing of the output", expected: "less padding")
    }
    return LayerShape(channels: channels, height: height, width: width)
  }

  package func weightShape(source: LayerShape) -> [Int] {
    [source.channels, channels, kernel, kernel]
  }

  package func form(source: LayerShape, target: LayerShape) -> LinkForm {
    .window(wide: target, narrow: source, kernel, stride, padding, readsWide: false)
  }

  package func products(source: LayerShape, target: LayerShape) -> Int {
    source.count * target.channels * kernel * kernel
  }

  package func forEachPair(
    source: LayerShape, target: LayerShape,
    _ body: (_ from: Int, _ to: Int, _ weight: Int?, _ fixed: Double) -> Void
  ) {
    DenseTwin.forEachTap(wide: target, narrow: source, kernel, stride, padding) {
      tap, wide, narrow in
      for out in 0..<target.channels {
        for channel in 0..<source.channels {
          body(
            source.channelsFirstIndex(channel, narrow.row, narrow.column),
            target.channelsFirstIndex(out, wide.row, wide.column),
            (channel * target.channels + out) * kernel * kernel + tap, 0)
        }
      }
    }
  }

  package func incomingWeights(
    of unit: Int, source: LayerShape, target: LayerShape
  ) -> IncomingWeights? {
    let taps = kernel * kernel
    return IncomingWeights(
      channels: source.channels, height: kernel, width: kernel,
      start: unit % target.channels * taps, channelStep: channels * taps)
  }
}

extension AnyLinkKind {
  /// The transpose of a convolution.
  public static func transposedConvolution(
    channels: Int, kernel: Int, stride: Int, padding: Int, outputPadding: Int
  ) -> AnyLinkKind {
    AnyLinkKind(TransposedConvolution(sizes: [channels, kernel, stride, padding, outputPadding]))
  }
}
