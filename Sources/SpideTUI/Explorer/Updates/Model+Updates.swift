import SpideData
import SpideEngine
import SpideExperiment

extension Model {
  // MARK: What is shown

  /// The update that panels are about: the last one that was made or, after a visit to one of its samples, the one that comes
  /// next. Nil where nothing is recorded before it.
  var shownUpdate: Int? {
    guard let recorded = training.recorded else { return nil }
    let update = updates.pinned ?? training.batchesShown
    return update > recorded.first && update <= recorded.last ? update : nil
  }

  /// The same as what questions are asked about.
  var updateSubject: UpdateSubject? { shownUpdate.map { updateSubject(of: $0) } }

  func updateSubject(of update: Int) -> UpdateSubject {
    UpdateSubject(
      opening: goal.opening, run: training.run, way: training.ways, update: update)
  }

  /// Whether training stands, so that what it did can be asked about.
  var trainingStands: Bool {
    guard training.travel == nil else { return false }
    switch training.state {
    case .paused, .diverged: return true
    case .idle, .running, .pausing, .updating: return false
    }
  }

  /// What the update did; while training goes on, what the last one did that was told of.
  package var updateAccount: UpdateAccount? {
    if trainingStands {
      guard case .account(let account) = updates.answer(.whole, updateSubject) else { return nil }
      return account
    }
    guard let subject = updates.subject, subject.opening == goal.opening,
      subject.run == training.run, training.state != .idle
    else { return nil }
    return updates.lastAccount
  }

  /// The weights that moved most: of all, or of the selected parameter.
  var movers: [MovedWeight] {
    guard let account = updateAccount else { return [] }
    return updates.isOfParameter
      ? account.parameters[selectedParameter].largest : account.whole.largest
  }

  /// The weight that is looked into.
  var synapse: WeightIndex? { updates.chosen ?? movers.first?.weight }

  /// Why it moved.
  package var weightAccount: WeightAccount? {
    guard trainingStands, let synapse,
      case .weight(let account) = updates.answer(.weight(synapse), updateSubject)
    else { return nil }
    return account
  }

  /// The rank of the sample that is selected among those that pushed it.
  var selectedPush: Int {
    min(updates.selectedPush, max(0, (weightAccount?.pushes.count ?? 0) - 1))
  }

  /// The spikes at both ends of it, for that sample.
  package var synapseSpikes: SynapseSpikes? {
    guard let synapse,
      case .spikes(let spikes) = updates.answer(
        .spikes(synapse, rank: selectedPush), updateSubject)
    else { return nil }
    return spikes
  }

  /// The numbers of the selected parameter as the map shows them.
  var weightMap: WeightMap? {
    guard let account = updateAccount else { return nil }
    let (parameter, view) = (selectedParameter, updates.view)
    if plan.parameters[parameter].count <= WeightMap.smallest {
      return WeightMap(account, parameter: parameter, view)
    }
    guard trainingStands,
      case .map(let map) = updates.answer(.map(parameter: parameter, view), updateSubject)
    else { return nil }
    return map
  }

  /// What stands where nothing is known yet.
  var updateHint: String {
    switch training.state {
    case .idle: return "t trains; then its last update is shown here"
    case .running where updateAccount != nil: return "t pauses: then it is looked into"
    case .running, .pausing, .updating: return "the next update is on its way"
    case .paused, .diverged: break
    }
    guard let shownUpdate else {
      let first = training.recorded?.first ?? training.batchesShown
      return "nothing is recorded before update \(first): } or t goes on to the next"
    }
    for question in updateQuestions {
      if case .failure(let words) = updates.answer(question, updateSubject) { return words }
    }
    let (done, all) = updates.progress
    let part = all > 1 ? ", \(done) of \(all) batches" : ""
    return "computing update \(shownUpdate) \(glyphs.ellipsis)\(part)"
  }

  // MARK: Asking

  /// Whether something on screen follows the updates of a training that runs.
  var followsUpdates: Bool { panelsInSight.contains { $0.followsUpdates } }

  /// What the panels on screen ask, in the order in which it is answered.
  private var updateQuestions: [UpdateQuestion] {
    panelsInSight.flatMap { $0.updateQuestions(self) }
  }

  /// Orders what is missing on screen about the update, and gives up what nothing on screen asks any more.
  mutating func orderUpdate() -> [Effect] {
    var effects: [Effect] = []
    if training.state == .running, updates.isTold != followsUpdates {
      updates.isTold = followsUpdates
      effects.append(.training(.use(trainingStart)))
    }
    guard trainingStands, let subject = updateSubject,
      let question = updateQuestions.first(where: { updates.answer($0, subject) == nil }),
      let work = work(question, subject)
    else { return effects + (updates.stop() ? [.stopAccounting] : []) }
    guard updates.begin(question, subject) else { return effects }
    return effects + [
      .account(
        UpdateOrder(subject: subject, question: question, work: work, preset: preset, data: data))
    ]
  }

  /// What the answer to a question takes; nil where something else has to be known before.
  private func work(_ question: UpdateQuestion, _ subject: UpdateSubject) -> UpdateWork? {
    if question == .whole {
      return training.recording.map { .replay($0, update: subject.update) }
    }
    guard let account = updateAccount else { return nil }
    switch question {
    case .whole: return nil
    case .map(let parameter, let view): return .map(account, parameter: parameter, view)
    case .weight(let weight): return .weight(weight, account.update)
    case .spikes(let weight, let rank):
      guard let pushes = weightAccount?.pushes, pushes.indices.contains(rank),
        pushes[rank].strongest != nil
      else { return nil }
      return .spikes(weight, pushes[rank], account.update)
    }
  }

  // MARK: Going to a sample

  /// Goes to the sample of a rank among those that pushed the weight, with the network as it was before the update.
  mutating func visitPush(_ rank: Int) throws(CommandError) -> [Effect] {
    guard let account = weightAccount, let synapse else {
      throw CommandError(
        "no synapse of an update is shown; :synapse names one, once training stands")
    }
    guard account.pushes.indices.contains(rank) else {
      throw CommandError("no sample \(rank + 1); the batch has \(account.pushes.count)")
    }
    updates.selectedPush = rank
    let push = account.pushes[rank]
    let ends = SynapseSpikes.layers(plan.link(ofParameter: synapse.parameter), plan)
    var unit: UnitID?
    if let layer = ends.target {
      unit = push.strongest.map { UnitID(layer: layer, unit: $0.target) }
    } else if let layer = ends.source {
      unit = push.strongest?.source.map { UnitID(layer: layer, unit: $0) }
    }
    let visit = SampleVisit(update: account.update, sample: push.sample, unit: unit)
    return travel(.to(account.update - 1), visit: visit)
  }

  /// Shows a sample of the batch that comes next, at its end.
  mutating func arrive(at visit: SampleVisit) {
    mode = .train
    show(trainingSample(visit.sample), at: timeline.end)
    if let unit = visit.unit { goal.unit = unit }
    updates.pinned = visit.update
    bring(ScorePanel.shown)
    let dropsOut = plan.allLinks.contains { (plan.link($0)?.dropout ?? 0) > 0 }
    let asShown = dropsOut ? ", without dropout" : ""
    note = Note(
      text:
        "train #\(visit.sample) before update \(visit.update)\(asShown); } goes to it, 7 tells of it"
    )
  }
}

/// A sample that is gone to because of what it pushed in an update.
struct SampleVisit: Hashable, Sendable {
  /// The update; training stands one before it there.
  let update: Int
  let sample: Int
  /// The neuron to select.
  let unit: UnitID?
}
