import SpideEngine
import Testing

// Tests of what has been learnt, and between batches.
extension TrainerTests {
  /// A test runs in the memory that training has left, without its masks, and training goes on as if there had been none.
  @Test(arguments: [1, 3]) func aTestBetweenBatchesLeavesNoTrace(threads: Int) {
    let (tested, straight) = (trainer(threads: threads), trainer(threads: threads))
    let samples = Blobs(count: 30, seed: 2)
    for _ in 0..<2 {
      #expect(tested.trainBatch() == straight.trainBatch())
      let fresh = Evaluation(
        of: samples, plan: plan, parameters: tested.parameters, dynamics: dynamics,
        threads: threads)
      #expect(tested.evaluate(samples) == fresh)
    }
    #expect(tested.trainBatch() == straight.trainBatch())
    #expect(tested.parameters == straight.parameters)
  }

  @Test func evaluationCountsEverySample() {
    let (trainer, set) = (trainer(), Blobs(count: 130, seed: 9))
    let evaluation = trainer.evaluate(set)
    #expect(evaluation.samples == 130)
    for label in 0..<3 {
      #expect(
        evaluation.confusion[label].reduce(0, +) == (0..<130).count { set.label($0) == label })
    }
    let network = PackedNetwork(plan: plan, parameters: trainer.parameters, dynamics: dynamics)
    let runs = (0..<130).map { SampleRun(network: network, input: set.signal($0), label: nil) }
    #expect(
      evaluation.correct == runs.indices.count { runs[$0].readout.prediction == set.label($0) })
    #expect(evaluation.accuracy == Double(evaluation.correct) / 130)
    for (layer, shape) in plan.layers.enumerated() {
      let spikes = runs.reduce(0) { $0 + $1.forward.layers[layer].spikeTotal }
      #expect(evaluation.forwardRate[layer] == Double(spikes) / Double(130 * 12 * shape.count))
    }
    #expect(evaluation == self.trainer(threads: 3).evaluate(set))
    #expect(
      evaluation
        == Evaluation(
          of: set, plan: plan, parameters: trainer.parameters, dynamics: dynamics, threads: 2))
  }

  @Test func framesReachTheNetworkInOrder() {
    let set = Blobs(count: 6, frames: 12)
    guard case .varying(let frames) = set.signal(4) else {
      Issue.record("a sample of 12 frames varies in time")
      return
    }
    var buffer = [Float](repeating: 0, count: 12 * 16)
    set.read(4, augmentation: nil, into: &buffer)
    #expect(frames.flatMap { $0 } == buffer && frames.allSatisfy { $0.count == 16 })

    let trainer = trainer()
    let network = PackedNetwork(plan: plan, parameters: trainer.parameters, dynamics: dynamics)
    let losses = (0..<6).map {
      Double(
        SampleRun(network: network, input: set.signal($0), label: nil)
          .readout.loss(label: set.label($0)))
    }
    #expect(abs(trainer.evaluate(set).loss - losses.reduce(0, +) / 6) < 1e-12)
  }
}
