import SpideEngine
import SpideExperiment

/// Forking, switching and closing runs, once no training runs that would have to be paused.
extension Model {
  // MARK: Forking

  /// Begins a run where the current one stands, with constants that may be others. The current one stays as it is: changes
  /// that it was not trained with belong to the fork.
  mutating func fork(_ plan: ForkPlan) -> [Effect] {
    if case .diverged = training.state {
      note = Note(
        text: "this run has diverged: { goes back to an update that can be forked", isError: true)
      return []
    }
    let effects = leaveRun()
    let parent = runs.currentRun
    let update = training.batchesDone
    var whole = runState
    let before = training.dynamics ?? dynamics
    if before != dynamics { whole = self.with(before).runState }
    runs[runs.current]?.isOverlaid = true
    runs[runs.current]?.kept = whole
    let differences = [Words.difference(before, plan.dynamics)] + plan.keys
    let id = runs.begin(
      Runs.Beginning(
        name: plan.name, base: parent?.base ?? preset.name,
        origin: parent.map { Run.Origin(id: $0.id, name: $0.name, update: update) },
        difference: differences.filter { !$0.isEmpty }.joined(separator: ", "), isOverlaid: true,
        dataFolder: dataFolder))
    let isTrained = training.recorded != nil
    training.fork(as: id)
    preset = plan.preset
    use(plan.dynamics)
    let name = runs.currentRun?.name ?? ""
    note = Note(text: "\(name) goes on from update \(update) of \(parent?.name ?? ""): t trains")
    guard isTrained, let parent else { return effects }
    if runs.pending == nil { runs.pending = PendingRunChange() }
    return effects + [.training(.fork(from: parent.id, trainingStart))]
  }

  /// The same with other constants.
  private func with(_ dynamics: Dynamics) -> Model {
    var model = self
    model.use(dynamics)
    return model
  }

  /// The training thread has forked the run.
  mutating func takeFork(_ report: TrainingReport) {
    runs.pending = nil
    training.add(report)
  }

  // MARK: Switching

  /// Goes to another run. Where it has the same network and samples, what is looked at stays.
  mutating func enter(_ id: Int) -> [Effect] {
    guard id != runs.current, runs[id] != nil else { return [] }
    let effects = leaveRun()
    let (former, moment, opening) = (runState, timeline.moment(at: goal.position), goal.opening)
    keepRun()
    guard let state = runs.enter(id) else { return effects }
    runState = state
    goal.opening = opening + 1
    computed.goal.opening = goal.opening
    // Nothing has been ordered of it.
    ordered = goal
    ordered.opening = -1
    if preset.network == former.preset.network {
      goal.unit = former.goal.unit
      if preset.data == former.preset.data, former.sample.part == .test, former.mode == .inspect {
        mode = .inspect
        if sample != former.sample { show(former.sample) }
        move(to: timeline.position(nearest: moment))
      }
    } else {
      rasters = RasterView()
      breakpoints.remove { !$0.condition.isOfTraining }
    }
    note = Note(text: summary(of: id))
    return effects
  }

  /// `digits-2: update 40, best test 91.2 %, from digits at 20, reset 0/−Vth`
  func summary(of id: Int) -> String {
    guard let run = runs[id], let state = state(of: run) else { return "" }
    var words = ["update \(Words.count(state.training.batchesDone))"]
    if let best = state.training.bestAccuracy {
      words.append("best test \(NumberText.percent(best))")
    }
    if let origin = run.origin { words.append("from \(origin.text)") }
    if !run.difference.isEmpty { words.append(run.difference) }
    return "\(run.name): " + words.joined(separator: ", ")
  }

  /// What belongs to a run, the current one or another.
  func state(of run: Run) -> RunState? { run.id == runs.current ? runState : run.kept }

  /// Changes what belongs to a run, the current one or another.
  mutating func changeState(of id: Int, _ change: (inout RunState) -> Void) {
    guard var state = runs[id].flatMap(state) else { return }
    change(&state)
    if id == runs.current { runState = state } else { runs[id]?.kept = state }
  }

  // MARK: Closing

  /// Forgets a run, whatever has come of it.
  mutating func close(_ id: Int) -> [Effect] {
    guard let run = runs[id], runs.list.count > 1 else { return [] }
    var effects: [Effect] = []
    if id == runs.current, let next = runs.successor(of: id) { effects = enter(next.id) }
    runs.remove(id)
    note = Note(text: "\(run.name) is closed")
    effects.append(.training(.discard(run: id)))
    if breakpoints.list.contains(where: { $0.condition.reference?.id == id }) {
      breakpoints.remove { $0.condition.reference?.id == id }
      note = Note(text: "\(run.name) is closed, and breakpoints about it are gone")
      if training.state == .running { effects.append(changeTraining()) }
    }
    return effects
  }
}
