import Foundation
import SpideData
import SpideEngine
import Testing

// Checkpoints that earlier versions wrote.
extension CheckpointTests {
  /// Checkpoints of earlier programs have the sums of rates, and know no shards.
  @Test func anOlderTallyIsRead() throws {
    let scratch = try Scratch()
    try checkpoint([0.5], samples: 20).write(to: scratch("c"))
    let file = try SafetensorsFile(path: scratch("c"))
    let units = plan.layers.map(\.count)
    func older(_ scale: Double) throws -> EpochTally {
      // In two batches of 10.
      let rates = units.map { (3.0 / Double(10 * 30 * $0) + 4.0 / Double(10 * 30 * $0)) * 10 }
      var writer = SafetensorsWriter(metadata: file.metadata)
      writer.metadata["shards"] = nil
      writer.metadata["tally"] =
        #"{"samples":20,"loss":0.5,"correct":\#(scale * 6.999999999999999),"forward_rate":"#
        + "\(rates.map { $0 * scale })" + #","backward_rate":[0.0,0.0],"#
        + #""synaptic_operations":77}"#
      for tensor in file.tensors {
        writer.add(
          name: tensor.name, shape: tensor.shape, values: try #require(file.values(of: tensor)))
      }
      try writer.write(to: scratch("d"))
      return try Checkpoint(
        SafetensorsFile(path: scratch("d")), plan: plan,
        dynamics: Dynamics(forwardSteps: 30, backwardSteps: 50), training: training,
        trainSamples: 24
      ).state.tally
    }
    let tally = try older(1)
    #expect((tally.samples, tally.counts.correct, tally.loss) == (20, 7, 0.5))
    #expect(tally.counts.forward.spikes == [7, 7] && tally.counts.backward.spikes == [0, 0])
    #expect(tally.counts.forward.updates == units.map { 20 * 30 * $0 })
    #expect(tally.counts.backward.updates == units.map { 20 * 50 * $0 })
    #expect(tally.earlierOperations == 77 && tally.counts.synapticOperations == 0)
    for scale in [-1, 1e6, 1e300] {
      expectFailure(.badData, "metadata tally is") { _ = try older(scale) }
    }
  }

  /// Checkpoints that know no multiply-accumulates: those of the running epoch and of the finished ones are unknown, and
  /// stay so when the training goes on.
  @Test func aTallyWithoutProductsIsRead() throws {
    let scratch = try Scratch()
    try checkpoint([0.5], samples: 20).write(to: scratch("c"))
    let file = try SafetensorsFile(path: scratch("c"))
    var writer = SafetensorsWriter(metadata: file.metadata)
    for (key, parts) in [
      (
        "tally",
        [
          /,"multiply_accumulates":\[[^\]]*\]/, /"gradient":\[[^\]]*\],/,
          /,"samples_without_products":\d+/,
        ]
      ),
      (
        "epochs",
        [
          /,"accumulates":{[^}]*},"multiply_accumulates":{[^}]*},"energy_uJ":[^}]*/,
          /"test_top5_accuracy":[^,]*,/, /"test_forward_rate":\[[^\]]*\],/,
          /"mean_[a-z]*_rate":[^,]*,/,
        ]
      ),
    ] {
      for part in parts {
        let text = try #require(writer.metadata[key])
        let without = text.replacing(part) { _ in "" }
        #expect(without != text, "\(key) has no \(part)")
        writer.metadata[key] = without
      }
    }
    for tensor in file.tensors {
      writer.add(
        name: tensor.name, shape: tensor.shape, values: try #require(file.values(of: tensor)))
    }
    try writer.write(to: scratch("d"))
    let read = try read(scratch("d"))
    #expect(read.state.tally.samplesWithoutProducts == 20)
    #expect(read.state.tally.counts.gradient == [0, 0, 0, 0])
    #expect(read.state.tally.counts.backward.operations == [0, 7, 0])
    #expect(read.epochs.count == 1 && read.epochs[0].operations == nil)
    #expect(read.epochs[0].testForwardRate == nil && read.epochs[0].meanForwardRate == nil)
    #expect(read.epochs[0].synapticOperations == 12345)
    // What is written of it is read as the same.
    try read.write(to: scratch("e"))
    #expect(try self.read(scratch("e")).state == read.state)
  }
}
