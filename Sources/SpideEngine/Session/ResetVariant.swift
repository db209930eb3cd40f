/// One variant's errors over time, of one sample or as means over several. Element `t - 1` of each array belongs to step `t`.
public struct ResetVariant: Sendable {
  /// The constants of this variant.
  public let dynamics: Dynamics
  /// Reset potential as a share of minus the threshold: 1, ½ or 0.
  public let resetShare: Float
  /// Mean over all neurons of `|a(t) - a*|`; empty where there is no equilibrium.
  public private(set) var rateError: [Float]
  /// Mean over all neurons of `a(t) - a*`.
  public private(set) var rateBias: [Float]
  /// `‖β(t) - β‖ / ‖β‖` over all neurons, against the exact β for the measured gates; empty where there is none.
  public private(set) var betaError: [Float]
  /// Mean over all neurons of `β(t) - β`, as a share of the mean `|β|`.
  public private(set) var betaBias: [Float]
  /// Residual potentials of neurons with `0 < a < 1`, in units of `V`: counts per bin of ``binEdges``, for each forward step.
  public private(set) var residual: [[Int]]
  /// The same for the backward stage, in units of `V_b`, over neurons that have fired.
  public private(set) var backwardResidual: [[Int]]
  /// Mean residual potential of the same neurons, in units of `V`.
  public private(set) var residualMean: [Float]
  /// The bias that it leaves in their rates: `-mean u / (V Σ_t λ^(T-t))`.
  public private(set) var residualBias: [Float]
  /// Mean residual potential of the neurons that have fired backward, in units of `V_b`.
  public private(set) var backwardResidualMean: [Float]
  /// The bias that it leaves in their β: `-mean u / Σ_t λ^(T-t)`.
  public private(set) var backwardResidualBias: [Float]
  /// The scores of this variant; those of the first sample where there are several.
  public let readout: Readout?
  /// Samples that it stands for.
  public private(set) var samples = 1
  /// Those of them that are classified rightly.
  public private(set) var right: Int
  /// Samples with an equilibrium, and with an exact β.
  private var settled: (rates: Int, betas: Int)

  /// Edges of the bins of residual potentials, in units of `V` or `V_b`; what lies outside counts in the first or the last bin.
  public static let binEdges: [Float] = (0...24).map { -1 + Float($0) / 12 }

  init(network: PackedNetwork, resetShare: Float, input: InputSignal, label: Int?, batch: Int) {
    dynamics = network.dynamics
    self.resetShare = resetShare
    var session = Session(
      network: network, input: input, label: label, batch: batch, monitors: Monitors())
    session.attach(RateMonitor(target: session.equilibrium()?.values), as: .rates)
    session.move(to: session.timeline.position(of: .readout))
    session.attach(BetaMonitor(target: session.implicitDifferentiation()?.values), as: .betas)
    session.move(to: session.end)
    readout = session.readout
    right = readout.map { $0.prediction == label ? 1 : 0 } ?? 0
    rateError = session[.rates]?.error ?? []
    rateBias = session[.rates]?.bias ?? []
    residual = session[.rates]?.residual ?? []
    betaError = session[.betas]?.error ?? []
    betaBias = session[.betas]?.bias ?? []
    backwardResidual = session[.betas]?.residual ?? []
    residualMean = session[.rates]?.residualMean ?? []
    residualBias = session[.rates]?.residualBias ?? []
    backwardResidualMean = session[.betas]?.residualMean ?? []
    backwardResidualBias = session[.betas]?.residualBias ?? []
    settled = (rateError.isEmpty ? 0 : 1, betaError.isEmpty ? 0 : 1)
  }

  /// Takes in other samples of the same variant. Means over samples have each with an equilibrium once; those over residual
  /// potentials each neuron once.
  mutating func add(_ other: ResetVariant) {
    for path in [\ResetVariant.rateError, \.rateBias] as [WritableKeyPath<ResetVariant, [Float]>] {
      merge(path, other, Float(settled.rates), Float(other.settled.rates))
    }
    for path in [\ResetVariant.betaError, \.betaBias] as [WritableKeyPath<ResetVariant, [Float]>] {
      merge(path, other, Float(settled.betas), Float(other.settled.betas))
    }
    for (means, biases, counts)
      in [
        (\ResetVariant.residualMean, \.residualBias, \.residual),
        (\.backwardResidualMean, \.backwardResidualBias, \.backwardResidual),
      ]
      as [(
        WritableKeyPath<ResetVariant, [Float]>, WritableKeyPath<ResetVariant, [Float]>,
        WritableKeyPath<ResetVariant, [[Int]]>
      )]
    {
      if self[keyPath: counts].isEmpty {
        self[keyPath: means] = other[keyPath: means]
        self[keyPath: biases] = other[keyPath: biases]
        self[keyPath: counts] = other[keyPath: counts]
        continue
      }
      for step in other[keyPath: counts].indices where step < self[keyPath: counts].count {
        let own = Float(self[keyPath: counts][step].reduce(0, +))
        let others = Float(other[keyPath: counts][step].reduce(0, +))
        guard others > 0 else { continue }
        for path in [means, biases] {
          let (x, y) = (self[keyPath: path][step], other[keyPath: path][step])
          self[keyPath: path][step] = x + (y - x) * others / (own + others)
        }
        for bin in other[keyPath: counts][step].indices {
          self[keyPath: counts][step][bin] += other[keyPath: counts][step][bin]
        }
      }
    }
    samples += other.samples
    right += other.right
    settled = (settled.rates + other.settled.rates, settled.betas + other.settled.betas)
  }

  /// The mean of an array over samples, so many here and so many there.
  private mutating func merge(
    _ path: WritableKeyPath<ResetVariant, [Float]>, _ other: ResetVariant, _ own: Float,
    _ others: Float
  ) {
    guard others > 0 else { return }
    guard own > 0 else {
      self[keyPath: path] = other[keyPath: path]
      return
    }
    for step in self[keyPath: path].indices where step < other[keyPath: path].count {
      let (x, y) = (self[keyPath: path][step], other[keyPath: path][step])
      self[keyPath: path][step] = x + (y - x) * others / (own + others)
    }
  }
}
