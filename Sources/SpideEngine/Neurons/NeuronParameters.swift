/// What a neuron's potential returns to: the reset potential as a mode, so that a preset can name it.
public enum ResetMode: Hashable, Sendable {
  /// `-threshold`: SPIDE's choice; the residual potential is centred on zero.
  case minusThreshold
  /// `0`: the usual choice; the firing rate is biased low.
  case zero
  /// Any number below the threshold.
  case potential(Float)
}

/// One type for integrate-and-fire and leaky integrate-and-fire neurons, forward (binary) and backward (ternary).
public struct NeuronParameters: Hashable, Sendable {
  /// `V_th`, above 0. Potentials have no unit.
  public var threshold: Float
  /// `u_reset` as a mode.
  public var reset: ResetMode
  /// `λ` in `0 ..< 1` for a leaky neuron, 1 for integrate-and-fire.
  public var leak: Float

  /// Neurons with these constants.
  public init(threshold: Float = 1, reset: ResetMode = .minusThreshold, leak: Float = 1) {
    self.threshold = threshold
    self.reset = reset
    self.leak = leak
  }

  /// `u_reset`.
  public var resetPotential: Float {
    switch reset {
    case .minusThreshold: return -threshold
    case .zero: return 0
    case .potential(let value): return value
    }
  }

  /// `V = V_th - u_reset`: what one spike subtracts.
  public var resetAmount: Float { threshold - resetPotential }

  /// `Σ_t λ^(T-t)` over `steps` steps: the denominator of the weighted mean rate.
  func weightSum(_ steps: Int) -> Float {
    (0..<steps).reduce(Float(0)) { sum, _ in leak * sum + 1 }
  }
}

/// Everything that may change between two runs of a sample without touching the network.
public struct Dynamics: Hashable, Sendable {
  /// Forward neurons: `V_th`, `u_reset`, `λ`.
  public var forward: NeuronParameters
  /// Backward neurons: `V_th,b`, `u_reset,b`, `λ_b`.
  public var backward: NeuronParameters
  /// `T_F`.
  public var forwardSteps: Int
  /// `T_B`.
  public var backwardSteps: Int
  /// `s_c`: multiplies the loss, divides the learning rate.
  public var lossScale: Float

  /// The method's defaults: threshold 1 and 0.5, reset at minus the threshold, no leak, 30 and 100 steps. Without
  /// `backward` neurons, those have a threshold of 0.5 and the leak of the forward ones.
  public init(
    forward: NeuronParameters = NeuronParameters(), backward: NeuronParameters? = nil,
    forwardSteps: Int = 30, backwardSteps: Int = 100, lossScale: Float = 100
  ) {
    self.forward = forward
    self.backward = backward ?? NeuronParameters(threshold: 0.5, leak: forward.leak)
    self.forwardSteps = forwardSteps
    self.backwardSteps = backwardSteps
    self.lossScale = lossScale
  }

  /// What turns sums of spikes into the method's rates: `m β / V` from backward ones, `a` from forward ones.
  var gradientScales: (error: Float, rate: Float) {
    (
      backward.resetAmount / backward.weightSum(backwardSteps) / forward.resetAmount,
      1 / forward.weightSum(forwardSteps)
    )
  }

  /// In which stages neurons leak.
  package var leaks: StageLeaks {
    StageLeaks(forward: forward.leak != 1, backward: backward.leak != 1)
  }
}

/// In which stages neurons leak.
package struct StageLeaks: Hashable, Sendable {
  package let forward: Bool
  package let backward: Bool

  package init(forward: Bool, backward: Bool) {
    self.forward = forward
    self.backward = backward
  }
}
