import CSpikeKernels

/// What reaches every layer of a sample without any spike: biases and the input, METHOD.md's `F x(t) + b`.
///
/// Computed once for a sample; a varying input is added frame by frame.
public struct Drive: Sendable {
  /// Per layer, the same at every step; nil where nothing comes.
  var base: [[Float]?]
  /// Frames of a varying input in engine order; empty where the input is constant.
  var frames: [[Float]]
  /// The constant input or the mean of the frames, in engine order: METHOD.md's `x` in `∂/∂F`.
  var meanInput: [Float]
  /// The masks of the sample; nil without dropout.
  var masks: DropoutMasks?

  /// The drive of one sample.
  ///
  /// - Parameters:
  ///   - input: channels-first numbers of `network.plan.inputShape`; a varying input has `T_F` frames.
  ///   - masks: required where `network.usesDropout`.
  public init(network: PackedNetwork, input: InputSignal, masks: DropoutMasks? = nil) {
    // The scale of dropout lies in the packed weights: without masks every current would be too large.
    precondition(masks != nil || !network.usesDropout, "a network that drops out needs masks")
    let shape = network.plan.inputShape
    self.masks = masks
    base = network.plan.layers.indices.map { layer in
      layer == 0 ? nil : Drive.masked(network.links[layer - 1].bias, masks?.links[layer - 1])
    }
    var first = [Float](repeating: 0, count: network.plan.layers[0].count)
    if let bias = Drive.masked(network.input.bias, masks?.input) { spikeAdd(&first, bias) }
    if let bias = Drive.masked(network.feedback?.bias, masks?.feedback) { spikeAdd(&first, bias) }
    switch input {
    case .constant(let values):
      meanInput = shape.channelsLast(values)
      frames = []
      base[0] = first
      addFrame(meanInput, network: network, to: &first)
    case .varying(let list):
      precondition(
        list.count == network.dynamics.forwardSteps,
        "\(list.count) frames for \(network.dynamics.forwardSteps) steps")
      meanInput = shape.channelsLast(input.mean)
      frames = list.map(shape.channelsLast)
    }
    base[0] = first
  }

  /// `current += mask ⊙ F x`.
  func addFrame(_ frame: [Float], network: PackedNetwork, to current: inout [Float]) {
    let link = network.input
    guard let mask = masks?.input else {
      current.withUnsafeMutableBufferPointer { buffer in
        guard let target = buffer.baseAddress else { return }
        link.map.addValues(frame, rows: link.forwardRows, to: target)
      }
      return
    }
    var unmasked = [Float](repeating: 0, count: current.count)
    unmasked.withUnsafeMutableBufferPointer { buffer in
      guard let target = buffer.baseAddress else { return }
      link.map.addValues(frame, rows: link.forwardRows, to: target)
    }
    spike_add_gated(&current, unmasked, mask, Int32(current.count))
  }

  private static func masked(_ bias: [Float]?, _ mask: [UInt8]?) -> [Float]? {
    guard let bias, let mask else { return bias }
    return zip(bias, mask).map { $1 == 0 ? 0 : $0 }
  }
}

/// `out += x`.
func spikeAdd(_ out: inout [Float], _ x: [Float]) {
  precondition(out.count == x.count, "\(out.count) and \(x.count) values")
  spike_add(&out, x, Int32(x.count))
}
