/// The four gradients between the exact one and that of the spikes (TheMethod.md, "Where the spike gradient errs"), of one sample or
/// summed over several.
struct GradientSplit: Sendable {
  /// `G0` … `G3`, one tensor for each of ``NetworkPlan/parameters``; nil where it does not exist for some sample.
  private(set) var terms: [[[Float]?]]

  /// Of one sample.
  ///
  /// - Parameters:
  ///   - exact: `G0`; nil where there is no equilibrium.
  ///   - measuredRates: `G1`; nil as well.
  ///   - measuredGates: `G2`.
  ///   - spikes: `G3`.
  init(
    exact: RealGradients?, measuredRates: RealGradients?, measuredGates: RealGradients,
    spikes: RealGradients
  ) {
    let none = spikes.tensors.map { _ in [Float]?.none }
    terms = [
      exact?.tensors ?? none, measuredRates?.tensors ?? none, measuredGates.tensors, spikes.tensors,
    ]
  }

  /// Adds those of another sample.
  mutating func add(_ other: GradientSplit) {
    for term in terms.indices {
      for tensor in terms[term].indices {
        guard let addend = other.terms[term][tensor], var sum = terms[term][tensor] else {
          terms[term][tensor] = nil
          continue
        }
        terms[term][tensor] = nil
        spikeAdd(&sum, addend)
        terms[term][tensor] = sum
      }
    }
  }

  /// The errors of every parameter, in the order of ``NetworkPlan/parameters``.
  func errors(_ plan: NetworkPlan) -> [ParameterError] {
    plan.parameters.enumerated().map { tensor, specification in
      ParameterError(specification.name, terms.map { $0[tensor] })
    }
  }
}

/// How far the spikes' gradient of one parameter is from the exact one, and what is to blame (TheMethod.md, "Where the spike
/// gradient errs"). What does not exist is nil.
public struct ParameterError: Sendable, Hashable {
  /// As in weight files.
  public let name: String
  /// `‖G3‖`: the size of the gradient of the spikes.
  public let gradientNorm: Double
  /// `‖G0‖`: the size of the exact one.
  public let exactNorm: Double?
  /// Of the angle between the two; nil where one of them is 0 too.
  public let cosine: Double?
  /// `‖G3 - G0‖ / ‖G0‖`.
  public let relativeError: Double?
  /// `‖G1 - G0‖ / ‖G0‖`: of rates that are not at equilibrium.
  public let forward: Double?
  /// `‖G2 - G1‖ / ‖G0‖`: of gates that are open or closed wrongly.
  public let gates: Double?
  /// `‖G3 - G2‖ / ‖G0‖`: of `β` that spikes only approach.
  public let backward: Double?

  /// - Parameter terms: `G0` … `G3`.
  init(_ name: String, _ terms: [[Float]?]) {
    self.name = name
    let sizes = terms.map { $0.map { dot($0, $0).squareRoot() } }
    gradientNorm = sizes[3] ?? 0
    exactNorm = sizes[0]
    func share(_ from: Int, _ to: Int) -> Double? {
      guard let whole = sizes[0], whole > 0, let x = terms[from], let y = terms[to] else {
        return nil
      }
      var sum = 0.0
      for index in x.indices {
        let difference = Double(y[index]) - Double(x[index])
        sum += difference * difference
      }
      return sum.squareRoot() / whole
    }
    relativeError = share(0, 3)
    forward = share(0, 1)
    gates = share(1, 2)
    backward = share(2, 3)
    if let exact = terms[0], let spikes = terms[3], let size = sizes[0], let other = sizes[3],
      size > 0, other > 0
    {
      // Rounding must not lead beyond 1.
      cosine = min(1, max(-1, dot(exact, spikes) / size / other))
    } else {
      cosine = nil
    }
  }
}

/// `Σ x y` in double precision.
private func dot(_ x: [Float], _ y: [Float]) -> Double {
  var sum = 0.0
  for index in x.indices { sum += Double(x[index]) * Double(y[index]) }
  return sum
}
