import Glibc

/// How near one layer's spikes are to the exact solutions, of one sample or as the mean over several. What does not exist, for some
/// sample, is nil (TheMethod.md, "Where the spike gradient errs").
public struct LayerMeasure: Sendable, Hashable {
  /// Share of (step, unit) pairs of the forward stage with a spike.
  public internal(set) var forwardRate: Double
  /// Share of (step, unit) pairs of the backward stage with a spike of either sign.
  public internal(set) var backwardRate: Double
  /// Mean over units of `|a - a*|`.
  public internal(set) var rateError: Double?
  /// Mean over units of `a - a*`.
  public internal(set) var rateBias: Double?
  /// Share of units whose gate is not the one at equilibrium.
  public internal(set) var gateFlips: Double?
  /// `‖β(T_B) - β‖ / ‖β‖` against the exact `β` for the measured gates; nil where that is 0 too.
  public internal(set) var betaError: Double?
  /// Share of samples for which the backward stage fires no spike.
  public internal(set) var silent: Double
  /// Share of units with `0 < |β*|` below half of the resolution.
  public internal(set) var belowResolution: Double?
  /// Share of units that spike with one sign at every backward step.
  public internal(set) var saturated: Double
  /// `max |u|` after the reset, over units and steps of the backward stage, in units of `V_th,b`.
  public internal(set) var largestPotential: Double
  /// The sizes of `β*`.
  public internal(set) var exactBetas: BetaSizes?

  /// The means of some samples' measures of one layer; there is at least one.
  static func mean(_ measures: [LayerMeasure]) -> LayerMeasure {
    let count = Double(measures.count)
    func mean(_ value: (LayerMeasure) -> Double) -> Double {
      measures.reduce(0) { $0 + value($1) } / count
    }
    func optionalMean(_ value: (LayerMeasure) -> Double?) -> Double? {
      let values = measures.compactMap(value)
      return values.count == measures.count ? values.reduce(0, +) / count : nil
    }
    let sizes = measures.compactMap(\.exactBetas)
    return LayerMeasure(
      forwardRate: mean(\.forwardRate), backwardRate: mean(\.backwardRate),
      rateError: optionalMean(\.rateError), rateBias: optionalMean(\.rateBias),
      gateFlips: optionalMean(\.gateFlips), betaError: optionalMean(\.betaError),
      silent: mean(\.silent), belowResolution: optionalMean(\.belowResolution),
      saturated: mean(\.saturated), largestPotential: mean(\.largestPotential),
      exactBetas: sizes.count == measures.count ? BetaSizes(sizes) : nil)
  }
}

/// How large the exact `β` of a layer's units are, beside what backward spikes can say: from the resolution to `V_b`.
public struct BetaSizes: Sendable, Hashable {
  /// The largest `|β*|`.
  public let largest: Double
  /// Units with `|β*| > 0` by size: bin `i` holds those from `V_b 2^((i - 28) / 2)` on, half an octave each; what lies outside counts
  /// in the first or the last.
  public let bins: [Int]
  /// Units with `β* = 0`, which no loss scale changes.
  public let zeros: Int

  /// The bin that begins at `V_b`.
  public static let unitBin = 28
  /// Bins: from `V_b / 2^14` to `2^6 V_b`.
  public static let binCount = 40

  /// Of one layer of one sample.
  init(_ betas: [Float], resetAmount: Float) {
    var bins = [Int](repeating: 0, count: Self.binCount)
    var (largest, zeros) = (Float(0), 0)
    for beta in betas {
      let size = abs(beta)
      largest = max(largest, size)
      guard size > 0 else {
        zeros += 1
        continue
      }
      let place = (2 * log2(Double(size / resetAmount))).rounded(.down) + Double(Self.unitBin)
      // Clamped as a number first: what diverges has no place.
      bins[place >= 1 ? Int(min(place, Double(Self.binCount - 1))) : 0] += 1
    }
    self.largest = Double(largest)
    self.bins = bins
    self.zeros = zeros
  }

  /// Those of several samples together; there is at least one.
  init(_ parts: [BetaSizes]) {
    largest = parts.reduce(0) { max($0, $1.largest) }
    zeros = parts.reduce(0) { $0 + $1.zeros }
    bins = (0..<Self.binCount).map { bin in parts.reduce(0) { $0 + $1.bins[bin] } }
  }
}

extension Dynamics {
  /// What one spike of the last step counts in `β`, in units of potential: `V_b / Σ_t λ_b^(T_B - t)`, without a leak
  /// `V_b / T_B`. Less than half of it can't be told from nothing.
  public var resolution: Double {
    Double(backward.resetAmount) / Double(backward.weightSum(backwardSteps))
  }
}
