import SpideConfiguration
import SpideData
import SpideEngine

/// Which update of which training.
struct UpdateSubject: Hashable, Sendable {
  /// As in ``Goal``, and as in ``TrainingProgress``.
  let opening, run, way: Int
  /// Batches done with it.
  let update: Int
}

/// What can be asked about an update.
enum UpdateQuestion: Hashable, Sendable {
  /// How every parameter moved.
  case whole
  /// The numbers of a tensor that is too large to be gone through while drawing.
  case map(parameter: Int, WeightMap.View)
  /// Why one weight moved.
  case weight(WeightIndex)
  /// The spikes at both ends of a synapse for a sample, by its rank among those that pushed the weight.
  case spikes(WeightIndex, rank: Int)
}

/// What has been found out about updates, and what of it is looked at.
struct Updates: Sendable {
  /// What the map shows.
  var view = WeightMap.View.change
  /// Whether the weights that moved most are those of the selected parameter, and not of all.
  var isOfParameter = false
  /// The one of them that is selected.
  var selectedMover = 0
  /// The weight that is looked into; nil for the one that moved most.
  var chosen: WeightIndex?
  /// The sample of its that is selected, by rank.
  var selectedPush = 0
  /// The update that is shown while training stands before it; nil for the last one that was made.
  var pinned: Int?

  /// What the answers are about.
  private(set) var subject: UpdateSubject?
  private var answers: [UpdateQuestion: UpdateNews.Value] = [:]
  /// What is being worked on, and how many batches have been trained again for it, of how many.
  private(set) var running: (subject: UpdateSubject, question: UpdateQuestion)?
  private(set) var progress = (done: 0, all: 0)
  /// Whether a training that runs has been asked to tell of its updates.
  var isTold = false

  /// Most answers that are kept about one update.
  private static let mostAnswers = 64

  /// What is known of a question about an update; nil for nothing yet.
  func answer(_ question: UpdateQuestion, _ subject: UpdateSubject?) -> UpdateNews.Value? {
    subject == self.subject ? answers[question] : nil
  }

  /// The last account, whichever update it is of.
  var lastAccount: UpdateAccount? {
    guard case .account(let account) = answers[.whole] else { return nil }
    return account
  }

  /// Whether work on a question has to begin.
  mutating func begin(_ question: UpdateQuestion, _ subject: UpdateSubject) -> Bool {
    if answer(question, subject) != nil { return false }
    if let running, running == (subject, question) { return false }
    running = (subject, question)
    progress = (0, 0)
    return true
  }

  /// Gives up what is being worked on; whether there was something.
  mutating func stop() -> Bool {
    defer { running = nil }
    return running != nil
  }

  /// Takes in an answer, unless another one is waited for by now.
  mutating func take(_ news: UpdateNews) {
    guard let running, running == (news.subject, news.question) else { return }
    if case .progress(let done, let all) = news.value {
      progress = (done, all)
      return
    }
    self.running = nil
    keep(news.value, news.question, news.subject)
  }

  /// Takes in what the training itself tells of its last update.
  mutating func take(_ account: UpdateAccount, _ subject: UpdateSubject) {
    keep(.account(account), .whole, subject)
  }

  private mutating func keep(
    _ value: UpdateNews.Value, _ question: UpdateQuestion, _ subject: UpdateSubject
  ) {
    if subject != self.subject {
      answers = [:]
      self.subject = subject
      selectedPush = 0
    }
    if answers.count >= Self.mostAnswers {
      answers = answers.filter { $0.key == .whole }
    }
    answers[question] = value
  }
}

/// Work for a thread other than the screen's: a question about an update.
public struct UpdateOrder: Sendable {
  let subject: UpdateSubject
  let question: UpdateQuestion
  let work: UpdateWork
  let preset: Preset
  let data: DataSplit
}

/// What came of an ``UpdateOrder``.
public struct UpdateNews: Sendable {
  enum Value: Sendable {
    /// So many batches have been trained again, of so many.
    case progress(done: Int, all: Int)
    case account(UpdateAccount)
    case map(WeightMap)
    case weight(WeightAccount)
    case spikes(SynapseSpikes)
    /// Why there is nothing, in words.
    case failure(String)
  }

  let subject: UpdateSubject
  let question: UpdateQuestion
  let value: Value
}
