import SpideEngine
import Testing

/// Weights as whole numbers of a channel's step.
@Suite struct QuantisationScalesTests {
  @Test(arguments: UInt64(0)..<100) func sumsStayWithinThirtyTwoBits(seed: UInt64) {
    var draw = Draw(seed)
    let weights = draw.normal(
      draw.integer(1...5000), deviation: draw.one(of: [1e-20, 1e-3, 1, 1e9]))
    let total = weights.reduce(0) { $0 + abs($1) }
    let largest = draw.chance(0.5) ? weights.reduce(0) { max($0, abs($1)) } : nil
    let scales = QuantisationScales(totals: [total], largest: largest.map { [$0] })
    let numbers = weights.map { Int64(scales.quantised($0, channel: 0)) }
    #expect(numbers.reduce(0) { $0 + abs($1) } < 1 << 31)
    #expect(largest == nil || numbers.allSatisfy { abs($0) < 1 << 23 })
    // No coarser than it must be, and each weight is within half a step.
    let step = Double(scales.values[0])
    #expect(Double(total) / step >= 0x1p29 || Double(largest ?? 0) / step >= 0x1p22 - 0.5)
    for (weight, number) in zip(weights, numbers) {
      #expect(abs(Double(weight) / step - Double(number)) <= 0.5)
    }
  }

  /// A weight that single precision has exactly, and the channel's step too, is kept.
  @Test func wholeWeightsAreExact() {
    let scales = QuantisationScales(totals: [255])
    for weight in -127...127 {
      #expect(
        Float(scales.quantised(Float(weight), channel: 0)) * scales.values[0] == Float(weight))
    }
  }

  /// The largest of a few weights is what decides, and has 24 bits even if it is all but a power of two.
  @Test func weightsHaveTwentyFourBits() {
    for largest in [1, Float(1).nextDown, Float(1).nextUp, 1.5] {
      let scales = QuantisationScales(totals: [largest], largest: [largest])
      for sign in [Float(1), -1] {
        #expect((1 << 22...1 << 23 - 1).contains(abs(scales.quantised(sign * largest, channel: 0))))
      }
    }
  }

  @Test func whatIsNotFiniteHasNoNumbers() {
    for total in [Float.infinity, .nan] {
      let scales = QuantisationScales(totals: [total, 1])
      #expect(scales.values[0].isNaN && scales.quantised(3, channel: 0) == 0)
      #expect(scales.values[1] == 0x1p-29)
    }
    let silent = QuantisationScales(totals: [0])
    #expect(silent.values[0] == 1 && silent.quantised(0, channel: 0) == 0)
  }
}
