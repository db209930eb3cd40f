import SpideEngine
import Testing

/// Every parameter's figures from the four gradients.
func expectParameters(
  _ found: GradientInspection, _ terms: [[[Double]?]], _ name: String
) {
  for (index, error) in found.parameters.enumerated() {
    let place = "\(name), \(error.name)"
    let parts = terms.map { $0[index] }
    let size = parts[0].map(norm)
    let spikes = parts[3] ?? []
    expectNear(error.gradientNorm, norm(spikes), 1e-4 * norm(spikes) + 1e-9, place)
    expectNear(error.exactNorm, size, 1e-3 * (size ?? 0) + 1e-7, place)
    guard let size, size > 1e-6, let exact = parts[0] else {
      if size == nil { #expect(error.relativeError == nil && error.cosine == nil, "\(place)") }
      continue
    }
    func share(_ from: Int, _ to: Int) -> Double? {
      guard let x = parts[from], let y = parts[to] else { return nil }
      return norm(zip(x, y).map { $0 - $1 }) / size
    }
    for (value, expected, what) in [
      (error.relativeError, share(0, 3), "whole"), (error.forward, share(0, 1), "forward"),
      (error.gates, share(1, 2), "gates"), (error.backward, share(2, 3), "backward"),
    ] {
      expectNear(value, expected, 2e-3 * max(1, expected ?? 0), "\(place): \(what)")
    }
    let angle = zip(exact, spikes).reduce(0) { $0 + $1.0 * $1.1 } / size / norm(spikes)
    expectNear(error.cosine, norm(spikes) == 0 ? nil : angle, 1e-3, "\(place): cosine")
  }
}
