import SpideEngine
import Testing

@Suite struct SeededGeneratorTests {
  /// SplitMix64's published sequence for the seed 1234567: a changed generator would change every run that was ever seeded.
  @Test func firstNumbers() {
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(
      (0..<5).map { _ in generator.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test func stateContinuesTheStream() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<10 { _ = generator.next() }
    var restored = SeededGenerator(seed: generator.state)
    #expect((0..<10).map { _ in generator.next() } == (0..<10).map { _ in restored.next() })
  }

  @Test func streamsDiffer() {
    let seeds = (UInt64(0)..<10).flatMap { seed in
      [SeededGenerator.stream(seed)]
        + (UInt64(0)..<10).flatMap { name in
          [
            SeededGenerator.stream(seed, name), SeededGenerator.stream(seed, name, 0),
            SeededGenerator.stream(seed, 0, name + 100),
          ]
        }
    }
    #expect(Set(seeds).count == seeds.count)
  }

  /// Counts of 60 000 draws: five standard deviations of sqrt(n p (1 - p)) either way.
  @Test(arguments: [2, 3, 7, 100]) func belowIsEven(_ bound: Int) {
    var generator = SeededGenerator(seed: UInt64(bound))
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<60_000 { counts[generator.below(bound)] += 1 }
    let share = 1 / Double(bound)
    let deviation = (60_000 * share * (1 - share)).squareRoot()
    for count in counts { #expect(abs(Double(count) - 60_000 * share) < 5 * deviation) }
  }

  /// Means over 100 000 draws: five standard errors of each moment (1, √2, √15, √96 over √n).
  @Test func normalMoments() {
    var generator = SeededGenerator(seed: 4)
    let values = (0..<100_000).map { _ in Double(generator.normal()) }
    func moment(_ power: Int) -> Double {
      values.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } }
        / 100_000
    }
    #expect(abs(moment(1)) < 5 / 316.2)
    #expect(abs(moment(2) - 1) < 5 * 1.414 / 316.2)
    #expect(abs(moment(3)) < 5 * 3.873 / 316.2)
    #expect(abs(moment(4) - 3) < 5 * 9.798 / 316.2)
  }
}

/// TheMethod.md, "Initial weights".
@Suite struct InitialWeightsTests {
  let plan: NetworkPlan

  init() throws {
    plan = try NetworkPlan(
      inputShape: LayerShape(channels: 3, height: 8, width: 8), classes: 10,
      input: Link(.convolution(channels: 32, kernel: 3, stride: 1, padding: 1)),
      links: [
        Link(.convolution(channels: 24, kernel: 3, stride: 2, padding: 1)),
        Link(.dense(units: 60)),
      ])
  }

  /// Feature maps back to feature maps: what the transposed convolution needs.
  private func feedbackPlan() throws -> NetworkPlan {
    try NetworkPlan(
      inputShape: plan.inputShape, classes: 10, input: plan.input, links: [plan.links[0]],
      feedback: Link(
        .transposedConvolution(channels: 32, kernel: 3, stride: 2, padding: 1, outputPadding: 1)))
  }

  /// Five standard errors: a deviation from n normal numbers errs by 1 / sqrt(2 n) of itself.
  private func expectDeviation(_ values: [Float]?, _ deviation: Double) {
    let values = values ?? []
    let found = (dot(values, values) / Double(values.count)).squareRoot()
    #expect(abs(found / deviation - 1) < 5 / (2 * Double(values.count)).squareRoot())
  }

  @Test(arguments: UInt64(0)..<5) func kaiming(_ seed: UInt64) throws {
    let weights = Parameters(initial: .kaiming, plan: plan, seed: seed)
    expectDeviation(weights["input.weight"], (2.0 / 27).squareRoot())
    expectDeviation(weights["links.0.weight"], (2.0 / (32 * 9)).squareRoot())
    expectDeviation(weights["links.1.weight"], (2.0 / (24 * 16)).squareRoot())
    // fan_in of a transposed convolution counts its 32 outputs; the result is multiplied by 0.1.
    let fed = Parameters(initial: .kaiming, plan: try feedbackPlan(), seed: seed)
    expectDeviation(fed["feedback.weight"], 0.1 * (2.0 / (32 * 9)).squareRoot())
  }

  /// Each output filter has length 1 (0.1 for a transposed convolution); 1e-5: single precision over 300 squares.
  @Test func unit() throws {
    let weights = Parameters(initial: .unit, plan: plan, seed: 2)
    for (name, filters) in [("input.weight", 32), ("links.0.weight", 24), ("links.1.weight", 60)] {
      let values = try #require(weights[name])
      let size = values.count / filters
      for filter in 0..<filters {
        let row = Array(values[filter * size..<(filter + 1) * size])
        #expect(abs(dot(row, row).squareRoot() - 1) < 1e-5)
      }
    }
    let fed = try #require(
      Parameters(initial: .unit, plan: try feedbackPlan(), seed: 2)["feedback.weight"])
    for output in 0..<32 {
      // [in, out, 3, 3]: an output's filter is spread over all inputs.
      let filter = fed.indices.filter { $0 / 9 % 32 == output }.map { fed[$0] }
      #expect(abs(dot(filter, filter).squareRoot() - 0.1) < 1e-6)
    }
  }

  @Test(arguments: InitialWeights.allCases) func biasesAndClassifier(_ rule: InitialWeights) {
    let weights = Parameters(initial: rule, plan: plan, seed: 1)
    for link in plan.allLinks {
      #expect(weights[link.name + ".bias"]?.allSatisfy { $0 == 0 } == true)
    }
    let limit = 1 / Float(60).squareRoot()
    for name in ["classifier.weight", "classifier.bias"] {
      #expect(weights[name]?.allSatisfy { abs($0) <= limit } == true)
      #expect(weights[name]?.contains { abs($0) > limit / 2 } == true, "uniform up to the limit")
    }
    expectDeviation(weights["classifier.weight"], Double(limit) / 3.0.squareRoot())
  }

  @Test func everyTensorHasItsOwnStream() throws {
    let weights = Parameters(initial: .kaiming, plan: plan, seed: 1)
    #expect(weights == Parameters(initial: .kaiming, plan: plan, seed: 1))
    #expect(weights != Parameters(initial: .kaiming, plan: plan, seed: 2))
    // A wider first layer changes the tensors that touch it and no other.
    let wider = try NetworkPlan(
      inputShape: plan.inputShape, classes: 10,
      input: Link(.convolution(channels: 33, kernel: 3, stride: 1, padding: 1)),
      links: plan.links)
    let others = Parameters(initial: .kaiming, plan: wider, seed: 1)
    for name in ["links.1.weight", "classifier.weight", "classifier.bias"] {
      #expect(weights[name] == others[name], "\(name)")
    }
    let starts = weights.values.compactMap(\.first).filter { $0 != 0 }
    #expect(Set(starts.map(abs)).count == starts.count, "two tensors begin alike")
  }
}
