import Glibc

/// The rows of a sweep, ready to be drawn: means and spreads of a column, along one of its keys.
public struct SweepSummary: Sendable {
  /// A key with the values that rows have of it.
  public struct Axis: Sendable {
    /// The key of presets; `seed` of a sweep over seeds alone.
    public let key: String
    /// Ascending where all are numbers, else in the order in which the rows have them.
    public let values: [SweepValue]

    /// Whether its values are numbers; else they are words that have no order.
    public let isNumeric: Bool
    /// Whether they are numbers over more than a decade, which a logarithmic axis suits.
    public let spansDecades: Bool

    /// A key, of whose values each is given once, in the order in which rows have them.
    init(key: String, values: [SweepValue]) {
      self.key = key
      let numbers = values.compactMap(\.number)
      isNumeric = numbers.count == values.count
      self.values = isNumeric ? values.sorted { ($0.number ?? 0) < ($1.number ?? 0) } : values
      let (least, most) = (numbers.min() ?? 0, numbers.max() ?? 0)
      spansDecades = isNumeric && least > 0 && most > 10 * least
    }
  }

  /// What rows have of a column at one value of the axis.
  public struct Point: Sendable, Equatable {
    /// The value, by its place among the axis' values.
    public let place: Int
    /// The mean of those that there are.
    public let mean: Double
    /// Their standard deviation, with n − 1 for the divisor; nil of a single one.
    public let deviation: Double?
    /// The least and the largest.
    public let low, high: Double
    /// How many there are, and how many rows have none, as where a training has diverged.
    public let count, missing: Int
  }

  /// Points of the rows that share the values of the other keys, or of all rows.
  public struct Curve: Sendable, Equatable {
    /// The values of the other keys, in their order; empty where all rows are taken together.
    public let values: [SweepValue]
    /// Ascending; places of which no row has a number are left out.
    public let points: [Point]
  }

  /// What was measured.
  public let measure: SweepMeasure
  /// The keys, in the order of the columns.
  public let axes: [Axis]
  /// How many rows there are.
  public let rows: Int
  /// How many seeds they have.
  public let seeds: Int
  /// For each row the place of its value on each axis.
  private let places: [Int]
  /// For each row its figures, no number where there is none.
  private let figures: [Double]

  /// Takes in all rows.
  public init(_ table: SweepTable) {
    measure = table.measure
    rows = table.rows.count
    seeds = Set(table.rows.map(\.place.seed)).count
    let hasKeys = !table.keys.isEmpty
    let values = table.rows.map { row in
      hasKeys ? row.place.values : [SweepValue(String(row.place.seed))]
    }
    axes = (hasKeys ? table.keys : ["seed"]).enumerated().map { index, key in
      var seen: Set<SweepValue> = []
      var all: [SweepValue] = []
      for row in values where seen.insert(row[index]).inserted { all.append(row[index]) }
      return Axis(key: key, values: all)
    }
    let numbers = axes.map { axis in
      Dictionary(uniqueKeysWithValues: zip(axis.values, axis.values.indices))
    }
    places = values.flatMap { row in zip(row, numbers).map { $1[$0] ?? 0 } }
    figures = table.rows.flatMap { row in row.figures.map { $0 ?? .nan } }
  }

  /// What a column does along an axis.
  ///
  /// - Parameters:
  ///   - column: which of the measure's columns.
  ///   - axis: which of ``axes``.
  ///   - isAveraged: whether rows are taken together whatever they have of the other keys; else those that share them make
  ///     a curve of their own.
  /// - Returns: curves in the order of their values; none where no row has a number.
  public func curves(of column: Int, over axis: Int, isAveraged: Bool) -> [Curve] {
    let others = isAveraged ? [] : axes.indices.filter { $0 != axis }
    /// Numbers of each curve, by places on the axis, and how many rows had none.
    var found: [[Int]: [Int: (values: [Double], missing: Int)]] = [:]
    for row in 0..<rows {
      let own = places[row * axes.count..<(row + 1) * axes.count]
      let curve = others.map { own[own.startIndex + $0] }
      let place = own[own.startIndex + axis]
      let figure = figures[row * measure.columns.count + column]
      if figure.isNaN {
        found[curve, default: [:]][place, default: ([], 0)].missing += 1
      } else {
        found[curve, default: [:]][place, default: ([], 0)].values.append(figure)
      }
    }
    return found.sorted { $0.key.lexicographicallyPrecedes($1.key) }.compactMap { key, points in
      let curve = Curve(
        values: zip(others, key).map { axes[$0].values[$1] },
        points: points.sorted { $0.key < $1.key }
          .compactMap { Point($0.key, $0.value.values, missing: $0.value.missing) })
      return curve.points.isEmpty ? nil : curve
    }
  }
}

extension SweepSummary.Point {
  /// Nil of no numbers.
  fileprivate init?(_ place: Int, _ values: [Double], missing: Int) {
    guard let low = values.min(), let high = values.max() else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.init(
      place: place, mean: mean, deviation: count > 1 ? sqrt(squares / (count - 1)) : nil,
      low: low, high: high, count: values.count, missing: missing)
  }
}
