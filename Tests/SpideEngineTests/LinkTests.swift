import CSpikeKernels
import SpideEngine
import Testing

/// Every kind of link against its dense twin. Weights, values and scales are whole numbers and powers of two, so every sum is
/// exact in single precision and the results must be equal; only the mean of a 3×3 pool (1/9) leaves rounding: 1e-6.
@Suite struct LinkTests {
  @Test(arguments: LinkCase.Kind.allCases, UInt64(0)..<200)
  func matchesDenseTwin(_ kind: LinkCase.Kind, seed: UInt64) {
    var draw = Draw(seed)
    let link = LinkCase(kind, &draw)
    let (source, target) = (link.source, link.target)
    let tolerance = kind == .averagePool ? 1e-6 : 0

    // Events forward: mask ⊙ (W s + b) / (1 - p).
    let density = draw.one(of: [0, 0.1, 0.5, 1] as [Float])
    let spikes = draw.spikes(source.count, density: density, ternary: draw.chance(0.5))
    let mask = draw.mask(target.count, keep: link.dropout > 0 ? 0.5 : 1)
    let maskScale = mask.map { Double($0) / Double(1 - link.dropout) }
    var sent = [Float](repeating: 0, count: target.count)
    let operations = link.add(spikes, to: &sent)
    let bias = link.packed.bias ?? [Float](repeating: 0, count: target.count)
    var current = zip(bias, mask).map { $1 == 0 ? 0 : $0 }
    spike_add_gated(&current, sent, mask, Int32(target.count))
    let dense = link.twin(source.channelsFirst(spikes))
    let scales = target.channelsFirst(maskScale)
    #expect(
      distance(target.channelsFirst(current), zip(dense, scales).map { $0 * $1 }) <= tolerance)
    #expect(operations == link.pairs(spikes), "synaptic operations")

    // Events backward, some of them gated: (V_b / V) Wᵀ (gate ⊙ mask ⊙ s) / (1 - p).
    let gate = draw.mask(target.count, keep: 0.6).enumerated().map { $1 & mask[$0] }
    let errors = draw.spikes(target.count, density: density, ternary: true)
    let gated = zip(errors, gate).map { $1 == 0 ? 0 : $0 }
    var back = [Float](repeating: 0, count: source.count)
    link.addTransposed(errors, gate: gate, to: &back)
    let factor = Double(LinkCase.backwardScale / (1 - link.dropout))
    let denseBack = link.transposedTwin(target.channelsFirst(gated)).map { $0 * factor }
    #expect(distance(source.channelsFirst(back), denseBack) <= tolerance)

