import Foundation
import SpideData
import SpideEngine
import Testing

/// A real checkpoint with any of its numbers changed is refused in one line, or training goes on from it.
@Suite struct CheckpointFuzzTests {
  private let plan: NetworkPlan
  private let training = TrainingPlan(
    epochs: 3, batch: 10, optimizer: .adam(beta1: 0.9, beta2: 0.999),
    learningRate: LearningRateSchedule(base: 0.01))
  private let dynamics = Dynamics(forwardSteps: 6, backwardSteps: 6)
  private static let samples = 24

  init() throws { plan = try smallPlan() }

  private func trainer(_ state: Trainer.State) -> Trainer {
    Trainer(
      plan: plan, training: training,
      trainSet: SyntheticSamples(plan, count: Self.samples),
      testSet: SyntheticSamples(plan, count: 8), threads: 1, state: state)
  }

  /// A checkpoint in the middle of the second epoch, or at its end.
  private func checkpoint(_ path: String, batches: Int) throws -> SafetensorsFile {
    let trainer = trainer(
      Trainer.State(plan: plan, dynamics: dynamics, training: training, seed: 5))
    var epochs: [EpochRecord] = []
    for _ in 0..<batches {
      _ = trainer.trainBatch()
      if trainer.epochIsComplete { epochs.append(trainer.finishEpoch().record) }
    }
    try Checkpoint(
      preset: RecordedPreset(text: "name: x\n", overrides: []), presetDynamics: dynamics,
      state: trainer.state, epochs: epochs, trainSamples: Self.samples, version: "1"
    ).write(to: path)
    return try SafetensorsFile(path: path)
  }

  /// Reads a checkpoint and goes on to the end of its epoch; false where it is refused.
  private func goesOn(_ path: String) throws -> Bool {
    let read: Checkpoint
    do throws(DataError) {
      read = try Checkpoint(
        SafetensorsFile(path: path), plan: plan, dynamics: dynamics, training: training,
        trainSamples: Self.samples)
    } catch {
      #expect(error.kind == .badData && !error.description.contains("\n"))
      return false
    }
    let trainer = trainer(read.state)
    while !trainer.epochIsComplete, trainer.divergence == nil { _ = trainer.trainBatch() }
    _ = trainer.finishEpoch()
    return true
  }

  @Test func everyNumberOfTheMetadata() throws {
    let scratch = try Scratch()
    let hostile = [
      "-1", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e308",
      "-1e308", "NaN", "null", "\"1\"", "[]", "",
    ]
    var believed: Set<String> = []
    for batches in [5, 6] {
      let file = try checkpoint(scratch("c"), batches: batches)
      #expect(try goesOn(scratch("c")))
      for (key, text) in file.metadata where key != "preset" && key != "version" {
        for number in text.matches(of: /-?[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?/) {
          for value in hostile + ["0"] where value != number.output {
            var writer = SafetensorsWriter(metadata: file.metadata)
            writer.metadata[key] = text.replacingCharacters(in: number.range, with: value)
            for tensor in file.tensors {
              let values = try #require(file.values(of: tensor))
              writer.add(name: tensor.name, shape: tensor.shape, values: values)
            }
            try writer.write(to: scratch("d"))
            let before = text[..<number.range.lowerBound]
            let name = before.matches(of: /"([a-z_]+)"/).last.map { "." + $0.output.1 } ?? ""
            if try goesOn(scratch("d")), hostile.contains(value) {
              believed.insert("\(key)\(name) \(value)")
            }
          }
        }
      }
    }
    // Any seed is one, and a loss has no bound that a hostile file could not know.
    let losses = ["tally.loss", "epochs.train_loss", "epochs.test_loss"].flatMap { name in
      ["9223372036854775807", "9223372036854775808"].map { "\(name) \($0)" }
    }
    // Means of older checkpoints are not known.
    let unknown = ["epochs.mean_forward_rate null", "epochs.mean_backward_rate null"]
    let seeds = ["seed 9223372036854775807", "seed 9223372036854775808"]
    #expect(believed.subtracting(losses + unknown) == Set(seeds))
  }

  @Test func everyTensor() throws {
    let scratch = try Scratch()
    let file = try checkpoint(scratch("c"), batches: 5)
    func rewrite(_ name: String, _ values: TensorValues) throws {
      var writer = SafetensorsWriter(metadata: file.metadata)
      for tensor in file.tensors {
        let own = try #require(file.values(of: tensor))
        writer.add(
          name: tensor.name, shape: tensor.shape, values: tensor.name == name ? values : own)
      }
      try writer.write(to: scratch("d"))
    }
    for tensor in file.tensors {
      switch try #require(file.values(of: tensor)) {
      case .int64:
        for step in [0, -1, 4, 6, .max, .min] as [Int64] {
          try rewrite(tensor.name, .int64([step]))
          #expect(try !goesOn(scratch("d")), "\(tensor.name) \(step)")
        }
      case .float32(var values):
        for value in [Float.nan, .infinity, -.infinity, -1, 3e38, -3e38, .leastNonzeroMagnitude, 0]
        {
          values[values.count - 1] = value
          try rewrite(tensor.name, .float32(values))
          let isSquare = tensor.name.hasPrefix("optimizer.second_moment.")
          let isFine = value.isFinite && !(isSquare && value < 0)
          #expect(try goesOn(scratch("d")) == isFine, "\(tensor.name) \(value)")
        }
      default: Issue.record("\(tensor.name)")
      }
    }
  }
}
