import SpideEngine
import Testing

/// Steps worked out by hand on the smallest network: one weight, one bias, a classifier at rest.
@Suite struct OptimizerTests {
  let plan: NetworkPlan

  init() throws {
    plan = try NetworkPlan(
      inputShape: LayerShape(units: 1), classes: 1, input: Link(.dense(units: 1)), links: [])
  }

  private func steps(
    _ kind: OptimizerKind, decay: Float, lossScale: Float, rate: Float, start: Float,
    gradients: [Float]
  ) -> [Float] {
    var parameters = Parameters(zerosFor: plan)
    parameters["input.weight"] = [start]
    var optimizer = Optimizer(
      plan: plan,
      training: TrainingPlan(
        epochs: 1, batch: 1, optimizer: kind, learningRate: .init(base: rate), weightDecay: decay),
      lossScale: lossScale)
    return gradients.map { value in
      var gradient = Parameters(zerosFor: plan)
      gradient["input.weight"] = [value]
      optimizer.update(&parameters, gradients: gradient, learningRate: rate)
      #expect(parameters["classifier.weight"] == [0], "no gradient and no weight: no step")
      return parameters["input.weight"]?.first ?? .nan
    }
  }

  /// Powers of two, so every step is exact: v ← ½ v + (s_c·grad + wd·w), w ← w - (lr / s_c) v with lr / s_c = 1 / 4.
  @Test func sgd() {
    let weights = steps(
      .sgd(momentum: 0.5), decay: 0.25, lossScale: 8, rate: 2, start: 4, gradients: [3, -1])
    // v = 3 + 1 = 4, w = 4 - 1 = 3; then v = 2 + (-1 + 0.75) = 1.75, w = 3 - 0.4375.
    #expect(weights == [3, 2.5625])
  }

  /// m̂ / √v̂ is the gradient's sign at the first step. At the second m = 0.9·0.1·2 - 0.1·1 = 0.08, m̂ = 0.08 / 0.19;
  /// v = 0.999·0.004 + 0.001 = 0.004996, v̂ = 0.004996 / 0.001999. 1e-5: single precision, of a step of size lr / s_c = 0.1.
  @Test func adam() {
    let weights = steps(
      .adam(beta1: 0.9, beta2: 0.999), decay: 0, lossScale: 10, rate: 1, start: 1,
      gradients: [2, -1])
    let second = (0.08 / 0.19) / (0.004996 / 0.001999).squareRoot()
    #expect(distance(weights, [0.9, 0.9 - 0.1 * second]) < 1e-6)
  }

  /// The decay joins the gradient before both moments, so that the first step has the sign of their sum: here that of the
  /// decay, 0.5 · 8 against a gradient of -1.
  @Test func adamDecays() {
    let weights = steps(
      .adam(beta1: 0.9, beta2: 0.999), decay: 0.5, lossScale: 10, rate: 1, start: 8,
      gradients: [-1, 0])
    // First 3, then half of the weight 7.9: m = 0.9·0.3 + 0.1·3.95, v = 0.999·0.009 + 0.001·3.95².
    let mean = (0.9 * 0.3 + 0.1 * 3.95) / 0.19
    let square = (0.999 * 0.009 + 0.001 * 3.95 * 3.95) / 0.001999
    #expect(distance(weights, [7.9, 7.9 - 0.1 * mean / square.squareRoot()]) < 1e-6)
  }

  @Test func learningRate() {
    let schedule = LearningRateSchedule(
      base: 0.5, decayAt: [2, 4], decayBy: 0.5, warmupBatches: 4)
    let cases: [(epoch: Int, batch: Int, rate: Float)] = [
      (0, 0, 0.125), (0, 1, 0.25), (0, 3, 0.5), (0, 4, 0.5), (1, 90, 0.5), (2, 100, 0.25),
      (3, 100, 0.25), (4, 100, 0.125), (9, 900, 0.125), (2, 0, 0.0625),
    ]
    for (epoch, batch, rate) in cases {
      #expect(schedule.rate(epoch: epoch, batch: batch) == rate, "epoch \(epoch) batch \(batch)")
    }
    #expect(LearningRateSchedule(base: 0.1).rate(epoch: 99, batch: 0) == 0.1)
  }
}
