/// The functions that a training needs beyond arithmetic, by arithmetic alone: what a C library gives may differ in the last
/// bit from one version or processor to another, and then so would every weight.
///
/// Errors are below 1e-15 of the result, so that a `Float` of it is the nearest one but for about one argument in a million.
package enum Elementary {
  private static let log2High = 0x1.62e42feep-1
  private static let log2Low = 0x1.a39ef35793c76p-33

  /// `e^x`; 0 and infinity where that is out of range.
  package static func exp(_ x: Double) -> Double {
    guard !x.isNaN else { return x }
    guard x < 710, x > -746 else { return x > 0 ? .infinity : 0 }
    // x = n log 2 + r with a small r.
    let n = (x * 0x1.71547652b82fep0).rounded()
    let r = (x - n * log2High) - n * log2Low
    // Taylor's series, from its last term.
    var sum = 1.0
    for k in stride(from: 14.0, through: 1, by: -1) { sum = 1 + sum * r / k }
    return Double(sign: .plus, exponent: Int(n), significand: sum)
  }

  /// The nearest number to `e^x`.
  package static func exp(_ x: Float) -> Float { Float(exp(Double(x))) }

  /// The natural logarithm of a number above 0; of 0 minus infinity, of others no number.
  package static func log(_ x: Double) -> Double {
    guard x > 0, x < .infinity else { return x == 0 ? -.infinity : x > 0 ? x : .nan }
    // x = m 2^e with m around 1.
    var (m, e) = (x.significand, Double(x.exponent))
    if m > 0x1.6a09e667f3bcdp0 { (m, e) = (m / 2, e + 1) }
    // log m = 2 artanh s.
    let s = (m - 1) / (m + 1)
    let square = s * s
    var sum = 0.0
    for k in stride(from: 23.0, through: 3, by: -2) { sum = (sum + 1 / k) * square }
    return e * log2High + (e * log2Low + 2 * s * sum) + 2 * s
  }

  /// The nearest number to the logarithm.
  package static func log(_ x: Float) -> Float { Float(log(Double(x))) }

  /// The cosine of so many turns, at least 0 and below 1.
  package static func cosine(turns: Double) -> Double {
    // cos is even about half a turn, and odd about a quarter and three.
    let folded = turns > 0.5 ? 1 - turns : turns
    let (turns, sign) = folded > 0.25 ? (0.5 - folded, -1.0) : (folded, 1.0)
    guard turns > 0.125 else { return sign * series(2 * .pi * turns, odd: 0) }
    let angle = 2 * .pi * (0.25 - turns)
    return sign * angle * series(angle, odd: 1)
  }

  /// Of the cosine (`odd` 0), or of the sine over `x` (1), for `x` up to π/4.
  private static func series(_ x: Double, odd: Double) -> Double {
    var sum = 1.0
    for k in stride(from: 18.0, through: 2, by: -2) {
      sum = 1 - sum * x * x / ((k + odd) * (k + odd - 1))
    }
    return sum
  }
}
