import CSpikeKernels
import SpideEngine

/// A random link with whole-number weights, packed for the kernels and laid out for the twin.
struct LinkCase {
  enum Kind: CaseIterable { case dense, convolution, transposedConvolution, averagePool }

  /// `V_b / V` of the packed backward rows; a power of two.
  static let backwardScale: Float = 0.5

  let link: Link
  let source: LayerShape
  let target: LayerShape
  let weight: [Float]
  let bias: [Float]?
  let packed: PackedLink
  /// 0, ½ or ¾: the scales 1, 2 and 4 are exact.
  var dropout: Float { packed.scales.dropout }

  init(_ kind: Kind, _ draw: inout Draw) {
    while true {
      let shape = LayerShape(
        channels: draw.integer(1...5), height: draw.integer(1...9), width: draw.integer(1...9))
      let stride = draw.integer(1...4)
      let kernel = draw.integer(1...5)
      let padding = draw.integer(0...3)
      let form: AnyLinkKind =
        switch kind {
        case .dense: .dense(units: draw.integer(1...90))
        case .convolution:
          .convolution(
            channels: draw.integer(1...20), kernel: kernel, stride: stride, padding: padding)
        case .transposedConvolution:
          .transposedConvolution(
            channels: draw.integer(1...20), kernel: kernel, stride: stride, padding: padding,
            outputPadding: draw.integer(0...stride - 1))
        case .averagePool: .averagePool(size: stride)
        }
      guard (try? form.outputShape(of: shape)) != nil else { continue }
      let source = kind == .dense && draw.chance(0.5) ? LayerShape(units: shape.count) : shape
      // A dense feedback may go to feature maps.
      let maps = LayerShape(
        channels: draw.integer(1...12), height: draw.integer(1...3), width: draw.integer(1...3))
      let goesToMaps = kind == .dense && draw.chance(0.5)
      self.init(
        Link(
          goesToMaps ? .dense(units: maps.count) : form, hasBias: draw.chance(0.7),
          dropout: draw.one(of: [0, 0.5, 0.75])),
        source: source, target: goesToMaps ? maps : nil, &draw)
      return
    }
  }

  init(
    _ link: Link, source: LayerShape, target: LayerShape? = nil,
    weight: [Float]? = nil, _ draw: inout Draw
  ) {
    guard let target = try? target ?? link.kind.outputShape(of: source) else {
      preconditionFailure("\(link) does not fit \(source)")
    }
    self.link = link
    self.source = source
    self.target = target
    let map = LinkMap(link, source: source, target: target)
    let weight = weight ?? draw.whole(map.weightCount)
    self.weight = weight
    bias = link.hasBias ? draw.whole(map.targetChannels) : nil
    packed = PackedLink(
      map, weight: weight, bias: bias,
      LinkScales(
        link, form: link.kind.base.form(source: source, target: target),
        backward: LinkCase.backwardScale, usesDropout: true))
  }

  // MARK: The kernels, in engine order

  /// `out += W s` in packed weights; returns the synaptic operations.
  @discardableResult
  func add(_ spikes: [Float], to out: inout [Float]) -> Int {
    let codes = SpikeEvents(dense: spikes).codes
    var quantisedSums = [Int32](repeating: 0, count: out.count)
    return packed.send(codes, codes.count, .forward, to: &out, quantisedSums: &quantisedSums)
  }

  /// `out += Wᵀ (gate ⊙ s)` in packed weights.
  func addTransposed(_ spikes: [Float], gate: [UInt8], to out: inout [Float]) {
    let codes = SpikeEvents(dense: spikes).codes
    var kept = codes
    let count = spike_gate(codes, Int32(codes.count), gate, &kept)
    var quantisedSums = [Int32](repeating: 0, count: out.count)
    _ = packed.send(kept, Int(count), .backward, to: &out, quantisedSums: &quantisedSums)
  }

  // MARK: The twin, channels-first

  func twin(_ x: [Float], withBias: Bool = true) -> [Double] {
    DenseTwin.forward(
      link, source: source, target: target, weight: weight.doubles,
      bias: withBias ? bias?.doubles : nil, x.doubles)
  }

  func transposedTwin(_ y: [Float]) -> [Double] {
    DenseTwin.transposed(
      link, source: source, target: target, weight: weight.doubles, y.doubles)
  }

  func outerTwin(_ x: [Float], _ y: [Float]) -> [Double] {
    DenseTwin.outer(
      link, source: source, target: target, weights: weight.count, x.doubles, y.doubles)
  }

  /// Pairs of a spike and a weight that it travels: what the kernels count as synaptic operations.
  func pairs(_ spikes: [Float]) -> Int {
    let ones = [Double](repeating: 1, count: weight.count)
    let reached = DenseTwin.forward(
      link, source: source, target: target, weight: ones, bias: nil,
      source.channelsFirst(spikes).map { Double(abs($0)) })
    var size = 1.0
    if let pool = link.kind.base as? AveragePool { size = Double(pool.size * pool.size) }
    return Int((reached.reduce(0, +) * size).rounded())
  }
}
