import SpideEngine
import SpideExperiment

extension Model {
  /// The reset modes that the sample was run under; none while that is being worked out.
  var resetVariants: [ResetVariant] { resetComparison?.variants ?? [] }

  /// A measure of each reset mode, step by step up to the cursor, on a logarithmic scale.
  func resetPlot(
    _ curve: (ResetVariant) -> [Float], done: Int, unsettled: String, hint: String
  ) -> CurvePlot {
    let variants = resetVariants
    let hasNone = !variants.isEmpty && variants.allSatisfy { curve($0).isEmpty }
    return CurvePlot(
      series: variants.map { variant in
        let isUnsettled = curve(variant).isEmpty && !hasNone
        return CurvePlot.Series(
          variant.name + (isUnsettled ? ": does not settle" : ":"),
          curve(variant).prefix(done).enumerated().map { .init(Double($0 + 1), Double($1)) })
      }, xLabel: "step", yLabel: "reset", isLogarithmic: true,
      emptyText: variants.isEmpty ? "computing …" : hasNone ? unsettled : hint)
  }
}

extension ResetVariant {
  /// `−Vth`, `−Vth/2`, `0`.
  var name: String { Words.reset(dynamics.forward) }
}
