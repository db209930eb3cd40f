import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// What makes another run the current one.
enum RunChange: Sendable {
  /// A preset that was opened begins one.
  case open(Model.Setup)
  /// Weights from a file do.
  case load(LoadedWeights)
  /// One begins where the current one stands.
  case fork(Model.ForkPlan)
  /// To one that is open.
  case enter(Int)
}

/// A change of the current run that waits: for a training that runs to stand, then, where it is a fork, for the training
/// thread to have made it. What is typed meanwhile is meant for the run to come.
struct PendingRunChange: Sendable {
  /// What is done once the training stands; nil while the fork is being made.
  var change: RunChange?
  /// What was typed, clicked and pasted.
  var held: [InputEvent] = []
}

extension Model {
  /// How a run is begun that a preset is opened for.
  public struct RunRequest: Sendable {
    var name: String?
    /// What differs from the current run, where it is another version of that.
    var difference: String?
    /// Constants to go on with in place of the preset's.
    var dynamics: Dynamics?
    /// The folder that it comes from.
    var folder: String?
    /// What is said of it.
    var note: String?
    var seed: UInt64?

    package init(
      name: String? = nil, difference: String? = nil, dynamics: Dynamics? = nil,
      folder: String? = nil, note: String? = nil, seed: UInt64? = nil
    ) {
      self.name = name
      self.difference = difference
      self.dynamics = dynamics
      self.folder = folder
      self.note = note
      self.seed = seed
    }
  }

  /// What a run is forked with.
  struct ForkPlan: Sendable {
    var name: String?
    /// The preset, with what is another.
    var preset: Preset
    var dynamics: Dynamics
    /// Keys of the preset that are no constants, as they were typed.
    var keys: [String]
  }

  /// Goes over to another run. A training that runs is paused first, at the batch in hand: one trains at a time, and a
  /// played session has to know what each has done.
  mutating func change(_ change: RunChange) -> [Effect] {
    isPlaying = false
    switch training.state {
    case .running:
      training.state = .pausing
      log.mark(.pause)
      runs.pending = PendingRunChange(change: change)
      return [.training(.pause)]
    case .pausing, .updating:
      runs.pending = PendingRunChange(change: change)
      return []
    case .idle, .paused, .diverged: return carryOut(change)
    }
  }

  /// The training stands: what had to wait for that is done.
  mutating func changeRun() -> [Effect]? {
    guard let change = runs.pending?.change else { return nil }
    let paused = runs.currentRun?.name ?? ""
    runs.pending?.change = nil
    let effects = carryOut(change)
    // A fork is still to be made.
    if !effects.contains(where: \.isFork) { runs.pending = nil }
    if let said = note, !said.isError, !said.mustBeRead {
      note = Note(text: "\(said.text); \(paused) is paused at its batch")
    }
    return effects
  }

  private mutating func carryOut(_ change: RunChange) -> [Effect] {
    switch change {
    case .open(let setup): return begin(setup)
    case .load(let weights): return begin(weights)
    case .fork(let plan): return fork(plan)
    case .enter(let id): return enter(id)
    }
  }

  // MARK: Beginning one

  /// Whether nothing would be lost with the current run: nothing was trained, and no curves were read.
  var isBlank: Bool {
    training.state == .idle && training.recorded == nil && training.epochsDone == 0
      && training.batchesDone == 0 && runs.currentRun?.folder == nil
      && runs.currentRun?.origin == nil
  }

  /// What is given up when a run is left; a test of its weights is made when it is come back to.
  mutating func leaveRun() -> [Effect] {
    isPlaying = false
    stepsDue = 0
    inspections.discard()
    comparisons.discard()
    guard training.loadedTest == .due || training.loadedTest == .running else { return [] }
    training.loadedTest = .due
    return [.stopEvaluating]
  }

  /// Keeps the current run as it is.
  mutating func keepRun() {
    let (id, state) = (runs.current, runState)
    runs[id]?.kept = state
  }

