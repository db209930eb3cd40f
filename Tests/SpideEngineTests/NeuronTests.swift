import CSpikeKernels
import SpideEngine
import Testing

/// The neuron kernels against one obvious line each, around the edges of their blocks of 8 and 256. Potentials are multiples of
/// 1/4 and many lie on a threshold; all arithmetic is exact, so everything must be equal.
@Suite struct NeuronTests {
  @Test(arguments: [1, 7, 8, 9, 63, 255, 256, 257, 511, 512, 520], [Float(1), 0.5])
  func fire(_ units: Int, leak: Float) {
    for (seed, ternary) in (UInt64(0)..<20).flatMap({ [($0, false), ($0, true)] }) {
      var draw = Draw(seed)
      let before = draw.whole(units).map { $0 / 4 }
      let current = draw.whole(units).map { $0 / 4 }
      // A reset amount below the threshold leaves some neurons above it: they are suprathreshold.
      let (threshold, resetAmount): (Float, Float) = (1, draw.one(of: [0.25, 1, 2]))
      let h = zip(before, current).map { leak * $0 + $1 }
      let spikes = h.map { $0 >= threshold ? 1 : ternary && $0 <= -threshold ? -1 : 0 as Float }
      let after = zip(h, spikes).map { $0 - resetAmount * $1 }

      var potential = before
      var events = [Int32](repeating: 0, count: units)
      var suprathreshold = false
      let count = spike_fire(
        &potential, current, Int32(units), leak, threshold, resetAmount, ternary, &events,
        &suprathreshold
      )
      let found = Array(events[..<Int(count)])
      #expect(found == SpikeEvents(dense: spikes).codes, "seed \(seed)")
      #expect(potential == after, "seed \(seed)")
      #expect(
        suprathreshold == after.contains { $0 >= threshold || (ternary && $0 <= -threshold) },
        "seed \(seed)")

      var sum = before
      spike_accumulate(&sum, Int32(units), leak, found, count)
      #expect(sum == zip(before, spikes).map { leak * $0 + $1 }, "seed \(seed)")
      let gate = draw.mask(units, keep: 0.5)
      let kept = spike_gate(found, count, gate, &events)
      #expect(
        Array(events[..<Int(kept)])
          == SpikeEvents(dense: zip(spikes, gate).map { $0 * Float($1) }).codes, "seed \(seed)")
    }
  }

  @Test func resets() {
    #expect(NeuronParameters(threshold: 1.5).resetPotential == -1.5)
    #expect(NeuronParameters(threshold: 1.5).resetAmount == 3)
    #expect(NeuronParameters(threshold: 1.5, reset: .zero).resetAmount == 1.5)
    #expect(NeuronParameters(threshold: 1.5, reset: .potential(0.5)).resetAmount == 1)
    let leaky = NeuronParameters(leak: 0.9)
    #expect(Dynamics(forward: leaky).backward.leak == 0.9, "unless given, the forward leak")
    let dynamics = Dynamics(forward: leaky, backward: NeuronParameters(threshold: 0.5))
    #expect(dynamics.forward.leak == 0.9 && dynamics.backward.leak == 1)
  }

  /// A reset at the threshold would take nothing from the potential.
  @Test func rangesOfConstants() {
    #expect(Dynamics().isInRange)
    for (reset, isGood) in [
      (Float(-1e6), true), (0.999, true), (1, false), (2, false), (-2e6, false),
    ] {
      let neuron = NeuronParameters(threshold: 1, reset: .potential(reset))
      #expect(Dynamics(forward: neuron).isInRange == isGood, "\(reset)")
      #expect(Dynamics(backward: neuron).isInRange == isGood, "\(reset)")
    }
    for (steps, isGood) in [(0, false), (1, true), (100_000, true), (100_001, false)] {
      #expect(Dynamics(forwardSteps: steps).isInRange == isGood)
      #expect(Dynamics(backwardSteps: steps).isInRange == isGood)
    }
    for (leak, isGood) in [(Float(0), false), (0.001, true), (1, true), (1.001, false)] {
      #expect(Dynamics(forward: NeuronParameters(leak: leak)).isInRange == isGood)
    }
    for (scale, isGood) in [(Float(0), false), (1e6, true), (2e6, false), (.nan, false)] {
      #expect(Dynamics(lossScale: scale).isInRange == isGood)
    }
  }

  @Test(arguments: UInt64(0)..<20) func spikeOfUnit(_ seed: UInt64) {
    var draw = Draw(seed)
    let dense = draw.spikes(draw.integer(1...40), density: 0.4, ternary: true)
    let events = SpikeEvents(dense: dense)
    #expect(dense.indices.map { Float(events.spike(of: $0)) } == dense)
    #expect(events.spike(of: dense.count) == 0)
    #expect(events.count == dense.count { $0 != 0 })
    var walked = dense.map { _ in Float(0) }
    events.forEach { walked[$0] = Float($1) }
    #expect(walked == dense)
  }
}
