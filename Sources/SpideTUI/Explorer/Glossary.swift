/// What the words and letters on the screens mean, a line each.
enum Glossary {
  /// In the order in which the stages run.
  static let entries: [(word: String, meaning: String)] = [
    ("u", "membrane potential of a neuron"),
    ("Vth Vth,b", "threshold of the forward and of the backward stage"),
    ("V V_b", "reset amount: Vth − reset, what a spike takes off u"),
    ("residual potential", "u after the last step, what led to no spike"),
    ("a", "forward firing rate, spikes a step; a* at equilibrium"),
    ("equilibrium", "the rates a* that the feedback loop would settle at"),
    ("gate", "open where 0 < a < 1: only there an error goes through"),
    ("gate flip", "a gate that is not as it would be at equilibrium"),
    ("β", "rate of signed backward spikes × V_b: a neuron's error"),
    ("β*", "its exact value, by implicit differentiation"),
    ("loss scale s_c", "what the error is multiplied by before the backward stage"),
    ("resolution", "V_b / T: the smallest β but 0 that spikes can say"),
    ("below resolution", "share of neurons with |β*| under half of that"),
    ("saturated", "share of neurons that spike one way at every backward step"),
    ("full at s_c", "the loss scale that brings the largest |β*| to V_b"),
    ("forward", "error of the gradient from rates that are not a*"),
    ("gates", "error from gate flips"),
    ("backward", "error from β that is not exact"),
    ("radius", "how much of an error is left once round the loop; below 1 it settles"),
    ("norm", "of the feedback weight; it binds where it is cut to its limit"),
    ("run", "a training, with its weights, constants, curves and recording"),
    ("fork", "another run that begins at an update of one, which stays whole"),
    ("accumulate", "an addition of a weight, for a spike"),
    ("dense", "a program that adds every weight at every step"),
    ("ordinary", "a network of the same layers with numbers, not spikes"),
  ]
}
