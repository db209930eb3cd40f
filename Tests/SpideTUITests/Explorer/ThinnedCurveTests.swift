import SpideEngine
import SpideTUI
import Testing

/// Curves that are thinned as they grow.
@Suite struct ThinnedCurveTests {
  /// The same values at every run.
  private func value(_ index: Int) -> Double {
    let bits = (UInt64(index) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    return Double((bits ^ (bits >> 29)) >> 11) / Double(1 << 53)
  }

  /// A million values: few bins, each with the least, the largest and the mean of its own, none lost.
  @Test func aMillionValues() {
    var curve = ThinnedCurve()
    let count = 1_000_000
    for index in 0..<count {
      curve.add(value(index), at: Double(index + 1))
      if index & (index + 1) == 0 || index % 99_991 == 0 {
        #expect(curve.bins.count <= ThinnedCurve.limit)
      }
    }
    #expect((ThinnedCurve.limit / 2...ThinnedCurve.limit).contains(curve.bins.count))
    #expect(curve.newest == value(count - 1))
    var next = 0
    for bin in curve.bins {
      let values = (next..<next + bin.count).map(value)
      #expect(bin.first == Double(next + 1) && bin.last == Double(next + bin.count))
      #expect(bin.low == values.min() && bin.high == values.max())
      // Sums of a thousand numbers below 1, in another order.
      #expect(abs(bin.mean - values.reduce(0, +) / Double(values.count)) < 1e-12)
      #expect(bin.numbers == bin.count)
      next += bin.count
    }
    #expect(next == count)
  }

  /// The bins follow from the values alone.
  @Test func theSameValuesGiveTheSameBins() {
    var curves = [ThinnedCurve(), ThinnedCurve()]
    for index in 0..<10_000 {
      for copy in curves.indices { curves[copy].add(value(index), at: Double(index)) }
    }
    #expect(curves[0] == curves[1] && curves[0].width == 16)
  }

  @Test func aFewValuesStayThemselves() {
    var curve = ThinnedCurve()
    for index in 0..<ThinnedCurve.limit { curve.add(value(index), at: Double(index)) }
    #expect(curve.bins.map(\.mean) == (0..<ThinnedCurve.limit).map(value))
    curve.add(7, at: Double(ThinnedCurve.limit))
    #expect(curve.bins.count == ThinnedCurve.limit / 2 + 1)
    #expect(curve.bins.map(\.count).dropLast().allSatisfy { $0 == 2 })
    #expect(curve.bins[0].low == min(value(0), value(1)))
  }

  /// What comes after a place is forgotten with the bin that reaches past it; what is added then stands after it.
  @Test(arguments: [0, 1, 500, 1500, 1501, 2999]) func aCurveIsCut(_ place: Int) {
    var (curve, whole) = (ThinnedCurve(), ThinnedCurve())
    for index in 0..<3000 { curve.add(value(index), at: Double(index)) }
    for index in 0...place { whole.add(value(index), at: Double(index)) }
    let width = curve.width
    #expect(width == 4)
    #expect(curve.value(at: Double(place)) == curve.bins[place / width].mean)
    #expect(curve.value(at: -1) == nil)
    let bins = curve.bins
    curve.cut(after: Double(place))
    #expect(curve.bins == Array(bins.prefix((place + 1) / width)))
    #expect(curve.newest == (place == 2999 ? value(2999) : curve.bins.last?.mean))
    curve.add(7, at: Double(place + 1))
    #expect(curve.bins.last?.first == Double(place + 1) && curve.newest == 7)
  }

  /// What is no number changes no mean; a bin of nothing else has none.
  @Test func valuesThatAreNoNumbers() {
    var curve = ThinnedCurve()
    for index in 0..<4 * ThinnedCurve.limit {
      let isNumber = index < 2 * ThinnedCurve.limit && index % 4 != 1
      curve.add(isNumber ? 2 : index % 2 == 0 ? .nan : .infinity, at: Double(index))
    }
    #expect(curve.bins.count == ThinnedCurve.limit && curve.width == 4)
    #expect(curve.bins[0].mean == 2 && curve.bins[0].numbers == 3 && curve.bins[0].count == 4)
    #expect(curve.bins[0].low == 2 && curve.bins[0].high == 2)
    #expect(curve.bins.last?.mean.isNaN == true && curve.newest?.isFinite == false)
  }

  /// A hundred thousand epochs of many batches: nothing that training tells grows with them.
  @Test func longTrainings() {
    var curves = TrainingCurves()
    var batch = BatchRecord(
      epoch: 1, batch: 1, learningRate: 0.1, loss: 1,
      tally: Tally(
        samples: 64, correct: 32,
        forward: StageTally(spikes: [1], updates: [10], operations: [3]),
        backward: StageTally(spikes: [2], updates: [10], operations: [0])))
    var epoch = EpochRecord(
      epoch: 1, learningRate: 0.1, trainLoss: 1, trainAccuracy: 0.5, testLoss: 1,
      testAccuracy: 0.5, forwardRate: [0.1], backwardRate: [0.2], samplesPerSecond: 1, seconds: 1,
      synapticOperations: 3)
    let constants = Dynamics()
    for number in 1...100_000 {
      curves.add(batch)
      batch.batch += 1
      epoch.epoch = number
      epoch.testAccuracy = number == 777 ? 0.99 : 0.5
      curves.add(epoch)
      var changed = constants
      changed.forwardSteps = 30 + number % 2
      curves.add(changeFrom: constants, to: changed, afterBatch: batch.batch)
    }
    let every =
      [curves.loss, curves.accuracy, curves.testLoss, curves.testAccuracy] + curves.forwardRates
      + curves.backwardRates
    #expect(every.count == 6 && every.allSatisfy { $0.bins.count <= ThinnedCurve.limit })
    #expect(curves.changes.count <= 64)
    #expect(curves.testAccuracy.bins.last?.last == 100_000)
    #expect(
      curves.bestAccuracy == 0.99 && curves.testAccuracy.bins.compactMap(\.high).max() == 0.99)
    #expect(curves.batch?.batch == 100_000 && curves.epoch?.epoch == 100_000)
  }

  /// Changes between two batches are one; one that is taken back is none.
  @Test func changesOfConstants() {
    var curves = TrainingCurves()
    let first = Dynamics()
    var second = first
    second.forwardSteps = 35
    var third = second
    third.forward.leak = 0.9
    curves.add(changeFrom: first, to: first, afterBatch: 1)
    #expect(curves.changes.isEmpty)
    curves.add(changeFrom: first, to: second, afterBatch: 4)
    curves.add(changeFrom: second, to: third, afterBatch: 4)
    #expect(curves.changes.count == 1)
    #expect(curves.changes[0].batch == 4 && curves.changes[0].from == first)
    #expect(curves.changes[0].to == third)
    curves.add(changeFrom: third, to: first, afterBatch: 4)
    #expect(curves.changes.isEmpty)
    curves.add(changeFrom: first, to: third, afterBatch: 9)
    curves.add(changeFrom: third, to: third, afterBatch: 10)
    #expect(curves.changes.map(\.batch) == [9])
  }
}
