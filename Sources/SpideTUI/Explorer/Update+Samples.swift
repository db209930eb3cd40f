import SpideEngine
import SpideExperiment

extension Model {
  /// Shows another sample from its start.
  mutating func show(_ reference: SampleReference, at position: Int = 0) {
    sample = reference
    goal.sample += 1
    move(to: position)
  }

  /// A sample of the set as it is or, while training by hand, as the epoch that runs has it, cut and mirrored.
  func trainingSample(_ index: Int) -> SampleReference {
    var sample = SampleReference(part: .train, index: index)
    if mode == .train, preset.data.augmentation != nil {
      sample.augmentation = Trainer.State.augmentationSeed(
        of: index, seed: seed, epochsDone: training.epochsDone)
    }
    return sample
  }

  /// The next or previous sample: of the test set, or of the batch while training by hand.
  mutating func moveSample(_ direction: Int) {
    if mode == .train, !training.nextBatch.isEmpty {
      let batch = training.nextBatch
      let shown = sample.part == .train ? batch.firstIndex(of: sample.index) : nil
      let place = shown ?? (direction > 0 ? -1 : 0)
      let next = (place + direction + batch.count) % batch.count
      show(trainingSample(batch[next]))
      note = Note(text: "sample \(next + 1) of the batch of \(batch.count)")
      return
    }
    let count = source.count
    showSample((sample.index + direction + count) % count)
  }

  /// Shows another sample of the same set from its start.
  mutating func showSample(_ index: Int) {
    show(
      sample.part == .train ? trainingSample(index) : SampleReference(part: .test, index: index))
  }

  /// Runs the sample under other constants, to the same moment.
  mutating func use(_ changed: Dynamics) {
    guard changed != dynamics else { return }
    if changed.forwardSteps != dynamics.forwardSteps, preset.data.source?.variesInTime == true {
      data = data.with(forwardSteps: changed.forwardSteps)
      goal.sample += 1
    }
    let moment = timeline.moment(at: goal.position)
    dynamics = changed
    move(to: timeline.position(nearest: moment))
    goal.network += 1
  }

  /// Goes on with weights from a file, in the current run; a test of them follows.
  mutating func load(_ weights: LoadedWeights) {
    parameters = weights.parameters
    weightsOrigin = weights.name
    training = TrainingProgress(run: runs.current, checkpoint: weights.checkpoint)
    training.loadedTest = .due
    seed = weights.checkpoint?.state.seed ?? seed
    mode = .inspect
    // A training goes on with the constants that it was left with.
    use(weights.checkpoint?.state.dynamics ?? dynamics)
    goal.network += 1
    loadedFile = weights.file
    loadedSummary = weights.summary
    note = Note(text: "\(weights.summary); testing \(glyphs.ellipsis)", mustBeRead: true)
  }
}
