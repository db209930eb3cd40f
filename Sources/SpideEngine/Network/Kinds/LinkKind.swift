/// A kind of link: a linear map between two layers, with its sizes.
///
/// Everything that differs from kind to kind is asked for here: a kind is one file beside this one, and a line in
/// ``AnyLinkKind/all``. How kernels go over a link is its ``LinkForm``, which kinds may share. Shapes that a kind is given
/// with each other fit: ``outputShape(of:)`` has not refused them.
package protocol LinkKind: Hashable, Sendable {
  /// What presets call the kind.
  static var name: String { get }
  /// What it is written with, in order. A single size of the kind's own name is written without a key.
  static var sizes: [LinkSize] { get }
  /// The dimension of the weight, in PyTorch's layout, that counts the outputs; nil for a kind without a weight, which has
  /// no bias either and cannot feed back.
  static var outputDimension: Int? { get }
  /// What fresh weights are multiplied by, whatever their rule.
  static var initialFactor: Float { get }

  /// A link of these sizes, one for each of ``sizes-swift.type.property``.
  init(sizes: [Int])
  /// The sizes, in the same order.
  var sizes: [Int] { get }
  /// One word as screens show it: `conv 5×5 /2`.
  var label: String { get }

  /// The shape that comes out of a layer of shape `input`, or why nothing can. The sizes are not below their minima.
  func outputShape(of input: LayerShape) throws(ShapeMismatch) -> LayerShape
  /// The weight's shape in PyTorch's layout; empty without one.
  func weightShape(source: LayerShape) -> [Int]
  /// How kernels go over it.
  func form(source: LayerShape, target: LayerShape) -> LinkForm
  /// Products that a dense program takes for one step.
  func products(source: LayerShape, target: LayerShape) -> Int
  /// The obvious program: calls `body` for every pair of units that the link joins, with their channels-first indices, and
  /// with the index of the weight in PyTorch's layout, or nil and a fixed weight.
  func forEachPair(
    source: LayerShape, target: LayerShape,
    _ body: (_ from: Int, _ to: Int, _ weight: Int?, _ fixed: Double) -> Void)
  /// Where the weights into a unit (in engine order) of the target lie; nil without a weight.
  func incomingWeights(of unit: Int, source: LayerShape, target: LayerShape) -> IncomingWeights?
}

extension LinkKind {
  package static var initialFactor: Float { 1 }

  /// Whether there is a weight to learn.
  package static var hasWeight: Bool { outputDimension != nil }

  /// The size that a preset gives for the whole kind, without a key; nil where its sizes have keys.
  package static var ownSize: LinkSize? { sizes.first { $0.name == name } }

  /// Weights, 0 without any; a floating number, because what a user writes may overflow.
  func weightCount(source: LayerShape) -> Double {
    Self.hasWeight ? weightShape(source: source).reduce(1) { $0 * Double($1) } : 0
  }
}

/// One of the whole numbers that a kind of link is written with.
package struct LinkSize: Sendable {
  /// Its key in a preset.
  package let name: String
  /// What it counts, in words, for whoever leaves it out.
  package let meaning: String
  /// What a preset may say: small enough that no size of a network overflows.
  package let range: ClosedRange<Int>
  /// What it is where a preset leaves it out; nil where none may.
  package let fallback: Int?
  /// Whether a feedback that leaves it out has as many as the layer that it goes to has units.
  package let countsTarget: Bool

  /// A size that may be left out where it has a `fallback`.
  init(
    _ name: String, _ range: ClosedRange<Int>, meaning: String = "a whole number",
    fallback: Int? = nil, countsTarget: Bool = false
  ) {
    self.name = name
    self.meaning = meaning
    self.range = range
    self.fallback = fallback
    self.countsTarget = countsTarget
  }

  /// Units and channels.
  static let counts = 1...AnyLinkKind.largestSize
  /// Kernels and strides: large enough for any use.
  static let windows = 1...256
  /// Paddings.
  static let paddings = 0...256
}

/// Where the weights into one unit lie in PyTorch's layout: a picture of `height × width` for each channel of the source.
public struct IncomingWeights: Sendable {
  /// Channels of the source.
  public let channels: Int
  /// Rows of each picture.
  public let height: Int
  /// Columns of each picture.
  public let width: Int
  /// Whether the source is a row of units without positions, whose order says nothing.
  public let isRow: Bool
  private let start: Int
  private let channelStep: Int

  /// The pictures of the channels begin at `start`, `channelStep` weights apart; each is row-major and without gaps.
  init(
    channels: Int, height: Int, width: Int, start: Int, channelStep: Int, isRow: Bool = false
  ) {
    self.channels = channels
    self.height = height
    self.width = width
    self.start = start
    self.channelStep = channelStep
    self.isRow = isRow
  }

  /// The index of a weight.
  public func index(_ channel: Int, _ row: Int, _ column: Int) -> Int {
    start + channel * channelStep + row * width + column
  }
}
