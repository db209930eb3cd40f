extension Tally {
  /// What the first samples of a set take in both stages, without dropout.
  ///
  /// - Parameters:
  ///   - count: how many; of a smaller set all.
  ///   - samples: the set.
  ///   - plan: the shapes.
  ///   - parameters: the weights.
  ///   - dynamics: the constants.
  ///   - batch: samples of the batch that they stand for, the method's divisor of `g`.
  public init(
    first count: Int, of samples: any SampleSource, plan: NetworkPlan, parameters: Parameters,
    dynamics: Dynamics, batch: Int
  ) {
    let network = BlockNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    let capacity = network.blocks.order.capacity
    let run = BlockRun(
      network: network,
      memory: BlockMemory(network: network, capacity: capacity, frames: samples.frames))
    self.init(plan: plan)
    let end = min(count, samples.count)
    for first in stride(from: 0, to: end, by: capacity) {
      let indices = first..<min(first + capacity, end)
      let labels = indices.map(samples.label)
      run.begin()
      for index in indices { run.add(index, of: samples, augmentation: nil, masks: nil) }
      run.runForward()
      run.runBackward(labels: labels, batch: batch)
      self += Tally(run, labels: labels, hasRunBackward: true)
    }
  }
}