  /// Begins a run with a preset. One in which nothing was done gives way to it.
  private mutating func begin(_ setup: Setup, replaces mayReplace: Bool = true) -> [Effect] {
    let effects = leaveRun()
    let request = setup.request
    let current = runs.currentRun
    let isVersion = request.difference != nil
    let replaces = mayReplace && isBlank
    if !replaces {
      keepRun()
      if isVersion { runs[runs.current]?.isOverlaid = true }
    }
    var setup = setup
    if let shared = samples(like: setup.preset) { setup.data = shared }
    runs.begin(
      Runs.Beginning(
        name: request.name, base: isVersion ? current?.base ?? setup.preset.name : setup.runBase,
        origin: replaces || !isVersion
          ? nil : current.map { Run.Origin(id: $0.id, name: $0.name, update: nil) },
        difference: request.difference ?? "", isOverlaid: (isVersion && !replaces),
        folder: request.folder, dataFolder: dataFolder), replacing: replaces)
    open(setup)
    if let constants = request.dynamics { use(constants) }
    if let text = request.note { note = Note(text: text) }
    return effects
  }

  /// Begins more runs beside the first, to be compared with it; that stays the current one.
  mutating func begin(with more: [Setup]) {
    guard !more.isEmpty else { return }
    let first = runs.current
    for setup in more {
      _ = begin(setup, replaces: false)
      runs[runs.current]?.isOverlaid = true
    }
    runs[first]?.isOverlaid = true
    _ = enter(first)
    log = SessionLog(folders: runs.list.compactMap(\.folder))
  }

  /// The samples of an open run that a preset has too, so that they are held once.
  private func samples(like preset: Preset) -> DataSplit? {
    let isSame = { (run: Run, other: Preset) in
      run.dataFolder == self.dataFolder && other.data == preset.data
        && other.data.source?.variesInTime != true
    }
    for run in runs.list {
      if let kept = run.kept, isSame(run, kept.preset) { return kept.data }
      if run.id == runs.current, isSame(run, self.preset) { return data }
    }
    return nil
  }

  /// Begins a run with weights from a file; its test follows.
  private mutating func begin(_ weights: LoadedWeights) -> [Effect] {
    let effects = leaveRun()
    let replaces = isBlank
    if !replaces { keepRun() }
    runs.begin(
      Runs.Beginning(base: weights.runName, dataFolder: dataFolder), replacing: replaces)
    load(weights)
    return effects
  }

  // MARK: Forking

  /// Begins a run where the current one stands, with constants that may be others. The current one stays as it is: changes
  /// that it was not trained with belong to the fork.
  private mutating func fork(_ plan: ForkPlan) -> [Effect] {
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
  private mutating func enter(_ id: Int) -> [Effect] {
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

  // MARK: Closing

  /// Forgets a run, whatever has come of it.
  mutating func close(_ id: Int) -> [Effect] {
    guard let run = runs[id], runs.list.count > 1 else { return [] }
    var effects: [Effect] = []
    if id == runs.current, let next = runs.successor(of: id) { effects = enter(next.id) }
    runs.remove(id)
    note = Note(text: "\(run.name) is closed")
    return effects + [.training(.discard(run: id))]
  }
}

extension Model.Setup {
  /// What its run is named after.
  var runBase: String {
    request.folder.map(Runs.name(ofFile:)) ?? preset.name
  }
}

extension LoadedWeights {
  /// What a run is named after that begins with them: the file, or its folder where that has its checkpoints.
  var runName: String { Runs.name(ofFile: path) }
}

extension Runs {
  /// The name of a file or folder as a run's: that of the folder for the checkpoints in it.
  static func name(ofFile path: String) -> String {
    let parts = path.split(separator: "/").map(String.init)
    var name = parts.last ?? path
    if name.hasPrefix("batch-") || name == "best.safetensors", parts.count > 1 {
      name = parts[parts.count - 2]
    }
    if name.hasSuffix(".safetensors") { name.removeLast(".safetensors".count) }
    let plain = String(name.map { $0 == " " || $0 == "=" ? "-" : $0 })
    return plain.isEmpty || plain == "." || plain == ".." ? "run" : plain
  }
}

extension Effect {
  fileprivate var isFork: Bool {
    if case .training(.fork) = self { return true }
    return false
  }
}
