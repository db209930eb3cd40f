/// What an iteration came to.
public enum ExactResult: Sendable, Equatable {
  /// One array per layer, in engine order, and the steps it took.
  case converged([[Float]], iterations: Int)
  /// The iteration does not settle: how far apart its last two steps were.
  case doesNotConverge(residual: Float, iterations: Int)

  /// The solution, where there is one.
  public var values: [[Float]]? {
    if case .converged(let values, _) = self { return values }
    return nil
  }
}

/// The two fixed points that the stages approach, solved directly with real numbers instead of spikes.
public enum Exact {
  /// Most sweeps over the layers before an iteration is given up.
  public static let iterationLimit = 2000
  /// A solution is accepted when a whole sweep moves no unit by more than this share of the largest value.
  public static let tolerance: Float = 1e-6

  /// `a*`: `a_0 = clip((F x + b_x + W_fb a_{N-1}) / V, 0, 1)`, `a_{i+1} = clip((W_i a_i + b_i) / V, 0, 1)`.
  ///
  /// Meaningful for a constant input; a varying one has no equilibrium (TheMethod.md, "Forward stage").
  ///
  /// - Parameters:
  ///   - network: weights and constants.
  ///   - inputCurrent: what reaches the layers without spikes.
  ///   - isWanted: asked before every sweep; what is not wanted any more does not converge.
  public static func equilibrium(
    network: PackedNetwork, inputCurrent: InputCurrent, while isWanted: () -> Bool = { true }
  ) -> ExactResult {
    let scale = 1 / network.dynamics.forward.resetAmount
    let last = network.layerCount - 1
    let input = inputCurrent.constantCurrent()
    return iterate(
      network: network, order: Array(0...last), scale: 1, while: isWanted
    ) { layer, values in
      var current = layer == 0 ? input : inputCurrent.quiet[layer] ?? zeros(network, layer)
      let link = layer == 0 ? network.feedback : network.links[layer - 1]
      let mask = layer == 0 ? inputCurrent.masks?.feedback : inputCurrent.masks?.links[layer - 1]
      if let link {
        add(&current, mask) { target in
          link.map.addValues(
            values[layer == 0 ? last : layer - 1], .forward, weights: link.forward.values,
            to: target)
        }
      }
      return current.map { min(max($0 * scale, 0), 1) }
    }
  }

  /// `β`: `β_{N-1} = g + (1/V) W_fbᵀ (m_0 ⊙ β_0)`, `β_i = (1/V) W_iᵀ (m_{i+1} ⊙ β_{i+1})`.
  ///
  /// - Parameters:
  ///   - network: weights and constants.
  ///   - sources: `g` and the gates.
  ///   - isWanted: asked before every sweep; what is not wanted any more does not converge.
  public static func implicitDifferentiation(
    network: PackedNetwork, sources: BackwardStage.Sources, while isWanted: () -> Bool = { true }
  ) -> ExactResult {
    let last = network.layerCount - 1
    // The packed rows carry V_b / V, and spikes of size V_b; real values need 1 / V.
    let unit = 1 / network.dynamics.backward.resetAmount
    let largest = sources.outputGradient.reduce(Float(0)) { max($0, abs($1)) }
    return iterate(
      network: network, order: Array((0...last).reversed()), scale: largest, while: isWanted
    ) { layer, values in
      var current = layer == last ? sources.outputGradient : zeros(network, layer)
      let link = layer == last ? network.feedback : network.links[layer]
      let from = layer == last ? 0 : layer + 1
      if let link {
        let gated = zip(values[from], sources.backwardMask[from]).map { $1 == 0 ? 0 : $0 * unit }
        add(&current, nil) { target in
          link.map.addValues(gated, .backward, weights: link.backward.values, to: target)
        }
      }
      return current
    }
  }

  private static func zeros(_ network: PackedNetwork, _ layer: Int) -> [Float] {
    [Float](repeating: 0, count: network.plan.layers[layer].count)
  }

  private static func add(
    _ current: inout [Float], _ mask: [UInt8]?, _ link: (UnsafeMutablePointer<Float>) -> Void
  ) {
    var sent = [Float](repeating: 0, count: current.count)
    sent.withUnsafeMutableBufferPointer { buffer in
      guard let target = buffer.baseAddress else { return }
      link(target)
    }
    for index in current.indices where mask?[index] != 0 { current[index] += sent[index] }
  }

  /// Sweeps over the layers until a sweep moves nothing any more. Without feedback the first sweep is exact.
  private static func iterate(
    network: PackedNetwork, order: [Int], scale: Float, while isWanted: () -> Bool,
    _ update: (_ layer: Int, _ values: [[Float]]) -> [Float]
  ) -> ExactResult {
    var values = network.plan.layers.map { [Float](repeating: 0, count: $0.count) }
    var residual = Float.infinity
    for iteration in 1...iterationLimit {
      guard isWanted() else {
        return .doesNotConverge(residual: residual, iterations: iteration - 1)
      }
      residual = 0
      var size = scale
      for layer in order {
        let next = update(layer, values)
        for (old, new) in zip(values[layer], next) {
          // A value that is no number must not pass as settled.
          let moved = abs(new - old)
          residual = moved.isFinite ? max(residual, moved) : .infinity
          size = max(size, abs(new))
          if !residual.isFinite { break }
        }
        values[layer] = next
        guard residual.isFinite else { break }
      }
      guard residual.isFinite, size < 1e30 else {
        return .doesNotConverge(residual: residual, iterations: iteration)
      }
      if network.feedback == nil || residual <= tolerance * size {
        return .converged(values, iterations: iteration)
      }
    }
    return .doesNotConverge(residual: residual, iterations: iterationLimit)
  }
}
