import SpideEngine
import Testing

@Suite struct NetworkTests {
  /// The link at fault and one clear message, in reading order.
  @Test(arguments: PlanFault.all) func refusesWhatDoesNotFit(_ fault: PlanFault) {
    #expect(
      throws: NetworkPlanError(
        link: fault.link, mismatch: ShapeMismatch(fault.problem, expected: fault.expected))
    ) {
      try NetworkPlan(
        inputShape: fault.input, classes: 2, input: fault.first, links: fault.links,
        feedback: fault.feedback, feedbackMaxNorm: fault.maxNorm)
    }
  }

  /// Output shapes as PyTorch documents them: floor((H + 2p - k) / s) + 1 and (H - 1) s - 2p + k + op.
  @Test func shapes() throws {
    let maps = LayerShape(channels: 2, height: 7, width: 10)
    let cases: [(AnyLinkKind, [Int])] = [
      (.dense(units: 5), [5]),
      (.convolution(channels: 3, kernel: 5, stride: 2, padding: 2), [3, 4, 5]),
      (.convolution(channels: 3, kernel: 3, stride: 3, padding: 0), [3, 2, 3]),
      (
        .transposedConvolution(channels: 4, kernel: 3, stride: 2, padding: 1, outputPadding: 1),
        [4, 14, 20]
      ),
      (.averagePool(size: 2), [2, 3, 5]),
    ]
    for (kind, dimensions) in cases {
      #expect(try kind.outputShape(of: maps).dimensions == dimensions, "\(kind)")
    }
    // What is added at the end lies within a stride.
    let added = AnyLinkKind.transposedConvolution(
      channels: 4, kernel: 3, stride: 2, padding: 1, outputPadding: 2)
    #expect(
      throws: ShapeMismatch("output-padding is 2", expected: "below the stride 2")
    ) { try added.outputShape(of: maps) }
  }

  @Test(arguments: UInt64(0)..<20) func orderConversionsAreInverse(_ seed: UInt64) {
    var draw = Draw(seed)
    let shape = LayerShape(
      channels: draw.integer(1...4), height: draw.integer(1...5), width: draw.integer(1...5))
    let file = Array(0..<shape.count)
    let engine = shape.channelsLast(file)
    #expect(shape.channelsFirst(engine) == file)
    for unit in engine.indices {
      #expect(shape.channelsFirstIndex(unit) == engine[unit])
      #expect(shape.channelsLastIndex(engine[unit]) == unit)
    }
    // The definition: (row · width + column) · channels + channel.
    let unit = (draw.integer(0...shape.height - 1), draw.integer(0...shape.width - 1), 0)
    #expect(
      engine[(unit.0 * shape.width + unit.1) * shape.channels] == unit.0 * shape.width + unit.1)
  }

  @Test func parameterNames() throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(channels: 1, height: 6, width: 6), classes: 3,
      input: Link(.convolution(channels: 4, kernel: 3, stride: 1, padding: 1)),
      links: [
        Link(.averagePool(size: 2)),
        Link(.convolution(channels: 5, kernel: 2, stride: 1, padding: 0), hasBias: false),
      ],
      feedback: Link(
        .transposedConvolution(channels: 4, kernel: 4, stride: 2, padding: 0, outputPadding: 0)))
    #expect(
      plan.parameters.map { "\($0.name) \($0.shape)" } == [
        "input.weight [4, 1, 3, 3]", "input.bias [4]", "links.1.weight [5, 4, 2, 2]",
        "feedback.weight [5, 4, 4, 4]", "feedback.bias [4]", "classifier.weight [3, 20]",
        "classifier.bias [3]",
      ])
  }
}

/// A network that cannot be, and what is said about it.
struct PlanFault: CustomTestStringConvertible {
  let link: LinkID
  let problem: String
  let expected: String
  var input = LayerShape(channels: 2, height: 6, width: 6)
  var first = Link(.convolution(channels: 3, kernel: 3, stride: 1, padding: 1))
  var links: [Link] = []
  var feedback: Link?
  var maxNorm: Float?

