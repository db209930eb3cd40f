import SpideEngine

extension Model {
  /// Keeps a message in the log where somebody did it, or time did.
  mutating func keepInLog(_ message: Message) {
    switch message {
    case .input(let event):
      keepBatchesInLog()
      log.add(event)
    case .interrupt: log.add(.key(.control("c")))
    case .tick where isPlaying && !isComputing: log.addTick(every: speed.interval(parts: tickParts))
    default: break
    }
  }

  /// How far the training has come that a key falls into.
  private mutating func keepBatchesInLog() {
    guard training.state == .running, training.batchesAsked == nil else { return }
    log.addBatches(training.batchesDone - training.batchesLogged)
    training.batchesLogged = training.batchesDone
  }

  /// How far a training has come in the end: where it was paused, the key that did it comes after that.
  mutating func keepTrainingInLog(endOf state: TrainingProgress.State) {
    let batches = training.batchesDone - training.batchesLogged
    training.batchesLogged = training.batchesDone
    switch state {
    case .running where training.batchesAsked == nil: log.addBatches(batches)
    case .pausing:
      if training.batchesAsked != nil { log.unboundTraining() }
      log.addBatches(batches, before: .pause)
    case .running, .idle, .updating, .paused, .diverged: break
    }
  }
}
