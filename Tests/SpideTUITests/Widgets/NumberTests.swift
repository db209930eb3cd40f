import SpideTUI
import Testing

@Suite struct NumberTests {
  @Test(arguments: [
    (1.0, 1, "1.0"), (-0.529, 2, "−0.53"), (-0.0004, 2, "0.00"), (12.995, 1, "13.0"),
    (0.05, 3, "0.050"),
    (.nan, 1, "–"), (-.infinity, 0, "−∞"), (3e20, 2, "3e20"),
  ])
  func fixed(_ value: Double, _ decimals: Int, _ text: String) {
    #expect(NumberText.fixed(value, decimals: decimals) == text)
  }

  @Test(arguments: [
    (0.29, "0.290"), (0, "0.000"), (1, "1.000"), (0.0049, "0.005"), (0.0096, "0.010"),
    (0.0002, "0.000"), (0.9997, "1.000"), (.nan, "–"),
  ])
  func rate(_ value: Double, _ text: String) {
    #expect(NumberText.rate(value) == text)
  }

  @Test(arguments: [
    (0.01234, "0.0123"), (2.3, "2.300"), (57.26, "57.3"), (1595, "1595"), (1_240_000, "1.2e6"),
    (-0.0005, "−5e−4"),
    (9.96e-5, "1e−4"), (0, "0"),
  ])
  func short(_ value: Double, _ text: String) {
    #expect(NumberText.short(value) == text)
  }

  @Test(arguments: [
    (1.0, "1.0"), (0.25, "0.25"), (-0.5, "−0.5"), (100, "100"), (0, "0"), (0.9999, "0.9999"),
    (12.345, "12.345"), (4.0 / 3, "1.333"), (2e-30, "2e−30"), (-2e7, "−2e7"), (1.1, "1.1"),
    (.nan, "–"),
  ])
  func constant(_ value: Float, _ text: String) {
    #expect(NumberText.constant(value) == text)
  }

  @Test(
    arguments: [
      (0.0...1.0, 6, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]), (-1...1, 3, ["−1", "0", "1"]),
      (0...5000, 5, ["0", "2000", "4000"]),
      (0.31...0.35, 5, ["0.31", "0.32", "0.33", "0.34", "0.35"]),
      (0...2e7, 3, ["0", "1e7", "2e7"]), (1...1, 3, []),
    ] as [(ClosedRange<Double>, Int, [String])])
  func linearTicks(_ range: ClosedRange<Double>, _ count: Int, _ labels: [String]) {
    #expect(Ticks.linear(range, atMost: count).labels == labels)
  }

  @Test(
    arguments: [
      (0.01...100.0, 5, ["0.01", "0.1", "1", "10", "100"]),
      (0.1...2, 5, ["0.1", "0.2", "0.5", "1", "2"]),
      (1e-6...1e3, 4, ["1e−6", "0.001", "1", "1000"]), (0...1, 4, []),
    ] as [(ClosedRange<Double>, Int, [String])])
  func logarithmicTicks(_ range: ClosedRange<Double>, _ count: Int, _ labels: [String]) {
    #expect(Ticks.logarithmic(range, atMost: count).labels == labels)
  }

  @Test func ticksAreRoundAndNeverTooMany() {
    for exponent in -12...12 {
      for mantissa in [1.0, 1.7, 3.3, 9.1] {
        var size = mantissa
        for _ in 0..<abs(exponent) { size = exponent < 0 ? size / 10 : size * 10 }
        for count in 1...9 {
          let ticks = Ticks.linear(-0.3 * size...size, atMost: count)
          #expect(ticks.values.count <= count && ticks.labels.count == ticks.values.count)
          #expect(Set(ticks.labels).count == ticks.labels.count, "\(size) \(ticks.labels)")
        }
      }
    }
  }

  @Test func stepNumbersBeginAtOne() {
    #expect(Ticks.steps(30, columns: 40, spacing: 5) == [1, 5, 10, 15, 20, 25, 30])
    #expect(Ticks.steps(1, columns: 3, spacing: 5) == [1])
    #expect(Ticks.steps(0, columns: 3, spacing: 5) == [])
  }
}