  var testDescription: String { problem }

  private static func convolution(
    _ channels: Int = 3, kernel: Int = 3, stride: Int = 1, padding: Int = 0
  ) -> Link {
    Link(.convolution(channels: channels, kernel: kernel, stride: stride, padding: padding))
  }

  static let all: [PlanFault] = [
    PlanFault(
      link: .link(0), problem: "kernel 7 is larger than the padded input 6×6",
      expected: "a smaller kernel or more padding", links: [convolution(kernel: 7)]),
    PlanFault(
      link: .link(1),
      problem: "a convolution needs feature maps [C, H, W], but its input is flat [9]",
      expected: "a layer of feature maps before it",
      links: [Link(.dense(units: 9)), convolution()]),
    PlanFault(
      link: .input, problem: "a pool needs feature maps [C, H, W], but its input is flat [8]",
      expected: "a layer of feature maps before it", input: LayerShape(units: 8),
      first: Link(.averagePool(size: 2))),
    PlanFault(
      link: .link(0), problem: "average-pool 7 is larger than its input 6×6",
      expected: "a smaller pool", links: [Link(.averagePool(size: 7))]),
    PlanFault(
      link: .feedback, problem: "the feedback is pool 2, which has nothing to learn",
      expected: "dense, convolution or transposed-convolution",
      feedback: Link(.averagePool(size: 2))),
    PlanFault(
      link: .link(0), problem: "output-padding is 2", expected: "below the stride 2",
      links: [
        Link(
          .transposedConvolution(channels: 1, kernel: 3, stride: 2, padding: 0, outputPadding: 2))
      ]),
    PlanFault(
      link: .link(0), problem: "padding 9 leaves nothing of the output", expected: "less padding",
      links: [
        Link(
          .transposedConvolution(channels: 1, kernel: 3, stride: 1, padding: 9, outputPadding: 0))
      ]),
    PlanFault(
      link: .feedback, problem: "the feedback gives [3, 4, 4], but layer 0 is [3, 6, 6]",
      expected: "the shape of layer 0", feedback: convolution()),
    PlanFault(
      link: .feedback, problem: "the feedback gives [107], but layer 0 is [3, 6, 6]",
      expected: "108 units, or none given", feedback: Link(.dense(units: 107))),
    PlanFault(
      link: .feedback, problem: "max-norm is 0.0", expected: "above 0",
      feedback: convolution(padding: 1), maxNorm: 0),
    PlanFault(
      link: .input, problem: "dropout is 1.0", expected: "0 or more, below 1",
      first: Link(.dense(units: 1), dropout: 1)),
    PlanFault(
      link: .input, problem: "units is 0", expected: "1 to 65536",
      first: Link(.dense(units: 0))),
    PlanFault(
      link: .link(0), problem: "stride is 65537", expected: "1 to 65536",
      links: [convolution(stride: 65_537)]),
    PlanFault(
      link: .input, problem: "the input is [0]",
      expected: "1 to 65536 each way, 67108864 numbers at most", input: LayerShape(units: 0)),
    PlanFault(
      link: .link(0), problem: "the link has more than 268435456 weights",
      expected: "fewer units, channels or taps",
      links: [convolution(65_536, kernel: 65_536, padding: 65_000)]),
    PlanFault(
      link: .input, problem: "kernel 1500 over 48000 rows of 1 channels",
      expected: "a product of at most 67108864",
      input: LayerShape(channels: 1, height: 48_000, width: 1),
      first: convolution(1, kernel: 1500, padding: 750)),
    PlanFault(
      link: .link(0), problem: "the output is 327683×327683", expected: "at most 65536 each way",
      links: [
        Link(
          .transposedConvolution(
            channels: 1, kernel: 3, stride: 65_536, padding: 0, outputPadding: 0))
      ]),
    PlanFault(
      link: .link(0), problem: "the network has 79423852 neurons", expected: "at most 67108864",
      links: [convolution(16, padding: 1_112)]),
  ]
}
