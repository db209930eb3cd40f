import SpideConfiguration
import SpideEngine
import SpideExperiment

extension Model {
  /// What a training order carries.
  var trainingStart: TrainingStart {
    TrainingStart(
      preset: preset, data: data, parameters: parameters, dynamics: dynamics, seed: seed,
      checkpoint: training.start, change: training.changes, pace: pace)
  }

  /// Starts training, or pauses it at the next batch boundary.
  mutating func toggleTraining() -> [Effect] {
    switch training.state {
    case .running:
      training.state = .pausing
      log.mark(.pause)
      return [.training(.pause)]
    case .pausing, .updating:
      return []
    case .diverged(let divergence):
      note = diverged(divergence)
      return []
    case .idle, .paused: return startTraining(batches: nil)
    }
  }

  /// Trains so many batches, then stands.
  mutating func train(batches: Int) throws(CommandError) -> [Effect] {
    switch training.state {
    case .running, .pausing, .updating:
      throw CommandError("a training runs already; t pauses it")
    case .diverged, .idle, .paused: break
    }
    if case .diverged(let divergence) = training.state {
      note = diverged(divergence)
      return []
    }
    return startTraining(batches: batches)
  }

  private mutating func startTraining(batches: Int?) -> [Effect] {
    if let obstacle = unreadable ?? trainingObstacle {
      note = Note(text: obstacle.description, isError: true)
      return []
    }
    isPlaying = false
    mode = .train
    training.state = .running
    training.batchesAsked = batches
    training.logsBatches = batches == nil
    log.mark(.training)
    // A change amid a training that was thrown away since.
    log.changesTook(upTo: training.changes)
    // From the start of a sample nothing would be seen of the newest weights.
    if goal.position == 0 { move(to: timeline.end) }
    let order = batches.map { TrainingOrder.batches($0, trainingStart) } ?? .run(trainingStart)
    return giveUpEvaluation() + [.training(order)]
  }

  /// Leaves training by hand.
  mutating func inspect() -> [Effect] {
    guard mode == .train else { return [] }
    mode = .inspect
    let wasRunning = training.state == .running
    if wasRunning {
      training.state = .pausing
      log.mark(.pause)
      let rest = training.batchesAsked.map { " before all \(Words.counted($0, "batch")) were done" }
      note = Note(text: "training paused\(rest ?? ""); t goes on")
    }
    if sample.part == .train { show(SampleReference(part: .test, index: 0)) }
    return wasRunning ? [.training(.pause)] : []
  }

  /// What `:save` writes: a checkpoint wherever training can go on from one, with the constants in use.
  func weightsOrder(path: String) -> WriteOrder {
    var checkpoint = training.checkpoint
    checkpoint?.preset = preset.recorded
    checkpoint?.presetDynamics = preset.dynamics
    checkpoint?.state.use(dynamics)
    return .weights(
      parameters, checkpoint: checkpoint, preset: preset, path: path, run: training.run,
      batches: training.batchesShown)
  }

  /// Takes in what the training thread tells. Weights that are no numbers are not taken: those before them stay.
  mutating func take(_ report: TrainingReport) {
    guard report.run == training.run else { return }
    let before = training.state
    training.add(report)
    keepInLog(report.changes)
    if !report.isRunning { keepTrainingInLog(endOf: before) }
    if let divergence = report.divergence {
      note = diverged(divergence)
      return
    }
    parameters = report.parameters
    weightsOrigin = "after \(Words.counted(training.batchesShown, "batch")), seed \(seed)"
    goal.network += 1
    guard mode == .train, !report.isRunning, let first = report.nextBatch.first else { return }
    // At a batch boundary the timeline belongs to the first sample of the batch that comes next.
    show(SampleReference(part: .train, index: first))
    switch before {
    case .pausing: note = Note(text: "paused: s steps through the next batch, t goes on")
    case .running:
      let done =
        training.batchesAsked == nil
        ? Words.counted(training.epochsDone, "epoch") : Words.counted(training.batchesDone, "batch")
      note = Note(text: "\(done) done: t trains on, i inspects test samples")
    case .idle, .updating, .paused, .diverged: break
    }
  }

  /// What `train` says of it.
  func diverged(_ divergence: Divergence) -> Note {
    Note(text: "\(preset.name): \(divergence)", isError: true)
  }
}
