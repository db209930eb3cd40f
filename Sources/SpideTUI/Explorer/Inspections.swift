import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// Which samples under which weights and constants are inspected.
struct InspectionSubject: Hashable, Sendable {
  /// As in ``Goal``.
  let opening, network: Int
  /// The shown sample, as in ``Goal``; nil for the first samples of the test set.
  let sample: Int?
  /// How many.
  let samples: Int
}

/// Work for a thread other than the screen's: gradients against the exact ones, of the shown sample or of the first of the test set.
public struct InspectionOrder: Sendable {
  let subject: InspectionSubject
  let preset: Preset
  let network: PackedNetwork
  let source: any SampleSource
  let indices: Range<Int>

  /// Does the work on so many threads, while it is wanted.
  ///
  /// - Parameters:
  ///   - threads: workers. What comes out does not depend on them.
  ///   - isWanted: asked from any thread, often.
  ///   - passing: told, from any thread, what has come of it so far.
  /// - Returns: all that came of it; nil where it was given up.
  package func carryOut(
    threads: Int, while isWanted: @escaping @Sendable () -> Bool = { true },
    passing: @escaping @Sendable (InspectionNews) -> Void = { _ in }
  ) -> InspectionNews? {
    var news = InspectionNews(subject: subject)
    do throws(DataError) {
      try PresetTask.inspecting(samples: indices.count, threads: threads).requireMemory(preset)
    } catch {
      news.failure = error.description
      news.isOver = true
      return news
    }
    let start = news
    let batch = preset.training.batch
    news.found = GradientInspection(
      network: network, samples: source, indices: indices, batch: batch, threads: threads,
      while: isWanted
    ) { done in
      var news = start
      news.done = done
      passing(news)
    }
    guard news.found != nil, isWanted() else { return nil }
    news.done = indices.count
    passing(news)
    news.curves = GradientCurves(
      network: network, samples: source, indices: indices, batch: batch, threads: threads,
      while: isWanted)
    news.isOver = true
    return isWanted() ? news : nil
  }
}

extension InspectionOrder {
  /// Does the work as ``carryOut(threads:while:passing:)`` does, tells all that comes of it while that is wanted, and how
  /// long it took.
  ///
  /// - Parameters:
  ///   - threads: workers.
  ///   - isWanted: asked from any thread, often.
  ///   - publish: told, from any thread.
  package func carryOut(
    threads: Int, while isWanted: @escaping @Sendable () -> Bool,
    publishing publish: @escaping @Sendable (InspectionNews) -> Void
  ) {
    let clock = ContinuousClock()
    let began = clock.now
    guard isWanted(),
      var news = carryOut(
        threads: threads, while: isWanted, passing: { if isWanted() { publish($0) } })
    else { return }
    news.seconds = (clock.now - began) / .seconds(1)
    publish(news)
  }
}

/// What came of an ``InspectionOrder`` so far.
public struct InspectionNews: Sendable {
  let subject: InspectionSubject
  /// Samples done.
  var done = 0
  /// All of them together; nil before the last one is done.
  var found: GradientInspection?
  /// How errors shrink with the steps; nil where there is no exact gradient, and before ``isOver``.
  var curves: GradientCurves?
  /// Why there is nothing, in words.
  var failure: String?
  /// Whether no more comes of it.
  package var isOver = false
  /// How long it took, in seconds.
  package var seconds = 0.0

  init(subject: InspectionSubject) { self.subject = subject }
}

/// Inspections, made while a panel on screen shows them.
struct Inspections: Sendable {
  /// Whether means over samples of the test set are shown in place of the shown sample.
  var isMean = false
  /// Samples that means are taken over.
  var samples = Inspections.fewSamples
  /// What is being worked on, and the samples that are done.
  private(set) var running: InspectionSubject?
  private(set) var done = 0
  /// The last answers: of the shown sample, of means.
  private var answers: [Bool: InspectionNews] = [:]
  /// Training's clock at the last order, in seconds.
  private var ordered = -Double.infinity

  /// Samples that means are taken over unless a person says otherwise, and those that conditions about gradients look at.
  static let fewSamples = 64
  /// Most samples that means may be taken over.
  static let mostSamples = 100_000
  /// The share of one processor that inspections may take while training runs.
  private static let share = 0.05

  /// The answer to show: of this subject or, while weights move on by themselves, the last one.
  func answer(_ subject: InspectionSubject, isTraining: Bool) -> InspectionNews? {
    guard let answer = answers[subject.sample == nil] else { return nil }
    let isLast = isTraining && answer.subject.opening == subject.opening
    return answer.subject == subject || isLast ? answer : nil
  }

  /// Whether a subject is worth its time; what was being worked on is then given up. `trained` is training's clock while it
  /// runs: then what has begun is finished first.
  mutating func begin(_ subject: InspectionSubject, trained: Double?) -> Bool {
    guard running != subject else { return false }
    let last = answers[subject.sample == nil]
    if let last, last.isOver, last.subject == subject {
      // What was begun in between is not wanted any more, and what comes of it is not taken in.
      running = nil
      return false
    }
    if let trained {
      // Another training has begun: its clock starts anew.
      if trained < ordered { ordered = -.infinity }
      guard running == nil, trained - ordered >= (last?.seconds ?? 0) / Self.share else {
        return false
      }
      ordered = trained
    }
    running = subject
    done = 0
    return true
  }

  /// Gives up what is being worked on; whether there was something.
  mutating func stop() -> Bool {
    defer { running = nil }
    return running != nil
  }

  mutating func take(_ news: InspectionNews) {
    guard news.subject == running else { return }
    done = max(done, news.done)
    if news.isOver { running = nil }
    if news.found != nil || news.isOver { answers[news.subject.sample == nil] = news }
  }

  /// Another network: nothing about the former one may be shown.
  mutating func discard() { answers = [:] }
}

extension Model {
  /// What panels show that compare with exact solutions: the shown sample, or the first of the test set.
  var inspectionSubject: InspectionSubject {
    let goal = computed.goal
    let isMean = inspections.isMean
    return InspectionSubject(
      opening: goal.opening, network: goal.network, sample: isMean ? nil : goal.sample,
      samples: isMean ? min(inspections.samples, data.test.count) : 1)
  }

  /// What has come of it.
  var inspectionNews: InspectionNews? {
    inspections.answer(inspectionSubject, isTraining: training.state == .running)
  }

  /// What was found; nil while that is being worked out.
  package var inspection: GradientInspection? { inspectionNews?.found }

  /// What stands where nothing has been found yet.
  var inspectionHint: String {
    if let failure = inspectionNews?.failure { return failure }
    let count = inspectionSubject.samples
    return count == 1 ? "inspecting …" : "inspecting … \(inspections.done) of \(count) samples"
  }

  /// Orders the inspection that is missing on screen, and gives up one that nothing on screen shows.
  mutating func orderInspection() -> [Effect] {
    let shown = panelsInSight
    guard shown.contains(where: { $0.showsInspection }) else {
      return inspections.stop() ? [.stopInspecting] : []
    }
    let subject = inspectionSubject
    // The cursor does not count, but a sample that is still to come does.
    guard computed.goal.isSameRun(as: goal) || training.state == .running,
      inspections.begin(subject, trained: training.state == .running ? training.seconds : nil)
    else { return [] }
    let isMean = subject.sample == nil
    return [
      .inspect(
        InspectionOrder(
          subject: subject, preset: preset, network: session.network,
          source: isMean
            ? data.test : OneSample(session.input, label: session.label ?? 0, session.plan),
          indices: 0..<subject.samples))
    ]
  }
}
