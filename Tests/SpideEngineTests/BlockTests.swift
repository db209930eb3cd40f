import SpideEngine
import Testing

/// Blocks of samples, as training runs them, against the stages stepped for each sample: the same bits.
@Suite struct BlockTests {
  @Test(arguments: NetworkCase.Form.small) func smallNetworks(_ form: NetworkCase.Form) {
    for seed in UInt64(1)...60 { blocksEqualSteps(of: NetworkCase(form, seed: seed), seed: seed) }
  }

  /// Windows that lie in the padding altogether: above, below and beside the source, in both directions of a link, where
  /// spikes are gathered and where they are scattered.
  @Test(arguments: [Float(1), 0.9], [BlockPlan.l2Cache, 0])
  func paddingBeyondTheKernel(leak: Float, cached: Int) throws {
    func convolution(_ channels: Int, _ kernel: Int, _ padding: Int, stride: Int = 1) -> Link {
      Link(
        .convolution(channels: channels, kernel: kernel, stride: stride, padding: padding))
    }
    func transposed(_ channels: Int, _ kernel: Int, _ padding: Int, stride: Int) -> Link {
      Link(
        .transposedConvolution(
          channels: channels, kernel: kernel, stride: stride, padding: padding, outputPadding: 1))
    }
    let maps = LayerShape(channels: 1, height: 8, width: 8)
    let plans = try [
      NetworkPlan(
        inputShape: maps, classes: 10, input: convolution(16, 3, 1), links: [convolution(16, 1, 8)]),
      NetworkPlan(
        inputShape: maps, classes: 10, input: convolution(16, 3, 1),
        links: [convolution(72, 2, 9, stride: 3), transposed(70, 3, 7, stride: 4)],
        feedback: convolution(16, 1, 7, stride: 5)),
      NetworkPlan(
        inputShape: maps, classes: 10, input: transposed(9, 1, 6, stride: 3),
        links: [transposed(16, 2, 9, stride: 3), transposed(80, 1, 5, stride: 2)]),
    ]
    for (number, plan) in plans.enumerated() {
      var parameters = Parameters(initial: .kaiming, plan: plan, seed: 1)
      for specification in parameters.specifications where specification.name.hasSuffix(".bias") {
        parameters[specification.name] = [Float](repeating: 0.3, count: specification.count)
      }
      compareBlocks(
        plan, parameters,
        Dynamics(
          forward: NeuronParameters(leak: leak), backward: NeuronParameters(threshold: 0.01),
          forwardSteps: 8, backwardSteps: 12), usesDropout: false, frames: 1, cached: cached,
        seed: 1, "plan \(number), leak \(leak), \(cached) bytes cached")
    }
  }

  /// A stride that leaves one target of many: as many windows as there are targets, not as the stride squared.
  @Test func strideBeyondTheSource() throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(channels: 1, height: 5, width: 4), classes: 2,
      input: Link(.convolution(channels: 3, kernel: 3, stride: 1, padding: 1)),
      links: [
        Link(.convolution(channels: 4, kernel: 3, stride: 65_536, padding: 0)),
        Link(
          .transposedConvolution(
            channels: 2, kernel: 3, stride: 60_000, padding: 1, outputPadding: 7)),
      ])
    #expect(plan.layers[1].positions == 1 && plan.layers[2].positions == 64)
    compareBlocks(
      plan, Parameters(initial: .kaiming, plan: plan, seed: 1),
      Dynamics(forward: NeuronParameters(leak: 0.9), forwardSteps: 6, backwardSteps: 6),
      usesDropout: false, frames: 1, seed: 1, "a stride beyond the source")
  }

  /// Layers of more than one panel of channels, whose last one is not full; strides that give a feedback several
  /// phases; pools that leave a row over, behind few channels and many, with strides and without.
  @Test(arguments: [(1, 1), (0.9, 0.9), (0.9, 1), (1, 0.9)] as [(Float, Float)])
  func wideLayers(leak: Float, backwardLeak: Float) throws {
    let maps = LayerShape(channels: 2, height: 7, width: 5)
    func convolution(_ channels: Int, _ kernel: Int, stride: Int = 1) -> Link {
      Link(
        .convolution(channels: channels, kernel: kernel, stride: stride, padding: kernel / 2),
        dropout: 0.2)
    }
    let plans = try [
      NetworkPlan(
        inputShape: maps, classes: 11, input: convolution(70, 3),
        links: [
          Link(.averagePool(size: 2)), convolution(41, 5), Link(.averagePool(size: 2)),
          Link(.dense(units: 150), dropout: 0.5),
        ], feedback: nil, feedbackMaxNorm: nil),
      NetworkPlan(
        inputShape: LayerShape(channels: 1, height: 22, width: 19), classes: 5,
        input: convolution(12, 5),
        links: [
          Link(.averagePool(size: 2)), convolution(41, 5), Link(.averagePool(size: 2)),
          convolution(17, 3, stride: 2), Link(.averagePool(size: 2)),
          Link(.dense(units: 20)),
        ], feedback: nil, feedbackMaxNorm: nil),
      NetworkPlan(
        inputShape: LayerShape(channels: 2, height: 8, width: 6), classes: 3,
        input: convolution(72, 3), links: [convolution(66, 3, stride: 2), convolution(80, 3)],
        feedback: Link(
          .transposedConvolution(channels: 72, kernel: 3, stride: 2, padding: 1, outputPadding: 1),
          hasBias: false, dropout: 0.2), feedbackMaxNorm: 2),
      NetworkPlan(
        inputShape: LayerShape(units: 30), classes: 4, input: Link(.dense(units: 133)),
        links: [Link(.dense(units: 70))],
        feedback: Link(.dense(units: 133), dropout: 0.3), feedbackMaxNorm: 2),
      // Dense onto feature maps of which positions are padded, with a mask between and without.
      NetworkPlan(
        inputShape: maps, classes: 4, input: convolution(13, 3),
        links: [Link(.averagePool(size: 2)), convolution(20, 3)],
        feedback: Link(.dense(units: 13 * 35), dropout: 0.3), feedbackMaxNorm: 2),
      NetworkPlan(
        inputShape: maps, classes: 4, input: convolution(13, 3),
        links: [convolution(66, 3), Link(.dense(units: 70))],
        feedback: Link(.dense(units: 13 * 35)), feedbackMaxNorm: 2),
    ]
    for (number, plan) in plans.enumerated() {
      let seed = UInt64(number)
      // Strong enough that spikes reach the last layer and come back to the first; where neurons leak, a pool's quarters
      // may not.
      var parameters = Parameters(initial: .kaiming, plan: plan, seed: seed)
      for specification in parameters.specifications {
        let stronger = parameters[specification.name]?.map { $0 * 4 }
        parameters[specification.name] = stronger
      }
      // As if no weights stayed in a cache, too: they then lie by source. More steps than counts have room for.
      for cached in [BlockPlan.l2Cache, 0] {
        compareBlocks(
          plan, parameters,
          Dynamics(
            forward: NeuronParameters(leak: leak),
            backward: NeuronParameters(threshold: 0.004, leak: backwardLeak), forwardSteps: 20,
            backwardSteps: 140),
          usesDropout: true, frames: 1, cached: cached, isLively: leak == 1 && backwardLeak == 1,
          seed: seed,
          "plan \(number), leaks \(leak) and \(backwardLeak), \(cached) bytes cached")
      }
    }
  }
}
