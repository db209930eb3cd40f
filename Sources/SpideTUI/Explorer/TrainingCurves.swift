import SpideData
import SpideEngine

/// What a training has come to, in a size that does not grow with its batches and epochs.
package struct TrainingCurves: Sendable {
  /// Constants that were changed between two batches.
  package struct Change: Sendable {
    /// Batches done before it.
    package var batch: Int
    /// The constants before and after it.
    package var from, to: Dynamics
  }

  /// The most changes that are kept, the latest ones.
  static let mostChanges = 64

  /// Mean cross-entropy and share classified rightly, over batches.
  package private(set) var loss = ThinnedCurve(), accuracy = ThinnedCurve()
  /// Firing rates by layer, over batches.
  package private(set) var forwardRates: [ThinnedCurve] = [], backwardRates: [ThinnedCurve] = []
  /// The same two of the test set, over epochs.
  package private(set) var testLoss = ThinnedCurve(), testAccuracy = ThinnedCurve()
  /// Changes of constants, oldest first.
  package private(set) var changes: [Change] = []
  /// The last batch.
  package private(set) var batch: BatchRecord?
  /// The last epoch.
  package private(set) var epoch: EpochRecord?
  /// What was counted over all batches that were trained here; nil before the first.
  package private(set) var tally: Tally?
  /// Synaptic operations a sample over batches, of either sort by stage.
  private var accumulates: [LedgerStage: ThinnedCurve] = [:]
  private var products: [LedgerStage: ThinnedCurve] = [:]
  /// The best test accuracy.
  package private(set) var bestAccuracy: Double?

  /// Seconds that were trained for before it began here.
  package let secondsBefore: Double
  /// Seconds that were trained for in all, over batches: tests and pauses do not count.
  package private(set) var seconds = ThinnedCurve()

  /// Nothing yet, after so many seconds of training.
  package init(secondsBefore: Double = 0) { self.secondsBefore = secondsBefore }

  /// Epochs of whose batches nothing is known: their means stand for the batches, each at its epoch's middle, so that
  /// here x counts epochs.
  ///
  /// - Parameters:
  ///   - epochs: their records.
  ///   - samples: samples in each.
  init(epochs: [EpochRecord], samples: Int) {
    self.init()
    for epoch in epochs { add(meansOf: epoch, samples: samples) }
  }

  /// Takes in an epoch of so many samples whose means stand for its batches; x counts epochs.
  mutating func add(meansOf epoch: EpochRecord, samples: Int) {
    seconds.add(epoch.seconds, at: Double(epoch.epoch))
    if let operations = epoch.operations {
      add(operations, samples: samples, at: Double(epoch.epoch) - 0.5)
    }
    add(
      loss: epoch.trainLoss, epoch.trainAccuracy, epoch.forwardRate, epoch.backwardRate,
      at: Double(epoch.epoch) - 0.5)
    add(epoch)
  }

  /// Takes in a batch of a metrics file, which does not tell when it was trained.
  mutating func add(_ batch: BatchMetrics, at x: Double) {
    if let operations = batch.operations { add(operations, samples: batch.samples, at: x) }
    add(loss: batch.loss, batch.accuracy, batch.forwardRate, batch.backwardRate, at: x)
  }

  /// Whether it has more of a run than another, or the same with more of its batches.
  func reachesFurther(than other: TrainingCurves) -> Bool {
    func extent(_ curves: TrainingCurves) -> (Int, Double, Double) {
      let ends = (curves.loss.bins.last?.last ?? 0, -(curves.loss.bins.first?.first ?? 0))
      return (curves.epoch?.epoch ?? 0, ends.0, ends.1)
    }
    return extent(self) > extent(other)
  }

  /// Takes in a batch, which took so many seconds.
  package mutating func add(_ record: BatchRecord, seconds: Double = 0) {
    batch = record
    self.seconds.add((self.seconds.newest ?? secondsBefore) + seconds, at: Double(record.batch))
    if tally == nil { tally = record.tally } else { tally? += record.tally }
    add(record.operations, samples: record.samples, at: Double(record.batch))
    add(
      loss: record.loss, record.accuracy, record.forwardRate, record.backwardRate,
      at: Double(record.batch))
  }

  /// Takes in what a finished epoch adds to its batches.
  package mutating func add(_ record: EpochRecord) {
    epoch = record
    if let loss = record.testLoss { testLoss.add(loss, at: Double(record.epoch)) }
    guard let accuracy = record.testAccuracy else { return }
    testAccuracy.add(accuracy, at: Double(record.epoch))
    bestAccuracy = max(bestAccuracy ?? accuracy, accuracy)
  }

  /// Notes that training goes on with other constants after so many batches.
  package mutating func add(changeFrom from: Dynamics, to: Dynamics, afterBatch batch: Int) {
    var from = from
    if let last = changes.last, last.batch == batch {
      from = last.from
      changes.removeLast()
    }
    guard from != to else { return }
    changes.append(Change(batch: batch, from: from, to: to))
    if changes.count > Self.mostChanges { changes.removeFirst() }
  }

  /// Forgets what came after so many batches, for another way to be gone from there. A change of constants at that very
  /// batch stays, until the next takes its place.
  ///
  /// - Parameters:
  ///   - batches: batches that stay.
  ///   - epochs: the epochs that stay.
  ///   - tally: what was counted up to there.
  mutating func cut(after batches: Int, epochs: [EpochRecord], tally: Tally?) {
    func cut(_ curve: inout ThinnedCurve, _ x: Int) { curve.cut(after: Double(x)) }
    cut(&loss, batches)
    cut(&accuracy, batches)
    for layer in forwardRates.indices { cut(&forwardRates[layer], batches) }
    for layer in backwardRates.indices { cut(&backwardRates[layer], batches) }
    for stage in LedgerStage.allCases {
      accumulates[stage]?.cut(after: Double(batches))
      products[stage]?.cut(after: Double(batches))
    }
    cut(&testLoss, epochs.count)
    cut(&testAccuracy, epochs.count)
    seconds.cut(after: Double(batches), isRising: true)
    changes.removeAll { $0.batch > batches }
    batch = nil
    epoch = epochs.last
    bestAccuracy = epochs.compactMap(\.testAccuracy).max()
    self.tally = tally
  }

  /// Accumulates a sample in both stages, after so many batches.
  func accumulates(after batches: Int) -> Double? {
    let stages = [LedgerStage.forward, .backward].compactMap { accumulates[$0] }
    let values = stages.compactMap { $0.value(at: Double(batches)) }
    return values.isEmpty ? nil : values.reduce(0, +)
  }

  /// The energy of a sample's operations in a stage, in µJ.
  func energy(_ stage: LedgerStage, _ constants: EnergyConstants) -> ThinnedCurve? {
    guard let sums = accumulates[stage], let products = products[stage] else { return nil }
    return sums.sum(with: products) {
      constants.microjoules(SynapticOperations(accumulates: $0, multiplyAccumulates: $1))
    }
  }

  private mutating func add(_ operations: StageOperations, samples: Int, at x: Double) {
    for (stage, sums, products) in [
      (LedgerStage.forward, operations.forwardAccumulates, operations.forwardProducts),
      (.backward, operations.backwardAccumulates, operations.backwardProducts),
      (.gradient, 0, operations.gradientProducts),
    ] {
      let parts = Double(max(1, samples))
      accumulates[stage, default: ThinnedCurve()].add(Double(sums) / parts, at: x)
      self.products[stage, default: ThinnedCurve()].add(Double(products) / parts, at: x)
    }
  }

  private mutating func add(
    loss: Double, _ accuracy: Double, _ forward: [Double], _ backward: [Double], at x: Double
  ) {
    self.loss.add(loss, at: x)
    self.accuracy.add(accuracy, at: x)
    TrainingCurves.add(forward, to: &forwardRates, at: x)
    TrainingCurves.add(backward, to: &backwardRates, at: x)
  }

  private static func add(_ rates: [Double], to curves: inout [ThinnedCurve], at x: Double) {
    while curves.count < rates.count { curves.append(ThinnedCurve()) }
    for (layer, rate) in rates.enumerated() { curves[layer].add(rate, at: x) }
  }
}
