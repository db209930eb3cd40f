import SpideData
import SpideEngine

extension Inspection {
  /// One object, as `inspect --json` prints it; a value that does not exist is null.
  public var json: JSON {
    .object([
      ("preset", .string(preset)), ("samples", .int(found.samples)), ("loss", .double(found.loss)),
      ("accuracy", .double(found.accuracy)), ("layers", .array(layers)),
      ("parameters", .array(found.parameters.map(\.json))),
      ("loop", found.loop?.json ?? .null), ("ledger", ledger.json(constants)),
      ("neurobench", neuroBench.json),
    ])
  }

  private var layers: [JSON] {
    zip(plan.layers, found.layers).enumerated().map { layer, parts in
      let (shape, measure) = parts
      return .object([
        ("name", .string("L\(layer)")), ("neurons", .int(shape.count)),
        ("forward_rate", .double(measure.forwardRate)),
        ("backward_rate", .double(measure.backwardRate)),
        ("rate_error", .optional(measure.rateError)), ("rate_bias", .optional(measure.rateBias)),
        ("gate_flips", .optional(measure.gateFlips)), ("beta_error", .optional(measure.betaError)),
        ("silent", .double(measure.silent)), ("resolution", .double(found.resolution)),
        ("below_resolution", .optional(measure.belowResolution)),
        ("saturated", .double(measure.saturated)),
        ("largest_potential", .double(measure.largestPotential)),
      ])
    }
  }
}

extension ParameterError {
  fileprivate var json: JSON {
    .object([
      ("name", .string(name)), ("gradient_norm", .double(gradientNorm)),
      ("exact_norm", .optional(exactNorm)), ("cosine", .optional(cosine)),
      ("relative_error", .optional(relativeError)), ("error_forward", .optional(forward)),
      ("error_gates", .optional(gates)), ("error_backward", .optional(backward)),
    ])
  }
}

extension LoopMeasure {
  fileprivate var json: JSON {
    .object([
      ("spectral_radius", .optional(spectralRadius)),
      ("gates", .string(isAtEquilibrium ? "equilibrium" : "measured")),
      ("feedback_norm", .double(feedbackNorm)), ("feedback_limit", .optional(feedbackLimit)),
      // Of one sample a whole number, of several their mean.
      (
        "iterations",
        iterations.map { value in Int(exactly: value).map(JSON.int) ?? .double(value) } ?? .null
      ),
    ])
  }
}
