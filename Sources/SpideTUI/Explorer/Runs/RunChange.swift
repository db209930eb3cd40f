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
/// thread to have made it.
struct PendingRunChange: Sendable {
  /// What is done once the training stands; nil while the fork is being made.
  var change: RunChange?
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
