/// Counts over the samples of a batch.
struct BatchTally: Sendable {
  private(set) var samples = 0
  private(set) var correct = 0
  private(set) var loss = 0.0
  private(set) var synapticOperations = 0
  /// Time of one thread in each phase, in seconds.
  private(set) var phases = PhaseTimes()
  private var forwardSpikes: [Int] = []
  private var backwardSpikes: [Int] = []

  mutating func add(_ run: BlockRun, labels: [Int], phases: PhaseTimes) {
    self.phases.add(phases)
    samples += labels.count
    for (readout, label) in zip(run.readouts, labels) {
      correct += readout.prediction == label ? 1 : 0
      loss += Double(readout.loss(label: label))
    }
    synapticOperations += run.synapticOperations
    BatchTally.add(run.forwardSpikes, to: &forwardSpikes)
    BatchTally.add(run.backwardSpikes, to: &backwardSpikes)
  }

  mutating func add(_ other: BatchTally) {
    samples += other.samples
    correct += other.correct
    loss += other.loss
    synapticOperations += other.synapticOperations
    phases.add(other.phases)
    BatchTally.add(other.forwardSpikes, to: &forwardSpikes)
    BatchTally.add(other.backwardSpikes, to: &backwardSpikes)
  }

  private static func add(_ counts: [Int], to sums: inout [Int]) {
    if sums.isEmpty { sums = counts } else { for i in counts.indices { sums[i] += counts[i] } }
  }

  func forwardRate(plan: NetworkPlan, dynamics: Dynamics) -> [Double] {
    rate(forwardSpikes, plan, dynamics.forwardSteps)
  }

  func backwardRate(plan: NetworkPlan, dynamics: Dynamics) -> [Double] {
    rate(backwardSpikes, plan, dynamics.backwardSteps)
  }

  private func rate(_ spikes: [Int], _ plan: NetworkPlan, _ steps: Int) -> [Double] {
    zip(spikes, plan.layers).map { Double($0) / Double(max(1, samples * steps * $1.count)) }
  }
}

/// Time of one thread in each phase of its samples, in seconds.
package struct PhaseTimes: Sendable, Equatable {
  /// Reading the samples, the forward stage and the readout.
  package private(set) var forward = 0.0
  package private(set) var backward = 0.0
  package private(set) var gradients = 0.0

  init() {}

  /// The times between four moments.
  init(_ moments: [ContinuousClock.Instant]) {
    forward = (moments[1] - moments[0]) / .seconds(1)
    backward = (moments[2] - moments[1]) / .seconds(1)
    gradients = (moments[3] - moments[2]) / .seconds(1)
  }

  mutating func add(_ other: PhaseTimes) {
    forward += other.forward
    backward += other.backward
    gradients += other.gradients
  }
}
