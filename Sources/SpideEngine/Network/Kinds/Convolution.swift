/// A window of `kernel × kernel` that moves over feature maps: weight `[channels, in, kernel, kernel]`, zero padding on all
/// four sides.
package struct Convolution: LinkKind {
  /// Channels of the target.
  package let channels: Int
  /// Side of the window.
  package let kernel: Int
  /// Positions of the source from one window to the next.
  package let stride: Int
  /// Rows and columns of zeros around the source.
  package let padding: Int

  package static let name = "convolution"
  package static let sizes = [
    LinkSize("channels", LinkSize.counts, meaning: "a number of channels"),
    LinkSize("kernel", LinkSize.windows, meaning: "a width in pixels"),
    LinkSize("stride", LinkSize.windows, fallback: 1),
    LinkSize("padding", LinkSize.paddings, fallback: 0),
  ]
  package static let outputDimension: Int? = 0

  package init(sizes: [Int]) {
    (channels, kernel, stride, padding) = (sizes[0], sizes[1], sizes[2], sizes[3])
  }
  package var sizes: [Int] { [channels, kernel, stride, padding] }
  package var label: String { "conv \(kernel)×\(kernel)" + (stride == 1 ? "" : " /\(stride)") }

  /// floor((H + 2p - k) / s) + 1
  package func outputShape(of input: LayerShape) throws(ShapeMismatch) -> LayerShape {
    try input.checkMaps(for: "a convolution")
    let height = input.height + 2 * padding - kernel
    let width = input.width + 2 * padding - kernel
    guard height >= 0, width >= 0 else {
      throw ShapeMismatch(
        "kernel \(kernel) is larger than the padded input "
          + "\(input.height + 2 * padding)×\(input.width + 2 * padding)",
        expected: "a smaller kernel or more padding")
    }
    return LayerShape(channels: channels, height: height / stride + 1, width: width / stride + 1)
  }

  package func weightShape(source: LayerShape) -> [Int] {
    [channels, source.channels, kernel, kernel]
  }

  package func form(source: LayerShape, target: LayerShape) -> LinkForm {
    .window(wide: source, narrow: target, kernel, stride, padding, readsWide: true)
  }

  package func products(source: LayerShape, target: LayerShape) -> Int {
    target.count * source.channels * kernel * kernel
  }

  package func forEachPair(
    source: LayerShape, target: LayerShape,
    _ body: (_ from: Int, _ to: Int, _ weight: Int?, _ fixed: Double) -> Void
  ) {
    DenseTwin.forEachTap(wide: source, narrow: target, kernel, stride, padding) {
      tap, wide, narrow in
      for out in 0..<target.channels {
        for channel in 0..<source.channels {
          body(
            source.channelsFirstIndex(channel, wide.row, wide.column),
            target.channelsFirstIndex(out, narrow.row, narrow.column),
            (out * source.channels + channel) * kernel * kernel + tap, 0)
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
      start: unit % target.channels * source.channels * taps, channelStep: taps)
  }
}

extension AnyLinkKind {
  /// A convolution with zero padding on all four sides.
  public static func convolution(
    channels: Int, kernel: Int, stride: Int, padding: Int
  ) -> AnyLinkKind {
    AnyLinkKind(Convolution(sizes: [channels, kernel, stride, padding]))
  }
}
