import Glibc
import SpideEngine
import Testing

/// Functions that have the same bits everywhere.
@Suite struct ElementaryTests {
  /// All bits of a function at many places, folded into one number.
  private func bits(_ function: (Double) -> Double, at place: (Double) -> Double) -> UInt64 {
    (0..<2560).reduce(0) {
      ($0 << 1 | $0 >> 63) ^ function(place(Double($1))).bitPattern
    }
  }

  /// The numbers are those of the same arithmetic in Python, on another C library.
  @Test func theBitsAreAlwaysTheSame() {
    #expect(bits(Elementary.exp, at: { -20 + $0 / 64 }) == 0x4881_ec1c_646b_dafb)
    #expect(bits(Elementary.log, at: { ($0 + 1) / 37 }) == 0x283c_2d70_e678_f838)
    #expect(bits(Elementary.cosine, at: { $0 / 2560 }) == 0x3a06_64a1_c300_95c4)
  }

  @Test func theyAreRight() {
    for step in 0..<100_000 {
      let part = Double(step) / 100_000
      let power = 200 * part - 100
      #expect(abs(Elementary.exp(power) / Glibc.exp(power) - 1) < 1e-15)
      let number = Glibc.exp(power)
      #expect(abs(Elementary.log(number) - power) <= 1e-15 * max(abs(power), 0.2))
      #expect(abs(Elementary.log(0.5 + part) - Glibc.log(0.5 + part)) < 2e-16)
      #expect(abs(Elementary.cosine(turns: part) - Glibc.cos(2 * .pi * part)) < 1e-15)
    }
  }

  @Test func atTheEndsOfTheirRanges() {
    #expect(Elementary.exp(0.0) == 1 && Elementary.exp(-Double.infinity) == 0)
    #expect(Elementary.exp(-800.0) == 0 && Elementary.exp(800.0) == .infinity)
    #expect(Elementary.exp(Double.nan).isNaN && Elementary.exp(Float(100)) == .infinity)
    #expect(Elementary.exp(-745.0) == Glibc.exp(-745.0) && Elementary.exp(709.7).isFinite)
    #expect(Elementary.log(1.0) == 0 && Elementary.log(0.0) == -.infinity)
    #expect(Elementary.log(-1.0).isNaN && Elementary.log(Double.infinity) == .infinity)
    #expect(Elementary.log(Double.nan).isNaN)
    #expect(Elementary.cosine(turns: 0) == 1 && Elementary.cosine(turns: 0.5) == -1)
    #expect(Elementary.cosine(turns: 0.25) == 0 && Elementary.cosine(turns: 0.75) == 0)
  }
}
