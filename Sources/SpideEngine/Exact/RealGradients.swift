/// The gradients of one sample from rates and errors that are any real numbers (TheMethod.md, "Gradients"): beside those of the
/// spikes, those of exact solutions. In the kernels' layout, so that only their sizes and angles mean something.
struct RealGradients: Sendable {
  /// One for each of ``NetworkPlan/parameters``; nil for those of links where there is no `β`.
  let tensors: [[Float]?]

  /// The products of rates before and errors after each synapse.
  ///
  /// - Parameters:
  ///   - network: weights and constants, without dropout.
  ///   - input: the input's mean over time, in engine order.
  ///   - rates: `a`, `[layer][unit]`.
  ///   - betas: `β`, `[layer][unit]`; nil where it does not exist.
  ///   - gates: `m`, `[layer][unit]`.
  ///   - logitGradient: the gradient of the logits.
  init(
    network: PackedNetwork, input: [Float], rates: [[Float]], betas: [[Float]]?, gates: [[UInt8]],
    logitGradient: [Float]
  ) {
    let scale = 1 / network.dynamics.forward.resetAmount
    let last = network.layerCount - 1
    func errors(_ layer: Int) -> [Float]? {
      betas.map { zip($0[layer], gates[layer]).map { $1 == 0 ? 0 : $0 * scale } }
    }
    let first = errors(0)
    var tensors: [[Float]?] = []
    func add(_ link: PackedLink, from source: [Float], to target: [Float]?) {
      guard link.map.window != nil else { return }
      tensors.append(
        target.map { target in
          var rows = [Float](repeating: 0, count: link.map.weightCount)
          link.map.accumulateOuter(source: source, target: target, into: &rows)
          let factor = link.scales.weight
          return factor == 1 ? rows : rows.map { $0 * factor }
        })
      guard link.bias != nil else { return }
      tensors.append(
        target.map { target in
          let channels = link.map.targetChannels
          var sums = [Float](repeating: 0, count: channels)
          for (unit, value) in target.enumerated() where value != 0 {
            sums[unit % channels] += value
          }
          return sums
        })
    }
    add(network.input, from: input, to: first)
    for (index, link) in network.links.enumerated() {
      add(link, from: rates[index], to: errors(index + 1))
    }
    if let feedback = network.feedback { add(feedback, from: rates[last], to: first) }
    add(network.classifier, from: rates[last], to: logitGradient)
    self.tensors = tensors
  }
}
