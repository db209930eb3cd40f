/// What turns a link's products of spike sums into its gradients (TheMethod.md, "Gradients").
///
/// Both engines sum products of whole spike sums and multiply by these constants once, at the end.
struct GradientScale {
  /// For the weight: `1 / T_F` of the source's rates (1 where the source has real values), times ``bias``, times the factor
  /// of the feedback norm.
  let weight: Float
  /// For the bias: `V_b / (T_B V)` of the target's errors, times `1 / (1 - p)` of dropout. With a leak, weighted sums take
  /// the place of `T_F` and `T_B`. The classifier's errors are real numbers: 1.
  let bias: Float

  /// The scales of a link; nil stands for the classifier.
  init(_ id: LinkID?, _ scales: LinkScales, _ dynamics: Dynamics) {
    let (error, rate) = dynamics.gradientScales
    bias = id == nil ? 1 : error * scales.kept
    weight = bias * (id == nil || id == .input ? 1 : rate) * scales.weight
  }
}
