import SpideConfiguration
import SpideEngine
import SpideExperiment

extension Model {
  /// Takes in one message and returns what shall be done outside. The only way in which the model changes.
  public mutating func update(_ message: Message) -> [Effect] {
    if case .input(let event) = message, let effects = hold(event) { return effects }
    let (isAnswer, canBeGivenUp) = message.answersWaiting
    if canBeGivenUp, givenUp > 0 {
      givenUp -= 1
      return []
    }
    if isAnswer { waiting = nil }
    keepInLog(message)
    var effects = take(message)
    wait(for: effects)
    guard !holdsInput else { return effects }
    waitsForUpdate = false
    let events = typedAhead
    typedAhead = []
    for event in events { effects += update(.input(event)) }
    return effects
  }

  private mutating func take(_ message: Message) -> [Effect] {
    var effects: [Effect]
    var before = dynamics
    let presetBefore = preset
    switch message {
    case .input(let event):
      effects = handle(event)
    case .interrupt:
      effects = interrupt()
    case .tick:
      effects = isPlaying ? play() : []
    case .training(let report):
      effects = take(report)
      before = dynamics
    case .opened(.success(let setup)):
      effects = change(.open(setup))
    case .opened(.failure(let failure)), .loaded(.failure(let failure)),
      .wrote(_, .failure(let failure)):
      effects = []
      note = Note(text: failure.line, isError: true)
    case .presets(let entries):
      effects = []
      take(entries)
    case .folder(let listing):
      effects = take(listing)
    case .dataFolder(let folder):
      effects = take(folder)
    case .loaded(.success(let weights)):
      effects = change(.load(weights))
    case .wrote(let order, .success(let paths)):
      effects = []
      noteSaved(order)
      note = Note(text: "wrote " + paths.joined(separator: " and "), mustBeRead: true)
    case .occupied(let order, let files):
      effects = attempt(.overwrite(order, files: files))
    case .compared(let answer):
      effects = []
      comparisons.take(answer)
    case .inspection(let news):
      effects = []
      inspections.take(news)
    case .accounted(let news):
      effects = []
      updates.take(news)
    case .simulated(let answer):
      effects = []
      take(answer)
    case .evaluated(let answer):
      effects = []
      take(answer)
    case .found(let answer):
      effects = []
      take(answer)
    case .runNews(let news):
      effects = []
      take(news)
    case .sweep(let read):
      effects = []
      take(read)
    case .played(let end):
      effects = []
      note = Note(text: end)
    }
    // A training that runs goes on with the constants that the screen shows.
    if dynamics != before, training.state == .running, training.follows {
      use(before)
      preset = presetBefore
      note = Note(
        text: "training follows what is recorded, with the constants of then: t pauses it first",
        isError: true)
    } else if dynamics != before, training.state == .running {
      effects.append(changeTraining())
    }
    endImpossibleTwin()
    effects +=
      orderSimulation(isUrgent: !message.isNews) + orderComparison() + orderEvaluation()
      + orderInspection() + orderFollowing() + orderUpdate()
    noteUnreadableSamples()
    return effects
  }

  // MARK: Changes

  /// One tick of play: as many steps as the speed asks for.
  private mutating func play() -> [Effect] {
    // No step is asked for before the last one has been computed.
    guard !isComputing else { return [] }
    var effects: [Effect] = []
    for _ in 0..<speed.steps(carrying: &stepsDue, parts: tickParts) where isPlaying {
      effects += step(by: 1)
    }
    return effects
  }

