import CAllocations
import SpideEngine
import Testing

/// No step of a block allocates: what the stages of a block ask for does not depend on how many steps they have.
@Suite(.enabled(if: allocations_are_counted(), "a sanitizer has the allocator"))
struct AllocationTests {
  @Test(arguments: NetworkCase.Form.allCases) func stepsDoNotAllocate(_ form: NetworkCase.Form) {
    for seed in UInt64(1)...10 {
      let sample = NetworkCase(form, seed: seed)
      let few = allocations(sample, forwardSteps: 3, backwardSteps: 4)
      let many = allocations(sample, forwardSteps: 80, backwardSteps: 150)
      #expect(few == many, "\(sample) seed \(seed)")
    }
  }

  /// That the count counts.
  @Test func anArrayIsCounted() {
    let before = allocations_of_thread()
    let array = [Int](unsafeUninitializedCapacity: 1000) { _, count in count = 0 }
    #expect(allocations_of_thread() > before && array.isEmpty)
  }

  /// Blocks of memory that the stages of a warm run ask for.
  private func allocations(_ sample: NetworkCase, forwardSteps: Int, backwardSteps: Int) -> Int {
    var dynamics = sample.dynamics
    (dynamics.forwardSteps, dynamics.backwardSteps) = (forwardSteps, backwardSteps)
    var frames = 1
    if case .varying = sample.input { frames = forwardSteps }
    let network = BlockNetwork(
      plan: sample.plan, parameters: sample.parameters, dynamics: dynamics)
    let source = SyntheticSamples(sample.plan, count: 2, frames: frames)
    let run = BlockRun(
      network: network, memory: BlockMemory(network: network, capacity: 2, frames: frames))
    var counts: [Int] = []
    for _ in 0..<3 {
      run.begin()
      for index in 0..<2 { run.add(index, of: source, augmentation: nil, masks: nil) }
      let before = allocations_of_thread()
      run.runForward()
      run.runBackward(labels: [0, 1], batch: 2)
      counts.append(allocations_of_thread() - before)
    }
    return counts[2]
  }
}
