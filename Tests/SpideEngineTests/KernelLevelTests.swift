import CSpikeKernels
import Foundation
import SpideEngine
import Synchronization
import Testing

/// The kernels for AVX-512, for AVX2 and for any processor give the same bits. The level is the thread's own: training on
/// one thread runs on this one, and other tests go on with theirs.
@Suite struct KernelLevelTests {
  /// Convolutions with feedback, pools with a dense layer, wide layers whose weights lie by source, and a leak.
  private static func networks() throws -> [(plan: NetworkPlan, leak: Float, backwardLeak: Float)] {
    let maps = LayerShape(channels: 1, height: 4, width: 4)
    func convolution(_ channels: Int, _ kernel: Int, dropout: Float = 0.2) -> Link {
      Link(
        .convolution(channels: channels, kernel: kernel, stride: 1, padding: kernel / 2),
        dropout: dropout)
    }
    let pooled = try NetworkPlan(
      inputShape: maps, classes: 3, input: convolution(13, 3),
      links: [
        Link(.averagePool(size: 2)), convolution(41, 3), Link(.dense(units: 30)),
      ])
    let wide = try NetworkPlan(
      inputShape: maps, classes: 3, input: convolution(72, 3), links: [convolution(130, 3)],
      feedback: convolution(72, 3), feedbackMaxNorm: 2)
    return [
      (try TrainerTests.plan(dropout: 0.3), 1, 1), (pooled, 1, 1), (wide, 1, 1),
      (try TrainerTests.plan(dropout: 0.3), 0.98, 0.98), (pooled, 0.98, 0.98), (wide, 0.98, 0.98),
      (pooled, 0.98, 1), (wide, 1, 0.98),
    ]
  }

  @Test func sameBitsOnAnyProcessor() throws {
    let own = spike_kernel_level()
    defer { spike_limit_kernels(Int32(SPIKE_AVX512)) }
    #expect(spike_limit_kernels(Int32(SPIKE_PLAIN)) == Int32(SPIKE_PLAIN))
    #expect(spike_kernel_level() == Int32(SPIKE_PLAIN))
    let elsewhere = Mutex(Int32(0))
    let thread = Thread { elsewhere.withLock { $0 = spike_kernel_level() } }
    thread.start()
    while !thread.isFinished { usleep(100) }
    #expect(elsewhere.withLock { $0 } == own, "another thread's level has changed")
    for (number, network) in try KernelLevelTests.networks().enumerated() {
      spike_limit_kernels(Int32(SPIKE_PLAIN))
      let plain = trained(network)
      #expect(
        plain.records.contains { $0.backwardRate.allSatisfy { $0 > 0 } },
        "network \(number) is silent")
      for level in Int32(SPIKE_AVX2)...max(own, Int32(SPIKE_AVX2)) {
        // On a processor without such kernels this holds the plain ones against themselves.
        spike_limit_kernels(level)
        let other = trained(network)
        #expect(plain.records == other.records, "network \(number), level \(level)")
        #expect(plain.parameters == other.parameters, "network \(number), level \(level)")
      }
    }
  }

  private func trained(_ network: (plan: NetworkPlan, leak: Float, backwardLeak: Float))
    -> (records: [BatchRecord], parameters: Parameters)
  {
    let trainer = Trainer(
      plan: network.plan,
      dynamics: Dynamics(
        forward: NeuronParameters(threshold: 0.3, leak: network.leak),
        backward: NeuronParameters(threshold: 0.02, leak: network.backwardLeak),
        forwardSteps: 12, backwardSteps: 60, lossScale: 500),
      training: TrainingPlan(
        epochs: 1, batch: 20, learningRate: LearningRateSchedule(base: 0.1), weightDecay: 5e-4),
      trainSet: Blobs(count: 60), testSet: nil, seed: 3, threads: 1)
    var records: [BatchRecord] = []
    while !trainer.epochIsComplete { records.append(trainer.trainBatch()) }
    return (records, trainer.parameters)
  }
}
