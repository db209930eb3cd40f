/// How a network does on a set of samples, from the forward stage alone.
public struct Evaluation: Sendable, Equatable {
  /// What was counted.
  public let tally: Tally
  /// How often label `row` was taken for class `column`.
  public let confusion: [[Int]]
  private let lossSum: Double
  /// Samples whose class is among the five with the highest scores.
  private let amongFive: Int

  /// Puts together what runs came to, in the order of their samples.
  init(_ runs: [TestedRun], plan: NetworkPlan) {
    var tally = Tally(plan: plan)
    let row = [Int](repeating: 0, count: plan.classes)
    var confusion = [[Int]](repeating: row, count: plan.classes)
    for run in runs {
      tally += run.tally
      for (label, found) in zip(run.labels, run.classes) { confusion[label][found] += 1 }
    }
    self.tally = tally
    self.confusion = confusion
    lossSum = ShardPlan.ofTest.sum(runs.flatMap(\.losses))
    amongFive = runs.reduce(0) { $0 + $1.amongFive }
  }

  /// Runs a network over a whole set, on so many threads.
  public init(
    of samples: any SampleSource, plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics,
    threads: Int
  ) {
    let network = BlockNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    self = BatchRunner(ThreadExecutor(threads: threads)).evaluate(
      network: network, samples: samples)
  }

  /// The same for as long as it is wanted, asked from any thread before every few samples; nil once it is not.
  public init?(
    of samples: any SampleSource, plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics,
    threads: Int, while isWanted: @escaping @Sendable () -> Bool
  ) {
    let network = BlockNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    self = BatchRunner(ThreadExecutor(threads: threads)).evaluate(
      network: network, samples: samples, while: isWanted)
    guard self.samples == samples.count else { return nil }
  }

  /// Samples seen.
  public var samples: Int { tally.samples }
  /// Samples classified rightly.
  public var correct: Int { tally.correct }
  /// Share of samples classified rightly.
  public var accuracy: Double { tally.accuracy }
  /// Share of samples whose class is among the five with the highest scores; nil where there are no more than ten classes.
  public var top5Accuracy: Double? {
    confusion.count > 10 ? Double(amongFive) / Double(max(1, samples)) : nil
  }
  /// Mean cross-entropy, without the loss scale.
  public var loss: Double { lossSum / Double(max(1, samples)) }
  /// Per layer: share of (sample, step, unit) triples with a spike.
  public var forwardRate: [Double] { tally.forward.rate }
}

/// What some samples of a test came to, in order.
struct TestedRun: Sendable {
  let tally: Tally
  let labels: [Int]
  /// The class that each was taken for.
  let classes: [Int]
  let losses: [Double]
  /// Samples whose class is among the five with the highest scores.
  let amongFive: Int

  /// Of a run whose forward stage is over.
  init(_ run: BlockRun, labels: [Int]) {
    tally = Tally(run, labels: labels, hasRunBackward: false)
    self.labels = labels
    classes = run.readouts.map(\.prediction)
    losses = run.losses(labels)
    amongFive = zip(run.readouts, labels).count { $0.rank(of: $1) < 5 }
  }

  /// Of several, whose samples follow each other.
  init(_ runs: [TestedRun], plan: NetworkPlan) {
    var tally = Tally(plan: plan)
    for run in runs { tally += run.tally }
    self.tally = tally
    labels = runs.flatMap(\.labels)
    classes = runs.flatMap(\.classes)
    losses = runs.flatMap(\.losses)
    amongFive = runs.reduce(0) { $0 + $1.amongFive }
  }
}

// MARK: Between ranks

extension TestedRun {
  /// Words of so many samples.
  static func words(samples: Int, plan: NetworkPlan) -> Int {
    Tally(plan: plan).numbers.count + 1 + 3 * samples
  }

  /// All there is, for another rank.
  var words: [UInt64] {
    (tally.numbers + [amongFive] + labels + classes).map { UInt64(bitPattern: Int64($0)) }
      + losses.map(\.bitPattern)
  }

  /// Takes what ``words`` gave for so many samples.
  init(words: inout ArraySlice<UInt64>, samples: Int, plan: NetworkPlan) {
    func take(_ count: Int) -> ArraySlice<UInt64> {
      defer { words = words.dropFirst(count) }
      return words.prefix(count)
    }
    func numbers(_ count: Int) -> [Int] { take(count).map { Int(Int64(bitPattern: $0)) } }
    var tally = Tally(plan: plan)
    tally.add(numbers(tally.numbers.count))
    self.tally = tally
    amongFive = numbers(1).reduce(0, +)
    labels = numbers(samples)
    classes = numbers(samples)
    losses = take(samples).map(Double.init(bitPattern:))
  }
}