  /// Goes on with another preset, in the current run; what belongs to the person and not to the experiment stays.
  mutating func open(_ setup: Setup) {
    var fresh = Model(setup, screens: screens, width: width, height: height, glyphs: glyphs)
    fresh.screenIndex = screenIndex
    fresh.score = score
    fresh.showsResetMean = showsResetMean
    fresh.focus = focus
    fresh.isZoomed = isZoomed
    fresh.speed = speed
    fresh.pace = pace
    fresh.basis = basis
    fresh.ledgerSubject = ledgerSubject
    fresh.breakpoints = breakpoints
    fresh.breakpoints.remove { !$0.condition.isOfTraining }
    fresh.energyConstants = energyConstants
    fresh.updates.view = updates.view
    fresh.sweep = sweep
    fresh.history = history
    fresh.typedAhead = typedAhead
    fresh.log = log
    fresh.presets = presets
    fresh.presetFiles = presetFiles + fresh.presetFiles.filter { !presetFiles.contains($0) }
    fresh.dataFolder = dataFolder
    fresh.home = home
    fresh.runs = runs
    fresh.training.run = runs.current
    fresh.inspections = inspections
    fresh.inspections.discard()
    fresh.comparisons = comparisons
    fresh.comparisons.discard()
    fresh.goal.opening = goal.opening + 1
    fresh.ordered = fresh.goal
    fresh.computed.goal = fresh.goal
    fresh.twins = twins
    fresh.goal.twin = goal.twin
    fresh.note = Note(text: "\(setup.preset.name): \(setup.preset.summary)")
    self = fresh
  }

  /// Changes one preset key: constants at once, anything else by opening the preset anew.
  mutating func set(_ assignment: String) throws(CommandError) -> [Effect] {
    do throws(ConfigurationError) {
      let changed = try preset.setting([assignment])
      if changed.network == preset.network, changed.data == preset.data,
        changed.training == preset.training, changed.dynamics.lossScale == preset.dynamics.lossScale
      {
        let constants = try constants(
          dynamics, with: changed.dynamics, for: Preset.key(of: assignment), typed: assignment)
        preset = changed
        use(constants)
        note = Note(text: "\(assignment)")
        return []
      }
      return [.openText(changed, RunRequest(difference: ForkSettings.words(assignment)))]
    } catch {
      throw CommandError(error.description(typing: assignment))
    }
  }

  /// Whether the stages have one leak: the preset gives none for the backward stage, and nobody has set them apart.
  var sharesLeak: Bool {
    !preset.givesBackwardLeak && dynamics.forward.leak == dynamics.backward.leak
  }

  /// Some constants with the one that a key names taken from `changed`, so that what `r` and `+` did stays.
  func constants(
    _ constants: Dynamics, with changed: Dynamics, for key: String, typed assignment: String
  ) throws(ConfigurationError) -> Dynamics {
    let result = constants.taking(key, from: changed, sharesLeak: sharesLeak)
    guard result.isInRange else {
      // A reset that was set to a number stays one.
      let neuron = key.hasPrefix("backward") ? result.backward : result.forward
      throw ConfigurationError(
        file: "--set " + assignment, line: 1, column: key.count + 2,
        problem: "the reset at \(Words.reset(neuron)) would not be below the threshold",
        expected: "a threshold above it, or another reset first")
    }
    return result
  }

  /// What is in a file is not lost with its run.
  private mutating func noteSaved(_ order: WriteOrder) {
    guard let (run, batches) = order.saved else { return }
    changeState(of: run) { state in
      state.training.batchesSaved = max(state.training.batchesSaved, batches)
    }
    if case .run(_, _, let path, _, _, _) = order { runs[run]?.folder = path }
  }

  /// Says once that a sample could not be read. Training has stopped by itself then.
  private mutating func noteUnreadableSamples() {
    guard let failure = data.failure, failure != unreadable else { return }
    unreadable = failure
    note = Note(text: failure.description, isError: true)
  }
}

extension Message {
  /// Whether it comes of itself, and nobody waits for what it brings.
  fileprivate var isNews: Bool {
    switch self {
    case .training, .presets, .folder, .compared, .evaluated, .simulated, .inspection,
      .accounted, .runNews:
      return true
    case .input, .tick, .interrupt, .opened, .dataFolder, .loaded, .wrote, .occupied, .found,
      .sweep, .played:
      return false
    }
  }
}
