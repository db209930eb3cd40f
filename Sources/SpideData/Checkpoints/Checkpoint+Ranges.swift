import SpideEngine

extension Checkpoint {
  /// What no training can have left, of all numbers but those of tensors; nil where everything is in its range and goes
  /// together.
  ///
  /// Numbers that are believed end up in sums and on screens, far from the file that they came from.
  func fault(plan: NetworkPlan, training: TrainingPlan) -> (problem: String, expected: String)? {
    let tally = state.tally
    guard state.isAtEndOfBatch(training: training, of: trainSamples),
      epochs.count == state.epochsDone
    else {
      return (
        "epoch \(state.epochsDone), batch \(state.batchesDone) and sample \(state.samplesDone) "
          + "do not go together", "the end of a batch of \(training.batch)"
      )
    }
    guard state.optimizer.updates == state.batchesDone else {
      return (
        "\(Checkpoint.step) is \(state.optimizer.updates)",
        "\(state.batchesDone), a step for each batch"
      )
    }
    let tests = epochs.count { $0.testAccuracy != nil }
    guard tests == 0 || tests == epochs.count else {
      return ("\(tests) of \(epochs.count) epochs have a test", "all, or none")
    }
    return Checkpoint.fault("tally", sums(tally, plan))
      ?? epochs.lazy.compactMap {
        Checkpoint.fault("epoch \($0.epoch)", means($0, plan))
      }.first
  }

  /// A number, and the largest that it may be; the smallest is 0.
  private typealias Number = (name: String, value: Double, largest: Double)

  private func sums(_ tally: EpochTally, _ plan: NetworkPlan) -> [Number] {
    let (counts, samples) = (tally.counts, Double(tally.samples))
    return [
      ("loss", tally.loss, samples * Checkpoint.largestLoss),
      ("correct", Double(counts.correct), samples),
      operations("earlier_operations", tally.earlierOperations, tally.samples, plan),
      ("samples_without_products", Double(tally.samplesWithoutProducts), samples),
    ] + products("gradient", counts.gradient, tally.samples, plan)
      + stage("forward", counts.forward, tally.samples, plan)
      + stage("backward", counts.backward, tally.samples, plan)
  }

  private func stage(
    _ name: String, _ stage: StageTally, _ samples: Int, _ plan: NetworkPlan
  ) -> [Number] {
    plan.layers.enumerated().flatMap { layer, shape -> [Number] in
      let updates = Double(samples) * Double(Checkpoint.mostSteps) * Double(shape.count)
      return [
        (
          "\(name) updates of L\(layer)", Double(stage.updates[layer]),
          min(updates, Checkpoint.mostOperations)
        ),
        (
          "\(name) spikes of L\(layer)", Double(stage.spikes[layer]),
          Double(stage.updates[layer])
        ),
      ]
    }
      + zip(plan.allLinks, stage.operations).map {
        operations("\(name) operations of \($0.name)", $1, samples, plan)
      } + products(name, stage.multiplyAccumulates, samples, plan)
  }

  /// Multiply-accumulates by link, and the classifier's.
  private func products(
    _ name: String, _ counts: [Int], _ samples: Int, _ plan: NetworkPlan
  ) -> [Number] {
    zip(plan.allLinks.map(\.name) + ["classifier"], counts).map {
      products("\(name) multiply-accumulates of \($0)", $1, samples, plan)
    }
  }

  private func products(
    _ name: String, _ count: Int, _ samples: Int, _ plan: NetworkPlan
  ) -> Number {
    let last = plan.layers[plan.layers.count - 1].count
    let classifier = Double(samples) * Double(plan.classes) * Double(last)
    let limit = plan.synapticOperations(ofSamples: samples, steps: Checkpoint.mostSteps)
    return (name, Double(count), min(limit + classifier, Checkpoint.mostOperations))
  }

  private func means(_ record: EpochRecord, _ plan: NetworkPlan) -> [Number] {
    [
      ("learning_rate", Double(record.learningRate), Checkpoint.largestLearningRate),
      ("train_loss", record.trainLoss, Checkpoint.largestLoss),
      ("train_accuracy", record.trainAccuracy, 1),
      ("test_loss", record.testLoss ?? 0, Checkpoint.largestLoss),
      ("test_accuracy", record.testAccuracy ?? 0, 1),
      operations("synaptic_operations", record.synapticOperations, trainSamples, plan),
      ("test_top5_accuracy", record.testTop5Accuracy ?? 0, 1),
      ("mean_forward_rate", record.meanForwardRate ?? 0, 1),
      ("mean_backward_rate", record.meanBackwardRate ?? 0, 1),
    ] + rates("forward_rate", record.forwardRate, 1)
      + rates("backward_rate", record.backwardRate, 1)
      + rates("test_forward_rate", record.testForwardRate ?? [], 1)
      + (record.operations.map { self.operations($0, plan) } ?? [])
  }

  private func operations(_ counts: StageOperations, _ plan: NetworkPlan) -> [Number] {
    [
      operations("forward accumulates", counts.forwardAccumulates, trainSamples, plan),
      operations("backward accumulates", counts.backwardAccumulates, trainSamples, plan),
      products("forward multiply-accumulates", counts.forwardProducts, trainSamples, plan),
      products("backward multiply-accumulates", counts.backwardProducts, trainSamples, plan),
      products("gradient multiply-accumulates", counts.gradientProducts, trainSamples, plan),
    ]
  }

  private func rates(_ name: String, _ values: [Double], _ largest: Double) -> [Number] {
    values.enumerated().map { ("\(name) of L\($0)", $1, largest) }
  }

  private func operations(
    _ name: String, _ count: Int, _ samples: Int, _ plan: NetworkPlan
  ) -> Number {
    let limit = plan.synapticOperations(ofSamples: samples, steps: Checkpoint.mostSteps)
    return (name, Double(count), min(limit, Checkpoint.mostOperations))
  }

  private static func fault(
    _ place: String, _ numbers: [Number]
  ) -> (problem: String, expected: String)? {
    // Sums of quotients are a little off.
    let wrong = numbers.first { !($0.value >= 0 && $0.value <= $0.largest * (1 + 1e-9)) }
    return wrong.map { ("\(place) has \($0.name) \($0.value)", "0 to \($0.largest)") }
  }

  /// A cross-entropy is the difference of two single-precision numbers.
  private static let largestLoss = 2 * Double(Float.greatestFiniteMagnitude)
  /// The largest of any preset.
  private static let largestLearningRate = 1e6
  /// More than both stages of any preset have.
  private static let mostSteps = 1_000_000
  /// Of which those of all links and those of an epoch can be added.
  private static let mostOperations = 0x1p56
}
