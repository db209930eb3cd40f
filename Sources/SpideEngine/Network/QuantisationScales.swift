import CSpikeKernels

/// Weights as whole numbers: for each target channel of a link a power of two, of which every weight into the channel is
/// taken as a multiple.
///
/// Spikes add weights, so currents are sums of whole numbers, and these are exact: a network runs to the same bits
/// whatever the order in which spikes are added, and a spike can be taken back. The power of two is the smallest for
/// which no sum of a channel's weights, each of them once, leaves 32 bits: an error of at most 2^-30 of the sum of the
/// weights' sizes for each spike, where adding in single precision has up to 2^-24 of the current. Of a large link
/// (``LinkMap/isLarge``) no weight leaves 24 bits either, which is what a float has: an error of at most 2^-24 of the
/// largest.
///
/// A channel whose weights are not finite has `NaN`: so are then all currents into it.
package struct QuantisationScales: Sendable, Equatable {
  /// What 1 stands for, by channel.
  package let values: [Float]
  /// The inverse of ``values``; 0 where they are not finite.
  package let inverses: [Float]

  /// - Parameters:
  ///   - totals: for each channel the sum of its weights' sizes.
  ///   - largest: the largest of them, where none may leave 24 bits.
  package init(totals: [Float], largest: [Float]? = nil) {
    let exponents = totals.enumerated().map { channel, total in
      guard total > 0 else { return 0 }
      let least = max(Int(total.exponent) - 29, -119)
      // What is all but a power of two is rounded to it, which is one more than 24 bits hold.
      return largest.map { max(least, Int($0[channel].nextUp.exponent) - 22) } ?? least
    }
    values = zip(totals, exponents).map {
      $0.isFinite ? Float(sign: .plus, exponent: $1, significand: 1) : .nan
    }
    inverses = zip(totals, exponents).map {
      $0.isFinite ? Float(sign: .plus, exponent: -$1, significand: 1) : 0
    }
  }

  /// The nearest whole number of a channel's scale.
  package func quantised(_ weight: Float, channel: Int) -> Int32 {
    let inverse = inverses[channel]
    return inverse == 0 ? 0 : Int32((weight * inverse).rounded(.toNearestOrEven))
  }
}
