import SpideEngine

extension Model {
  /// Keeps a message in the log where somebody did it, or time did.
  mutating func keepInLog(_ message: Message) {
    switch message {
    case .input(.key(let key)) where isOnlyAQuestion && KeyTable.answer(key) == nil: break
    case .input(let event):
      keepBatchesInLog()
      log.add(event)
    case .interrupt: log.add(.key(.control("c")))
    case .tick where isPlaying && !isComputing:
      log.addTick(
        every: speed.interval(parts: tickParts), isTraining: training.state == .running)
    default: break
    }
  }

  /// Whether a question takes the keys: one that is no answer to it does nothing.
  private var isOnlyAQuestion: Bool {
    if case .question = overlay { return true }
    return false
  }

  /// How far the training has come that a key falls into.
  private mutating func keepBatchesInLog() {
    guard training.state == .running, training.logsBatches else { return }
    log.addBatches(training.batchesDone - training.batchesLogged)
    training.batchesLogged = training.batchesDone
  }

  /// The last key changes what a training that runs goes on with. One of so many batches is kept as one without end, so
  /// that the change can stand amid them.
  private mutating func keepChangeInLog() {
    if !training.logsBatches { log.unboundTraining() }
    training.logsBatches = true
    log.addChange(training.changes)
  }

  /// Tells a training that runs of a change of what it goes on with, which the last key made.
  mutating func changeTraining() -> Effect {
    training.changes += 1
    keepChangeInLog()
    return .training(.use(trainingStart))
  }

  /// How far the training had come when changes took effect: their keys come after those batches.
  mutating func keepInLog(_ taken: [TakenChange]) {
    for change in taken where log.awaitsChange {
      log.addBatches(change.batches - training.batchesLogged)
      training.batchesLogged = max(training.batchesLogged, change.batches)
      log.changesTook(upTo: change.number)
    }
  }

  /// How far a training has come in the end: where it was paused, the key that did it comes after that. Where a breakpoint
  /// stopped it before, a key that does nothing but pause it is none.
  mutating func keepTrainingInLog(endOf state: TrainingProgress.State, isStopped: Bool = false) {
    defer { training.isToggledOff = false }
    let batches = training.batchesDone - training.batchesLogged
    training.batchesLogged = training.batchesDone
    switch state {
    case .running where training.logsBatches:
      log.addBatches(batches)
      // The end of the batches that were asked for is that of a training without end which is paused there.
      if training.batchesAsked != nil, !isStopped { log.add(.key(.character("t"))) }
    case .pausing:
      if !training.logsBatches { log.unboundTraining() }
      log.addBatches(batches, before: .pause)
      if isStopped, training.isToggledOff { log.dropPause() }
    case .running, .idle, .updating, .paused, .diverged: break
    }
    log.changesTook(upTo: training.changes)
  }
}
