import SpideEngine

/// Random test cases from a seed: a test that names its seed can be run again exactly.
struct Draw {
  private var generator: SeededGenerator

  init(_ seed: UInt64) { generator = SeededGenerator(seed: SeededGenerator.stream(seed, 0x7E57)) }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + generator.below(range.count)
  }

  mutating func chance(_ probability: Float) -> Bool { generator.unit() < probability }

  mutating func one<Element>(of choices: [Element]) -> Element {
    choices[generator.below(choices.count)]
  }

  /// Normal numbers.
  mutating func normal(_ count: Int, deviation: Float = 1) -> [Float] {
    (0..<count).map { _ in generator.normal() * deviation }
  }

  /// Whole numbers from -8 to 8. Sums of their products are exact in single precision, in any order.
  mutating func whole(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(generator.below(17) - 8) }
  }

  /// Spikes of `count` units: 0 and 1, or -1, 0 and 1.
  mutating func spikes(_ count: Int, density: Float, ternary: Bool) -> [Float] {
    (0..<count).map { _ in chance(density) ? (ternary && chance(0.5) ? -1 : 1) : 0 }
  }

  /// 1 with probability `keep`, else 0.
  mutating func mask(_ count: Int, keep: Float) -> [UInt8] {
    (0..<count).map { _ in chance(keep) ? 1 : 0 }
  }
}

extension SpikeEvents {
  /// The events of a row of -1, 0 and 1.
  init(dense: [Float]) {
    self.init(
      codes: dense.indices.filter { dense[$0] != 0 }.map { dense[$0] > 0 ? Int32($0) : ~Int32($0) })
  }
}

extension [Float] {
  var doubles: [Double] { map(Double.init) }
}

/// The largest difference of two rows, as a share of the largest expected size (at least 1); infinite where lengths differ.
func distance(_ values: [Float], _ expected: [Double]) -> Double {
  guard values.count == expected.count else { return .infinity }
  let size = expected.reduce(1.0) { Swift.max($0, abs($1)) }
  return zip(values, expected).reduce(0.0) {
    let off = abs(Double($1.0) - $1.1)
    return off.isNaN ? .infinity : Swift.max($0, off)
  } / size
}

func dot(_ x: [Float], _ y: [Float]) -> Double {
  zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

/// Cosine of the angle between two tensors.
func cosine(_ x: [Float], _ y: [Float]) -> Double {
  dot(x, y) / (dot(x, x) * dot(y, y)).squareRoot()
}
