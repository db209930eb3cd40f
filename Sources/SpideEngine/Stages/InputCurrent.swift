import CSpikeKernels

/// What reaches every layer of a sample without any spike: biases and the input, the method's `F x(t) + b`.
///
/// Computed once for a sample; a varying input frame by frame.
public struct InputCurrent: Sendable {
  /// Per layer, the current of a step at which no spike arrives; nil where nothing comes. Layer 0 gets the input's
  /// besides, and this one, the feedback's bias, from the second step on.
  let quiet: [[Float]?]
  /// `mask ⊙ (F x + b_x)` of a constant input; empty where the input varies.
  private let constant: [Float]
  /// Frames of a varying input in engine order; empty where the input is constant.
  let frames: [[Float]]
  /// The constant input or the mean of the frames, in engine order: the method's `x` in `∂/∂F`.
  let meanInput: [Float]
  /// The masks of the sample; nil without dropout.
  let masks: DropoutMasks?

  /// The input current of one sample.
  ///
  /// - Parameters:
  ///   - network: weights and constants.
  ///   - input: channels-first numbers of `network.plan.inputShape`; a varying input has `T_F` frames.
  ///   - masks: required where `network.usesDropout`.
  public init(network: PackedNetwork, input: InputSignal, masks: DropoutMasks? = nil) {
    // The scale of dropout lies in the packed weights: without masks every current would be too large.
    precondition(masks != nil || !network.usesDropout, "a network that drops out needs masks")
    let shape = network.plan.inputShape
    self.masks = masks
    quiet = network.plan.layers.indices.map { layer in
      layer == 0
        ? InputCurrent.masked(network.feedback?.bias, masks?.feedback)
        : InputCurrent.masked(network.links[layer - 1].bias, masks?.links[layer - 1])
    }
    switch input {
    case .constant(let values):
      meanInput = shape.channelsLast(values)
      frames = []
      constant = InputCurrent.current(meanInput, network, masks)
    case .varying(let list):
      precondition(
        list.count == network.dynamics.forwardSteps,
        "\(list.count) frames for \(network.dynamics.forwardSteps) steps")
      meanInput = shape.channelsLast(input.mean)
      frames = list.map(shape.channelsLast)
      constant = []
    }
  }

  /// What the input sends to layer 0 at a step, counted from 1: `mask ⊙ (F x(t) + b_x)`.
  func input(at step: Int, _ network: PackedNetwork) -> [Float] {
    frames.isEmpty ? constant : InputCurrent.current(frames[step - 1], network, masks)
  }

  /// The same for a constant input, with the feedback's bias: all that layer 0 gets without spikes after the first step.
  func constantCurrent() -> [Float] {
    guard let bias = quiet[0] else { return constant }
    return zip(constant, bias).map { $0 + $1 }
  }

  private static func current(
    _ frame: [Float], _ network: PackedNetwork, _ masks: DropoutMasks?
  ) -> [Float] {
    let link = network.input
    var current = link.bias ?? [Float](repeating: 0, count: network.plan.layers[0].count)
    current.withUnsafeMutableBufferPointer { buffer in
      guard let target = buffer.baseAddress else { return }
      link.map.addValues(frame, .forward, weights: link.forward.values, to: target)
    }
    return masked(current, masks?.input) ?? current
  }

  private static func masked(_ values: [Float]?, _ mask: [UInt8]?) -> [Float]? {
    guard let values, let mask else { return values }
    return zip(values, mask).map { $1 == 0 ? 0 : $0 }
  }
}

/// `out += x`.
func spikeAdd(_ out: inout [Float], _ x: [Float]) {
  precondition(out.count == x.count, "\(out.count) and \(x.count) values")
  spike_add(&out, x, Int32(x.count))
}
