import Foundation
import SpideData
import SpideExperiment
import Testing

/// Means and spreads of a sweep's rows, against sums by hand over rows that were drawn at random.
@Suite struct SweepSummaryTests {
  private static let keys = ["steps.backward", "neuron.reset", "training.loss-scale"]

  /// The text of a file: rows in any order, some without a number, values of numbers and of words.
  private static func text(_ seed: UInt64, rows: Int = 60) -> String {
    var random = SystemLike(seed)
    var lines = [(keys + ["seed", "cosine", "relative_error", "energy_uJ"]).joined(separator: ",")]
    var seen: Set<String> = []
    while lines.count <= rows {
      let place =
        "\(["100", "10", "30"][random.next(3)]),\(["zero", "minus-threshold"][random.next(2)]),"
        + "\(["5", "0.5"][random.next(2)]),\(random.next(9))"
      guard seen.insert(place).inserted else { continue }
      let figures = (0..<3).map { _ in
        random.next(7) == 0 ? "" : String(Double(random.next(2000)) / 1000 - 1)
      }
      lines.append("\(place),\(figures.joined(separator: ","))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A generator of its own, so that what is drawn does not depend on the code that is tested.
  private struct SystemLike {
    var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
    mutating func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
  }

  private static func summary(_ text: String) throws -> SweepSummary {
    let path = NSTemporaryDirectory() + "spide-summary-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return try SweepSummary(SweepTable(path: path))
  }

  @Test(arguments: UInt64(1)...6) func agreesWithSumsByHand(_ seed: UInt64) throws {
    let text = Self.text(seed)
    let summary = try Self.summary(text)
    let rows = text.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(summary.axes.map(\.key) == Self.keys && summary.rows == rows.count)
    #expect(summary.seeds == Set(rows.map { $0[3] }).count)
    #expect(summary.axes[0].values.map(\.text) == ["10", "30", "100"])
    #expect(summary.axes[1].values.map(\.text).first == rows[0][1], "words as they come")
    for axis in 0..<3 {
      for column in 0..<3 {
        for isAveraged in [true, false] {
          let curves = summary.curves(of: column, over: axis, isAveraged: isAveraged)
          let others = isAveraged ? [] : [0, 1, 2].filter { $0 != axis }
          var points = 0
          for curve in curves {
            #expect(curve.points.map(\.place) == curve.points.map(\.place).sorted())
            for point in curve.points {
              points += 1
              let mine = rows.filter { row in
                row[axis] == summary.axes[axis].values[point.place].text
                  && zip(others, curve.values).allSatisfy { row[$0] == $1.text }
              }
              let values = mine.compactMap { Double($0[4 + column]) }
              #expect(point.count == values.count && point.missing == mine.count - values.count)
              #expect(point.low == values.min() && point.high == values.max())
              let mean = values.reduce(0, +) / Double(values.count)
              // Sums of at most 60 numbers below 1 in another order.
              #expect(abs(point.mean - mean) < 1e-12)
              guard values.count > 1 else {
                #expect(point.deviation == nil)
                continue
              }
              // From the squares of all pairs: another formula.
              let pairs = values.reduce(0) { sum, x in
                values.reduce(sum) { $0 + (x - $1) * (x - $1) }
              }
              let n = Double(values.count)
              let deviation = (pairs / (2 * n * (n - 1))).squareRoot()
              #expect(abs((point.deviation ?? -1) - deviation) < 1e-9)
            }
          }
          let groups = Set(
            rows.filter { !$0[4 + column].isEmpty }.map { row in
              [row[axis]] + others.map { row[$0] }
            })
          #expect(points == groups.count)
        }
      }
    }
  }

  /// Numbers over more than a decade; numbers however they are written; words.
  @Test func axes() throws {
    func axis(_ values: [String]) throws -> SweepSummary.Axis {
      let rows = values.enumerated().map { "\($1),\($0),1,1,1" }
      return try Self.summary(
        "k,seed,cosine,relative_error,energy_uJ\n" + rows.joined(separator: "\n") + "\n"
      ).axes[0]
    }
    let numbers = try axis(["1e2", "3", "100", "20"])
    #expect(numbers.values.map(\.number) == [3, 20, 100] && numbers.isNumeric)
    #expect(numbers.spansDecades)
    #expect(try !axis(["10", "100"]).spansDecades, "a decade and no more")
    #expect(try !axis(["0", "100"]).spansDecades, "nothing is 0 decades away")
    let words = try axis(["zero", "-0.5", "minus-threshold", "zero"])
    #expect(!words.isNumeric && !words.spansDecades)
    #expect(words.values.map(\.text) == ["zero", "-0.5", "minus-threshold"])
  }

  /// A sweep over seeds alone is drawn over them.
  @Test func seedsAlone() throws {
    let summary = try Self.summary("seed,cosine,relative_error,energy_uJ\n2,0.5,1,1\n1,0.25,1,\n")
    #expect(summary.axes.map(\.key) == ["seed"])
    #expect(summary.axes[0].values.map(\.text) == ["1", "2"])
    let curves = summary.curves(of: 0, over: 0, isAveraged: false)
    #expect(curves.count == 1 && curves[0].points.map(\.mean) == [0.25, 0.5])
    #expect(summary.curves(of: 2, over: 0, isAveraged: false)[0].points.map(\.place) == [1])
  }

  @Test func noRows() throws {
    let summary = try Self.summary("k,seed,cosine,relative_error,energy_uJ\n")
    #expect(summary.rows == 0 && summary.axes[0].values.isEmpty && !summary.axes[0].spansDecades)
    #expect(summary.curves(of: 0, over: 0, isAveraged: false).isEmpty)
  }
}
