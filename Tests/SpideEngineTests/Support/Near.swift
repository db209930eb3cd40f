import Testing

/// The length of a vector.
func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

/// Whether two numbers are the same but for rounding.
func near(_ x: Double, _ y: Double) -> Bool { abs(x - y) <= 1e-6 * max(1, abs(y)) }

/// Both numbers exist and differ by no more than a tolerance, or neither exists.
func expectNear(
  _ value: Double?, _ expected: Double?, _ tolerance: Double, _ name: String
) {
  switch (value, expected) {
  case (nil, nil): return
  case (let value?, let expected?):
    #expect(abs(value - expected) <= tolerance, "\(name): \(value), not \(expected)")
  default:
    Issue.record("\(name): \(String(describing: value)), not \(String(describing: expected))")
  }
}
