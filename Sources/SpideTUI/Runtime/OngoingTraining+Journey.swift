import SpideEngine

/// Going to another update of what is recorded.
extension OngoingTraining {
  /// Where a journey began, to be back there should it be given up.
  struct Departure {
    let state: Trainer.State
    let divergence: Divergence?
    /// What is told on the way.
    let report: TrainingReport
  }

  /// Goes to an update that is recorded, for as long as that is wanted. A journey that was given up for this one ends with
  /// it: both began in the same place.
  ///
  /// - Parameters:
  ///   - next: where to.
  ///   - start: the order; what a person has changed at the end of what is recorded is recorded too.
  ///   - goesOn: told before every batch that is trained again how far it is; false gives up, with ``giveUpJourney()`` or
  ///     another journey to follow.
  /// - Returns: whether it is there.
  mutating func go(
    _ next: Journey, _ start: TrainingStart, while goesOn: (TrainingReport) -> Bool = { _ in true }
  ) -> Bool {
    if departure == nil {
      use(start)
      if !isBehind, divergence == nil { recording.record(trainer.state) }
    }
    trainer.keepsUpdates = false
    journey = next
    let beginning: Departure
    if let former = departure {
      beginning = former
    } else {
      let report = report(isRunning: false, looksBack: false)
      beginning = Departure(state: trainer.state, divergence: divergence, report: report)
      departure = beginning
    }
    let kept = recording.start(of: next.update)
    // On the way from there it may stand already.
    if divergence != nil || !(kept.batchesDone...next.update).contains(trainer.batchesDone) {
      go(to: kept)
    }
    divergence = nil
    var progress = beginning.report
    progress.journey = next
    progress.journey?.all = next.update - trainer.batchesDone
    while true {
      prepare()
      if trainer.batchesDone == next.update { break }
      guard goesOn(progress) else { return false }
      _ = trainer.trainBatch()
      progress.journey?.done += 1
    }
    journey?.state = .arrived
    leaveHits()
    departure = nil
    epochsLeft = epochsToGo
    changes = [TakenChange(number: start.change, batches: trainer.batchesDone)]
    return true
  }

  /// Stands again where the journey began.
  mutating func giveUpJourney() {
    guard let departure else { return }
    go(to: departure.state)
    divergence = departure.divergence
    journey?.state = .givenUp
    self.departure = nil
    mustReport()
  }

  /// A journey was given up before it was begun, unless it is the last that was.
  mutating func miss(_ missed: Journey) {
    guard missed.number != journey?.number else { return }
    journey = missed
    journey?.state = .givenUp
  }

  private func go(to state: Trainer.State) {
    let data = data.with(forwardSteps: state.dynamics.forwardSteps)
    trainer.go(to: state, trainSet: data.train, testSet: data.test)
  }
}
