/// The constant factors of one link that its packed weights have in them, for stepping and for
/// training. Whatever packed weights are multiplied by is folded here and nowhere else.
package struct LinkScales: Sendable {
  /// Probability that a unit of the link's output is dropped; 0 where dropout is not in use.
  package let dropout: Float
  /// `1 / (1 - p)` where dropout is in use, else 1: what biases are multiplied by.
  package let kept: Float
  /// The factor of the feedback norm, 1 for other links: the gradient of the stored weight is multiplied by it too.
  package let weight: Float
  /// What weights are multiplied by forward: dropout, feedback norm or a pool's mean.
  package let forward: Float
  /// What they are multiplied by backward: the same and `V_b / V`.
  package let backward: Float

  package init(
    _ link: Link, form: LinkForm, factor: Float = 1, backward: Float,
    usesDropout: Bool
  ) {
    dropout = usesDropout ? link.dropout : 0
    kept = 1 / (1 - dropout)
    weight = factor
    switch form {
    case .pool(let size): forward = kept / Float(size * size)
    case .dense, .window: forward = factor * kept
    }
    self.backward = forward * backward
  }

  /// What weights are multiplied by in a stage.
  package subscript(stage: Stage) -> Float { stage == .forward ? forward : backward }
}

/// What a network folds into the weights of its links under one setting of the constants.
package struct NetworkScales: Sendable {
  /// Whether runs must draw masks: training, and a plan that has dropout.
  package let usesDropout: Bool
  /// `‖W‖_F` of the feedback weight as it is stored; 0 without feedback.
  package let feedbackNorm: Double
  /// The factor by which the feedback weight is used (TheMethod.md, "Feedback norm").
  package let feedbackFactor: Float
  /// `V_b / V`.
  package let backward: Float

  package init(
    _ plan: NetworkPlan, _ parameters: Parameters, _ dynamics: Dynamics, usesDropout: Bool
  ) {
    self.usesDropout =
      usesDropout && plan.allLinks.contains { (plan.link($0)?.dropout ?? 0) > 0 }
    let weight = parameters["feedback.weight"] ?? []
    feedbackNorm = weight.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    feedbackFactor = NetworkScales.feedbackFactor(feedbackNorm, maxNorm: plan.feedbackMaxNorm)
    backward = dynamics.backward.resetAmount / dynamics.forward.resetAmount
  }

  /// `min(‖W‖_F, limit) / ‖W‖_F`.
  private static func feedbackFactor(_ norm: Double, maxNorm: Float?) -> Float {
    guard let maxNorm, norm > Double(maxNorm) else { return 1 }
    return Float(Double(maxNorm) / norm)
  }

  /// The scales of a link; nil stands for the classifier, which carries rates and logits, not spikes.
  package func scales(_ id: LinkID?, _ link: Link, form: LinkForm) -> LinkScales {
    LinkScales(
      link, form: form, factor: id == .feedback ? feedbackFactor : 1,
      backward: id == nil ? 1 : backward, usesDropout: id != nil && usesDropout)
  }
}
