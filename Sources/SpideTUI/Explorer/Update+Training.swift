import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

extension Model {
  /// What a training order carries.
  var trainingStart: TrainingStart {
    TrainingStart(
      preset: preset, data: data, parameters: parameters, dynamics: dynamics, seed: seed,
      checkpoint: training.start, run: training.run, change: training.changes, pace: pace,
      way: training.ways, follows: training.isBehind, stops: stopsOfTraining,
      tellsUpdates: followsUpdates)
  }

  /// Ways to go on with a training.
  enum GoingOn: Sendable {
    /// So many batches, or nil for all epochs.
    case train(batches: Int?)
    /// Over the update of the sample.
    case step
  }

  /// Goes on from where the training stands. Where other constants than those of then lead another way, what is recorded
  /// from here on is forgotten.
  mutating func goOn(_ going: GoingOn) -> [Effect] {
    if leavesRecorded { training.leaveRecorded() }
    training.follows = training.isBehind
    switch going {
    case .step:
      training.state = .updating
      var start = trainingStart
      start.tellsUpdates = true
      return [.training(.batches(1, start))]
    case .train(let batches):
      isPlaying = false
      mode = .train
      training.begin()
      updates.isTold = followsUpdates
      training.batchesAsked = batches
      training.logsBatches = batches == nil
      // A change amid a training that was thrown away since.
      log.changesTook(upTo: training.changes)
      // From the start of a sample nothing would be seen of the newest weights.
      if goal.position == 0 { move(to: timeline.end) }
      let order = batches.map { TrainingOrder.batches($0, trainingStart) } ?? .run(trainingStart)
      return giveUpEvaluation() + [.training(order)]
    }
  }

  /// Whether to go on from here is another way than the one that is recorded.
  var leavesRecorded: Bool {
    training.isBehind && training.dynamics.map { $0 != dynamics } ?? false
  }

  /// Starts training, or pauses it at the next batch boundary.
  mutating func toggleTraining() -> [Effect] {
    switch training.state {
    case .running:
      training.state = .pausing
      training.isToggledOff = true
      log.mark(.pause)
      return [.training(.pause)]
    case .pausing:
      // It has not stopped yet, and goes on, without another end than that of its epochs.
      if !training.logsBatches { log.unboundTraining() }
      (training.logsBatches, training.isToggledOff) = (true, false)
      training.batchesAsked = nil
      training.begin()
      updates.isTold = followsUpdates
      training.follows = training.isBehind
      (isPlaying, mode) = (false, .train)
      return [.training(.run(trainingStart))]
    case .updating:
      log.ignoreLast()
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
    log.mark(.training)
    return attempt(.goOn(.train(batches: batches)))
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

  /// Where training goes on, with the constants in use; nil where it cannot.
  var checkpoint: Checkpoint? {
    var checkpoint = training.checkpoint
    checkpoint?.preset = preset.recorded
    checkpoint?.presetDynamics = preset.dynamics
    checkpoint?.state.use(dynamics)
    return checkpoint
  }

  /// What `:save` writes: a checkpoint wherever training can go on from one, with the constants in use.
  func weightsOrder(path: String) -> WriteOrder {
    .weights(
      parameters, checkpoint: checkpoint, preset: preset, path: path, run: training.run,
      batches: training.batchesShown)
  }

  /// Takes in what the training thread tells. Weights that are no numbers are not taken: those before them stay.
  mutating func take(_ report: TrainingReport) -> [Effect] {
    guard report.run == training.run else { return [] }
    if let memory = report.memory { runs.take(memory) }
    if let pending = runs.pending, pending.change == nil {
      takeFork(report)
      return []
    }
    if let travel = training.travel, travel.journey != nil {
      take(report, of: travel)
      return []
    }
    let before = training.state
    // A pause may be answered twice.
    if before == .paused, !report.isRunning, report.batchesDone == training.batchesDone {
      return []
    }
    let hasOwnConstants = training.dynamics.map { $0 != dynamics } ?? false
    training.add(report)
    updates.pinned = nil
    if let account = report.update {
      updates.take(account, updateSubject(of: account.update.number))
    }
    keepInLog(report.changes)
    if !report.isRunning { keepTrainingInLog(endOf: before, isStopped: !report.hits.isEmpty) }
    if let divergence = report.divergence {
      note = diverged(divergence)
      training.follows = false
      return changeRun() ?? setOff()
    }
    // What is recorded is followed with the constants of then.
    if training.follows, !hasOwnConstants, let told = report.dynamics { use(told) }
    if !report.isRunning || !training.isBehind { training.follows = false }
    show(weightsOf: report)
    // What a breakpoint has stopped was not paused.
    if !report.hits.isEmpty { training.travel?.hasPaused = false }
    if !report.isRunning { stop(at: report.hits, "update \(report.batchesDone)") }
    if !report.isRunning, let effects = changeRun() { return effects }
    if training.travel != nil, !report.isRunning {
      let effects = setOff()
      if training.travel != nil { return effects }
    }
    guard mode == .train, !report.isRunning, let first = report.nextBatch.first else { return [] }
    // At a batch boundary the timeline belongs to the first sample of the batch that comes next.
    show(trainingSample(first))
    switch before {
    case _ where !report.hits.isEmpty: break
    case .updating where report.update != nil:
      note = report.update.map { Note(text: Words.update($0)) }
    case _ where training.isBehind: note = Note(text: standing)
    case .pausing: note = Note(text: "paused: s steps through the next batch, t goes on")
    case .running:
      let done =
        training.batchesAsked == nil
        ? Words.counted(training.epochsDone, "epoch") : Words.counted(training.batchesDone, "batch")
      note = Note(text: "\(done) done: t trains on, i inspects test samples")
    case .idle, .updating, .paused, .diverged: break
    }
    return []
  }

  /// Shows the weights that a report has.
  mutating func show(weightsOf report: TrainingReport) {
    parameters = report.parameters
    weightsOrigin = "after \(Words.counted(training.batchesShown, "batch")), seed \(seed)"
    goal.network += 1
  }

  /// What `train` says of it.
  func diverged(_ divergence: Divergence) -> Note {
    Note(text: "\(preset.name): \(divergence)", isError: true)
  }
}
