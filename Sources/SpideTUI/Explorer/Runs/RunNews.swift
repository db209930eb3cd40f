import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// A folder that was opened as a run, to be looked at for what another program adds to it.
public struct FollowOrder: Sendable {
  /// The folder, as it was opened.
  package let folder: String
  let preset: Preset
  /// Samples of the training set.
  let samples: Int

  package init(folder: String, preset: Preset, samples: Int) {
    (self.folder, self.preset, self.samples) = (folder, preset, samples)
  }

  /// Whether what has been found for the one holds for the other.
  func isSame(as other: FollowOrder) -> Bool {
    (folder, preset.text, samples) == (other.folder, other.preset.text, other.samples)
      && preset.overrides == other.preset.overrides
  }
}

/// What another program has added to a folder that was opened as a run.
public struct RunNews: Sendable {
  /// The folder, as it was opened.
  var folder: String
  /// All curves of the run so far, over epochs; nil where they are as they were.
  package var curves: TrainingCurves?
  /// The newest weights; nil where they are as they were.
  var weights: LoadedWeights?
  /// Whether a program trains it; nil where that is as it was.
  var isWritten: Bool?
  /// What could not be read; nothing else is known then.
  package var failure: String?

  package init(folder: String, weights: LoadedWeights? = nil) {
    (self.folder, self.weights) = (folder, weights)
  }
}

extension Model {
  /// Orders that the folders are followed of runs that have not been trained here, where those are others than before.
  mutating func orderFollowing() -> [Effect] {
    let followed = runs.list.filter { $0.folder != nil && state(of: $0)?.isFollowing == true }
    guard followed.map(\.id) != runs.followed else { return [] }
    runs.followed = followed.map(\.id)
    return [
      .follow(
        followed.compactMap { run in
          guard let folder = run.folder, let state = state(of: run) else { return nil }
          return FollowOrder(
            folder: folder, preset: state.preset, samples: state.data.train.count)
        })
    ]
  }

  /// Takes in what has come of a run that another program trains. One that has been trained here goes its own way.
  mutating func take(_ news: RunNews) {
    for run in runs.list where run.folder == news.folder && state(of: run)?.isFollowing == true {
      if let isWritten = news.isWritten { runs[run.id]?.isWritten = isWritten }
      if let failure = news.failure { note = Note(text: failure, isError: true) }
      let isWritten = runs[run.id]?.isWritten == true
      changeState(of: run.id) { state in
        state.take(news)
        // A test of each checkpoint would take its time from the program that trains.
        if news.weights != nil || news.isWritten == false, state.training.confusion == nil {
          state.training.loadedTest = isWritten ? .none : .due
        }
      }
    }
  }
}

extension RunState {
  /// Whether nothing has been trained here.
  fileprivate var isFollowing: Bool { training.state == .idle && training.recorded == nil }

  fileprivate mutating func take(_ news: RunNews) {
    if let weights = news.weights {
      // Another run in the same folder, or the same from an earlier point on, has curves of its own.
      let (now, then) = (weights.checkpoint?.state, training.checkpoint?.state)
      let goesOn =
        now?.seed == then?.seed && now?.batchesDone ?? 0 >= then?.batchesDone ?? 0
      if let now { seed = now.seed }
      parameters = weights.parameters
      weightsOrigin = weights.name
      (loadedFile, loadedSummary) = (weights.file, weights.summary)
      let former = training.earlier
      training = TrainingProgress(run: training.run, checkpoint: weights.checkpoint)
      if goesOn, former.reachesFurther(than: training.earlier) { training.follow(former) }
      if let constants = weights.checkpoint?.state.dynamics { dynamics = constants }
      goal.network += 1
    }
    // Metrics that begin later than the run, after it was resumed with another file, say less than the checkpoint.
    if let curves = news.curves, curves.reachesFurther(than: training.earlier) {
      training.follow(curves)
    }
  }
}
