import SpideEngine
import Testing

/// What a network needs of memory is worked out without allocating, and without overflow.
@Suite struct MemoryNeedTests {
  /// One dense layer after another, by hand.
  @Test func countsTheCopiesOfWeights() throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(units: 8), classes: 8, input: Link(.dense(units: 16)), links: [])
    // Input 8·16 + 16, classifier 16·8 + 8.
    #expect(MemoryNeed.weights(of: plan).bytes == 4 * 280)
    // Two layouts for each of two directions, and five arrays of each unit for each of two stages.
    #expect(MemoryNeed.stepping(plan, frames: 1).bytes == 4 * (280 + 4 * 280 + 2 * 5 * 16))
    #expect(
      MemoryNeed.stepping(plan, frames: 3).bytes
        == MemoryNeed.stepping(plan, frames: 1).bytes + 4 * 2 * 3 * 8)
    // Of every step a byte and a number for each unit, then a gradient in two layouts.
    let dynamics = Dynamics(forwardSteps: 7, backwardSteps: 11)
    let stepping = MemoryNeed.stepping(plan, frames: 1).bytes
    #expect(
      MemoryNeed.tracing(plan, dynamics: dynamics, frames: 1, hasLabel: false).bytes
        == stepping + 5 * 7 * 16)
    #expect(
      MemoryNeed.tracing(plan, dynamics: dynamics, frames: 1, hasLabel: true).bytes
        == stepping + 5 * 18 * 16 + 4 * 2 * 280)
  }

  @Test func trainingTakesMoreWithTwoShardsAndEveryThreadFrameAndMoment() throws {
    let plan = NetworkCase(.maps, seed: 3).plan
    func bytes(
      _ batch: Int, threads: Int, frames: Int = 1, states: Int = 0,
      _ optimizer: OptimizerKind = .sgd(momentum: 0)
    ) -> Int {
      let training = TrainingPlan(
        epochs: 1, batch: batch, optimizer: optimizer,
        learningRate: LearningRateSchedule(base: 1))
      return MemoryNeed.training(
        plan, training, frames: frames, threads: threads, states: states
      ).bytes
    }
    let weights = MemoryNeed.weights(of: plan).bytes
    #expect(bytes(8, threads: 1, .adam(beta1: 0, beta2: 0)) == bytes(8, threads: 1) + weights)
    // A state is weights and momentum, with Adam the second moment too.
    #expect(bytes(8, threads: 1, states: 2) == bytes(8, threads: 1) + 2 * 2 * weights)
    #expect(
      bytes(8, threads: 1, states: 2, .adam(beta1: 0, beta2: 0))
        == bytes(8, threads: 1, .adam(beta1: 0, beta2: 0)) + 2 * 3 * weights)
    #expect(
      bytes(16, threads: 1) > bytes(8, threads: 1) + 4 * plan.gradientCount,
      "a second gradient, and more samples that run together")
    #expect(bytes(64, threads: 1) == bytes(16, threads: 1), "two shards are held at a time")
    #expect(bytes(64, threads: 2) > bytes(64, threads: 1))
    #expect(bytes(64, threads: 64) == bytes(64, threads: 99), "no thread has less than a sample")
    #expect(bytes(8, threads: 1, frames: 9) > bytes(8, threads: 1, frames: 8))
    let evaluating = MemoryNeed.evaluating(plan, frames: 1, threads: 1).bytes
    #expect(evaluating > weights && evaluating < bytes(8, threads: 1))
    let dynamics = Dynamics(forwardSteps: 30, backwardSteps: 100)
    let training = TrainingPlan(epochs: 1, batch: 8, learningRate: LearningRateSchedule(base: 1))
    let bench = MemoryNeed.benchmarking(
      plan, dynamics: dynamics, training, frames: 1, threads: 1)
    #expect(bench.bytes >= bytes(8, threads: 1))
  }

  @Test(arguments: NetworkCase.Form.allCases) func gradientsAreAsLargeAsTheyTurnOut(
    form: NetworkCase.Form
  ) {
    for seed in UInt64(1)...20 {
      let sample = NetworkCase(form, seed: seed)
      let network = BlockNetwork(
        plan: sample.plan, parameters: sample.parameters, dynamics: sample.dynamics)
      let count = BlockGradients(network: network).count
      let expected = sample.plan.gradientCount
      #expect(count <= 2 * expected + 8192, "\(form) seed \(seed)")
      // Of a window no more is kept than ever lies on its source.
      if form == .dense { #expect(expected <= count, "seed \(seed)") }
    }
  }

  @Test func whatCannotBeCountedIsTheLargestNumber() throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(units: 8), classes: 8, input: Link(.dense(units: 65_536)),
      links: [])
    let dynamics = Dynamics(forwardSteps: .max, backwardSteps: .max)
    let need = MemoryNeed.tracing(plan, dynamics: dynamics, frames: .max, hasLabel: true)
    #expect(need.bytes == .max)
    let training = TrainingPlan(
      epochs: 1, batch: .max, learningRate: LearningRateSchedule(base: 1))
    #expect(MemoryNeed.training(plan, training, frames: .max, threads: .max).bytes == .max)
    let timing = MemoryNeed.benchmarking(
      plan, dynamics: dynamics, training, frames: .max, threads: .max)
    #expect(timing.bytes == .max)
  }

  /// Networks drawn up to every bound: each is refused in words or its needs can be told.
  @Test func hugeNetworksNeverTrap() {
    var draw = Draw(5)
    func size(_ most: Int) -> Int {
      // Every order of magnitude is as likely.
      let bits = draw.integer(0...most.bitWidth - most.leadingZeroBitCount - 1)
      return min(most, draw.integer(1 << bits...(2 << bits) - 1))
    }
    var planned = 0
    var largest = 0
    for _ in 0..<4000 {
      func link() -> Link {
        let bias = draw.chance(0.5)
        switch draw.integer(0...3) {
        case 0: return Link(.dense(units: size(65_536)), hasBias: bias)
        case 1:
          return Link(
            .convolution(
              channels: size(65_536), kernel: size(65_536), stride: size(65_536),
              padding: size(65_536)), hasBias: bias)
        case 2:
          return Link(
            .transposedConvolution(
              channels: size(65_536), kernel: size(65_536), stride: size(65_536),
              padding: size(65_536), outputPadding: 0), hasBias: bias)
        default: return Link(.averagePool(size: size(16)))
        }
      }
      let shape =
        draw.chance(0.3)
        ? LayerShape(units: size(65_536))
        : LayerShape(channels: size(65_536), height: size(65_536), width: size(65_536))
      let links = (0..<draw.integer(0...3)).map { _ in link() }
      do throws(NetworkPlanError) {
        let plan = try NetworkPlan(
          inputShape: shape, classes: size(65_536), input: link(), links: links)
        planned += 1
        let training = TrainingPlan(
          epochs: 1, batch: size(65_536), learningRate: LearningRateSchedule(base: 1))
        let dynamics = Dynamics(forwardSteps: size(100_000), backwardSteps: size(100_000))
        let frames = size(100_000)
        largest = max(
          largest, MemoryNeed.training(plan, training, frames: frames, threads: 256).bytes,
          MemoryNeed.tracing(plan, dynamics: dynamics, frames: frames, hasLabel: true).bytes,
          MemoryNeed.benchmarking(
            plan, dynamics: dynamics, training, frames: frames, threads: 256
          ).bytes)
      } catch {
        #expect(!error.mismatch.problem.isEmpty && !error.mismatch.expected.isEmpty)
      }
    }
    #expect(planned > 100 && planned < 3900 && largest > 1 << 40, "\(planned), \(largest)")
  }
}
