/// How far the forward stage is from the equilibrium. Element `t - 1` of each array belongs to step `t`.
struct RateMonitor: Monitor {
  /// Mean over all neurons of `|a(t) - a*|`; empty without a target.
  private(set) var error: [Float] = []
  /// Mean over all neurons of `a(t) - a*`.
  private(set) var bias: [Float] = []
  /// Residual potentials of neurons with `0 < a < 1`: counts per bin of ``ResetVariant/binEdges``.
  private(set) var residual: [[Int]] = []
  /// Mean residual potential of these neurons, in units of `V`.
  private(set) var residualMean: [Float] = []
  /// What it does to their rates: `-mean u / (V Σ_t λ^(T-t))`.
  private(set) var residualBias: [Float] = []
  /// `a*` of all layers in a row; nil where there is none.
  private let target: [Float]?
  /// `V`.
  private var resetAmount: Float = 0

  init(target: [[Float]]?) { self.target = target?.flatMap { $0 } }

  mutating func begin(_ network: PackedNetwork) {
    (error, bias, residual) = ([], [], [])
    (residualMean, residualBias) = ([], [])
    resetAmount = network.dynamics.forward.resetAmount
  }

  mutating func record(_ state: SampleState) {
    guard state.backward == nil else { return }
    let stage = state.forward
    if let target {
      let rate = stage.layers.indices.flatMap { stage.rate($0) }
      error.append(mean(rate, target) { abs($0 - $1) })
      bias.append(mean(rate, target) { $0 - $1 })
    }
    let most = stage.weightSum
    let left = ResidualPotentials(stage, resetAmount: resetAmount) { $0 > 0 && $0 < most }
    residual.append(left.bins)
    residualMean.append(left.mean)
    residualBias.append(-left.mean / stage.weightSum)
  }
}

extension MonitorName<RateMonitor> {
  /// The forward stage against the equilibrium.
  static var rates: Self { Self("rates") }
}

/// How far the backward stage is from the exact β for the measured gates. Element `t - 1` of each array belongs to step `t`.
struct BetaMonitor: Monitor {
  /// `‖β(t) - β‖ / ‖β‖` over all neurons; empty without a target.
  private(set) var error: [Float] = []
  /// Mean over all neurons of `β(t) - β`, as a share of the mean `|β|`.
  private(set) var bias: [Float] = []
  /// Residual potentials of neurons that have fired: counts per bin of ``ResetVariant/binEdges``.
  private(set) var residual: [[Int]] = []
  /// Mean residual potential of these neurons, in units of `V_b`.
  private(set) var residualMean: [Float] = []
  /// What it does to their β: `-mean u / Σ_t λ^(T-t)`.
  private(set) var residualBias: [Float] = []
  /// `β` of all layers in a row; nil where there is none.
  private let target: [Float]?
  /// `V_b`.
  private var resetAmount: Float = 0

  init(target: [[Float]]?) { self.target = target?.flatMap { $0 } }

  mutating func begin(_ network: PackedNetwork) {
    (error, bias, residual) = ([], [], [])
    (residualMean, residualBias) = ([], [])
    resetAmount = network.dynamics.backward.resetAmount
  }

  mutating func record(_ state: SampleState) {
    guard let stage = state.backward else { return }
    if let target {
      let beta = stage.layers.indices.flatMap { stage.rate($0).map { $0 * resetAmount } }
      let square = mean(target, target) { $0 * $1 }
      let size = mean(target, target) { value, _ in abs(value) }
      error.append(
        square > 0
          ? (mean(beta, target) { ($0 - $1) * ($0 - $1) } / square).squareRoot() : 0)
      bias.append(size > 0 ? mean(beta, target) { $0 - $1 } / size : 0)
    }
    let left = ResidualPotentials(stage, resetAmount: resetAmount) { $0 != 0 }
    residual.append(left.bins)
    residualMean.append(left.mean)
    residualBias.append(-left.mean * resetAmount / stage.weightSum)
  }
}

extension MonitorName<BetaMonitor> {
  /// The backward stage against the exact β.
  static var betas: Self { Self("betas") }
}

/// The mean of `f` over pairs, summed in double precision.
private func mean(_ x: [Float], _ y: [Float], _ f: (Float, Float) -> Float) -> Float {
  var sum = 0.0
  for index in x.indices { sum += Double(f(x[index], y[index])) }
  return Float(sum / Double(max(1, x.count)))
}

/// Residual potentials in units of `resetAmount`, of the neurons whose weighted sum of spikes `counts`.
private struct ResidualPotentials {
  /// Counts per bin of ``ResetVariant/binEdges``.
  var bins = [Int](repeating: 0, count: ResetVariant.binEdges.count - 1)
  /// Their mean; 0 where there are none.
  var mean: Float = 0

  init(_ state: StageState, resetAmount: Float, where counts: (Float) -> Bool) {
    var (sum, count) = (0.0, 0)
    for layer in state.layers {
      for (unit, potential) in layer.potential.enumerated() where counts(layer.spikeSum[unit]) {
        let share = potential / resetAmount
        sum += Double(share)
        count += 1
        let place = (share + 1) * Float(bins.count) / 2
        // Clamped as a number first: a network that diverged has potentials that are no numbers.
        bins[place >= 1 ? Int(min(place, Float(bins.count - 1))) : 0] += 1
      }
    }
    mean = count > 0 ? Float(sum / Double(count)) : 0
  }
}