    // Real values both ways, added to what was there.
    let x = draw.whole(source.count)
    let y = draw.whole(target.count)
    var forward = y
    var transposed = x
    link.packed.map.addValues(x, .forward, weights: link.packed.forward.values, to: &forward)
    link.packed.map.addValues(y, .backward, weights: link.packed.backward.values, to: &transposed)
    let scale = 1 / Double(1 - link.dropout)
    let denseForward = link.twin(source.channelsFirst(x), withBias: false).map { $0 * scale }
    #expect(
      distance(
        target.channelsFirst(zip(forward, y).map { $0 - $1 }), denseForward) <= tolerance)
    #expect(
      distance(
        source.channelsFirst(zip(transposed, x).map { $0 - $1 }),
        link.transposedTwin(target.channelsFirst(y)).map { $0 * factor }) <= tolerance)

    // The weight gradient, mostly zeros on both sides.
    let rates = zip(x, spikes).map { $0 * abs($1) }
    let betas = zip(y, errors).map { $0 * $1 }
    var rows = [Float](repeating: 0, count: link.packed.map.weightCount)
    link.packed.map.accumulateOuter(source: rates, target: betas, into: &rows)
    #expect(
      distance(
        link.packed.map.unpack(rows, scale: 0.5),
        link.outerTwin(source.channelsFirst(rates), target.channelsFirst(betas)).map { $0 / 2 })
        == 0)
  }

  /// Each unit's weights are quantised with a scale of their own: over dense links from and to feature maps, where PyTorch's order of
  /// units is not the engine's, weights of very different sizes stay exact.
  @Test func scalesFollowTheirUnits() {
    let maps = LayerShape(channels: 2, height: 2, width: 2)
    let sizes = (0..<8).map {
      Float(sign: .plus, exponent: [-15, 9, -3, 14, 0, -10, 6, -20][$0], significand: 1)
    }
    for stage in Stage.allCases {
      var draw = Draw(stage == .backward ? 1 : 2)
      let weight = draw.whole(64).enumerated().map { index, value in
        value * sizes[stage == .backward ? index % 8 : index / 8]
      }
      let link = LinkCase(
        Link(.dense(units: 8), hasBias: false), source: maps, target: maps, weight: weight,
        &draw)
      let spikes = draw.spikes(8, density: 0.7, ternary: true)
      var sent = [Float](repeating: 0, count: 8)
      if stage == .backward {
        link.addTransposed(spikes, gate: spikes.map { _ in 1 }, to: &sent)
      } else {
        link.add(spikes, to: &sent)
      }
      let expected =
        stage == .backward
        ? link.transposedTwin(maps.channelsFirst(spikes)).map {
          $0 * Double(LinkCase.backwardScale)
        } : link.twin(maps.channelsFirst(spikes))
      #expect(maps.channelsFirst(sent).doubles == expected)
    }
  }

  @Test(arguments: LinkCase.Kind.allCases, UInt64(0)..<50)
  func transposedIsAdjoint(_ kind: LinkCase.Kind, seed: UInt64) {
    var draw = Draw(seed ^ 0xAD)
    let link = LinkCase(kind, &draw)
    let x = draw.spikes(link.source.count, density: 0.3, ternary: true)
    let y = draw.spikes(link.target.count, density: 0.3, ternary: true)
    var forward = [Float](repeating: 0, count: link.target.count)
    var back = [Float](repeating: 0, count: link.source.count)
    link.add(x, to: &forward)
    link.addTransposed(y, gate: y.map { _ in 1 }, to: &back)
    // Sums of whole numbers; the pool's 1/9 rounds to 1e-7 of sums that stay below 100.
    let left = dot(forward, y) * Double(LinkCase.backwardScale)
    #expect(abs(left - dot(x, back)) <= (kind == .averagePool ? 1e-4 : 0), "⟨Wx, y⟩ = ⟨x, Wᵀy⟩")
  }

  /// Around the edges of the 16- and 64-wide panels of the dense kernel, as a dense link and as a 1×1 convolution.
  @Test(arguments: [1, 2, 15, 16, 17, 31, 33, 63, 64, 65, 79, 80, 81, 127, 128, 129, 145, 200])
  func panelEdges(_ width: Int) {
    var draw = Draw(UInt64(width))
    for inputs in [1, 2, 9] {
      for link in [
        Link(.dense(units: width)),
        Link(.convolution(channels: width, kernel: 1, stride: 1, padding: 0)),
      ] {
        let link = LinkCase(
          link, source: LayerShape(channels: inputs, height: 1, width: 1), &draw)
        let spikes = draw.spikes(inputs, density: 0.8, ternary: true)
        let errors = draw.spikes(width, density: 0.5, ternary: true)
        var forward = [Float](repeating: 0, count: width)
        var back = [Float](repeating: 0, count: inputs)
        link.add(spikes, to: &forward)
        link.addTransposed(errors, gate: errors.map { _ in 1 }, to: &back)
        #expect(distance(forward, link.twin(spikes, withBias: false)) == 0)
        #expect(
          distance(back, link.transposedTwin(errors).map { $0 * Double(LinkCase.backwardScale) })
            == 0)
      }
    }
  }
}
