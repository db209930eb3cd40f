import SpideEngine
import SpideExperiment

extension Model {
  // MARK: Setting off

  /// Goes to another update. A training that runs is paused, at the batch in hand.
  mutating func travel(
    _ aim: Travel.Aim, endsAtUpdate: Bool = false, visit: SampleVisit? = nil
  ) -> [Effect] {
    // Of a training that has just begun nothing has been heard yet.
    guard training.recorded != nil || training.state == .running || training.state == .pausing
    else {
      note = Note(text: "nothing is recorded yet: t trains")
      return []
    }
    isPlaying = false
    log.markTravel()
    if var travel = training.travel {
      let next = travel.journey.map { Travel.Aim.to($0.update) } ?? travel.aim
      travel.aim = next.then(aim)
      training.travel = travel
      return travel.journey == nil ? [] : setOff()
    }
    training.travel = Travel(aim: aim, endsAtUpdate: endsAtUpdate, visit: visit)
    switch training.state {
    case .running:
      training.state = .pausing
      training.travel?.hasPaused = true
      log.mark(.pause)
      return [.training(.pause)]
    case .pausing, .updating: return []
    case .idle, .paused, .diverged: return setOff()
    }
  }

  /// Sets off from where the training stands.
  mutating func setOff() -> [Effect] {
    guard let travel = training.travel else { return [] }
    guard let recorded = training.recorded else {
      endTravel()
      return []
    }
    let update = travel.aim.update(from: training.batchesDone)
    if travel.journey == nil, travel.isGivenUp {
      log.giveUpTravel(pausing: travel.hasPaused)
      endTravel()
      return []
    }
    if travel.journey == nil, recorded.clamped(update) == training.batchesDone {
      endTravel()
      if let visit = travel.visit {
        arrive(at: visit)
      } else {
        note = Note(text: words(standingFor: update, in: recorded))
      }
      return []
    }
    training.journeys += 1
    let journey = Journey(number: training.journeys, to: recorded.clamped(update))
    training.travel?.journey = journey
    note = Note(text: "going to update \(journey.update) \(glyphs.ellipsis)  Esc gives up")
    return [.training(.go(journey, trainingStart))]
  }

  /// What is said where a way is none: there is no further one, or one stands there.
  private func words(standingFor update: Int, in recorded: RecordedPart) -> String {
    if update < recorded.first {
      return "update \(recorded.first) is the first: nothing is recorded before it"
    }
    if update > recorded.last { return "update \(recorded.last) is the last: t trains on" }
    return standing
  }

  /// `update 80 of 120 · back to 0, a state every 4 batches, 12 of 256 MB`; empty where nothing is recorded.
  var standing: String { training.recorded?.text(at: training.batchesDone) ?? "" }

  /// Back over the update before the sample, to the end of the first sample of the batch that made it.
  mutating func stepBackOverUpdate() -> [Effect] {
    switch training.state {
    case .paused, .diverged: return travel(.by(-1), endsAtUpdate: true)
    case .idle, .running, .pausing, .updating: return []
    }
  }

  // MARK: Under way

  /// Takes in what the training thread tells of a journey. What it tells of a former one is out of date.
  mutating func take(_ report: TrainingReport, of travel: Travel) {
    guard let told = report.journey, told.number == travel.journey?.number else { return }
    switch told.state {
    case .going: training.travel?.journey = told
    case .givenUp:
      training.add(report)
      log.giveUpTravel(pausing: travel.hasPaused)
      endTravel()
      note = Note(text: "gave up going to update \(told.update)")
    case .arrived:
      endTravel()
      arrive(report, endsAtUpdate: travel.endsAtUpdate)
      if let visit = travel.visit { arrive(at: visit) }
    }
  }

  /// Shows the update as it was, with the constants of the batch that came next.
  private mutating func arrive(_ report: TrainingReport, endsAtUpdate: Bool) {
    training.add(report)
    updates.pinned = nil
    training.batchesLogged = training.batchesDone
    log.changesTook(upTo: training.changes)
    if let constants = report.dynamics { use(constants) }
    show(weightsOf: report)
    if mode == .train, let first = report.nextBatch.first {
      show(trainingSample(first), at: endsAtUpdate ? timeline.end : goal.position)
    }
    note = Note(text: standing)
  }

  private mutating func endTravel() {
    training.travel = nil
    log.endTravel()
  }

  /// Gives up the way, which is still to be heard of.
  mutating func giveUpTravel() -> [Effect] {
    training.travel?.isGivenUp = true
    typedAhead = []
    return training.travel?.journey == nil ? [] : [.training(.pause)]
  }

  /// Whether an event leads to yet another update.
  func leadsToUpdate(_ event: InputEvent) -> Bool {
    switch event {
    case .key(.character("{")), .key(.character("}")): true
    case .mouse(let mouse): update(under: mouse, ExplorerLayout(self)) != nil
    case .key, .paste, .resized: false
    }
  }

  /// The update that the training bar has under the mouse, pressed or drawn; nil off the bar.
  func update(under mouse: MouseEvent, _ layout: ExplorerLayout) -> Int? {
    guard mouse.kind == .press || mouse.kind == .drag, mouse.button == .left,
      let pane = layout.pane(x: mouse.x, y: mouse.y),
      pane.inside.contains(x: mouse.x, y: mouse.y)
    else { return nil }
    let inside = pane.inside
    return pane.panel.update(self, x: mouse.x - inside.x, y: mouse.y - inside.y, in: inside)
  }

  /// To an update that was pointed at. Where it is the one that is shown, or aimed at, nothing happens.
  mutating func scrub(toUpdate update: Int) -> [Effect] {
    guard let recorded = training.recorded else { return [] }
    let place = training.travel?.journey?.update ?? training.batchesDone
    let isThere = recorded.clamped(update) == place && training.state != .running
    return isThere ? [] : travel(.to(recorded.clamped(update)))
  }
}
