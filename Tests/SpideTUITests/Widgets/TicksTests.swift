import SpideTUI
import Testing

@Suite struct TicksTests {
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
