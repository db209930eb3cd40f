import SpideData
import SpideEngine
import SpideExperiment

/// What another program has added to a folder that was opened as a run.
public struct RunNews: Sendable {
  /// The folder, as it was opened.
  public var folder: String
  /// All epochs of the run so far; nil where they are as they were.
  public var epochs: [EpochRecord]?
  /// The newest weights; nil where they are as they were.
  public var weights: LoadedWeights?

  /// News of a folder.
  public init(folder: String, epochs: [EpochRecord]? = nil, weights: LoadedWeights? = nil) {
    self.folder = folder
    self.epochs = epochs
    self.weights = weights
  }
}

extension Model {
  /// Takes in what has come of a run that another program trains. One that has been trained here goes its own way.
  mutating func take(_ news: RunNews) {
    guard let run = runs.list.first(where: { $0.folder == news.folder }) else { return }
    if run.id == runs.current {
      guard runState.isFollowing else { return }
      var state = runState
      state.take(news)
      runState = state
      if news.weights != nil { goal.network += 1 }
    } else if run.kept?.isFollowing == true {
      runs[run.id]?.kept?.take(news)
    }
  }
}

extension RunState {
  /// Whether nothing has been trained here.
  fileprivate var isFollowing: Bool { training.state == .idle && training.recorded == nil }

  fileprivate mutating func take(_ news: RunNews) {
    if let weights = news.weights {
      parameters = weights.parameters
      weightsOrigin = weights.name
      (loadedFile, loadedSummary) = (weights.file, weights.summary)
      training = TrainingProgress(run: training.run, checkpoint: weights.checkpoint)
      if let constants = weights.checkpoint?.state.dynamics { dynamics = constants }
      goal.network += 1
    }
    if let epochs = news.epochs, epochs.count >= training.earlier.epoch?.epoch ?? 0 {
      training.earlier = TrainingCurves(epochs: epochs, samples: data.train.count)
    }
  }
}
