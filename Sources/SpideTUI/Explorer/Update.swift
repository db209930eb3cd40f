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
    let held = isAnswer ? waiting?.held ?? [] : []
    if isAnswer { waiting = nil }
    keepInLog(message)
    var effects = take(message)
    wait(for: effects)
    for event in held { effects += update(.input(event)) }
    return effects
  }

  private mutating func take(_ message: Message) -> [Effect] {
    var effects: [Effect]
    let before = dynamics
    switch message {
    case .input(let event):
      effects = handle(event)
    case .interrupt:
      effects = interrupt()
    case .tick:
      effects = isPlaying ? play() : []
    case .training(let report):
      effects = []
      take(report)
    case .opened(.success(let setup)):
      effects = attempt(.open(setup))
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
      effects = attempt(.load(weights))
    case .wrote(let order, .success(let paths)):
      effects = []
      if case .weights(_, _, _, _, training.run, let batches) = order {
        training.batchesSaved = batches
      }
      note = Note(text: "wrote " + paths.joined(separator: " and "), mustBeRead: true)
    case .occupied(let order, let files):
      effects = attempt(.overwrite(order, files: files))
    case .compared(let answer):
      effects = []
      comparisons.take(answer)
    case .simulated(let answer):
      effects = []
      take(answer)
    case .evaluated(let answer):
      effects = []
      take(answer)
    case .found(let answer):
      effects = []
      take(answer)
    case .played(let end):
      effects = []
      note = Note(text: end)
    }
    // A training that runs goes on with the constants that the screen shows.
    if dynamics != before, training.state == .running {
      effects.append(.training(.use(trainingStart)))
    }
    effects +=
      orderSimulation(isUrgent: !message.isNews) + orderComparison() + orderEvaluation()
    noteUnreadableSamples()
    return effects
  }

  // MARK: Time

  /// One tick of play: as many steps as the speed asks for.
  private mutating func play() -> [Effect] {
    // Time does not run away from what can be computed.
    guard !isComputing else { return [] }
    var effects: [Effect] = []
    for _ in 0..<speed.steps(carrying: &stepsDue, parts: tickParts) where isPlaying {
      effects += step(by: 1)
    }
    return effects
  }

  /// Moves the cursor; past `update`, training by hand moves the weights.
  mutating func step(by steps: Int) -> [Effect] {
    let target = goal.position + steps
    guard target > timeline.end else {
      move(to: target)
      return []
    }
    switch (mode, training.state) {
    case (.train, .paused) where unreadable == nil:
      training.state = .updating
      return [.training(.batches(1, trainingStart))]
    case (.train, .diverged(let divergence)):
      isPlaying = false
      note = diverged(divergence)
      return []
    case (.train, .updating), (.train, .pausing):
      // Playing goes on with the first sample of the next batch.
      return []
    case (.train, _):
      isPlaying = false
      return []
    case (.inspect, _):
      isPlaying = false
      note = Note(text: "end of the sample: > takes the next, F starts again, t trains")
      return []
    }
  }

  /// To the beginning of the next or the previous stage.
  mutating func moveStage(_ direction: Int) -> [Effect] {
    let timeline = timeline
    let stops = [
      0, timeline.position(of: .readout), timeline.position(of: .backward(1)), timeline.end,
    ]
    if direction > 0 {
      guard let next = stops.first(where: { $0 > goal.position }) else { return step(by: 1) }
      move(to: next)
    } else {
      move(to: stops.last { $0 < goal.position } ?? 0)
    }
    return []
  }

  // MARK: Samples, constants, weights

  /// Shows another sample from its start.
  mutating func show(_ reference: SampleReference, at position: Int = 0) {
    sample = reference
    goal.sample += 1
    move(to: position)
  }

  /// The next or previous sample: of the test set, or of the batch while training by hand.
  mutating func moveSample(_ direction: Int) {
    if mode == .train, !training.nextBatch.isEmpty {
      let batch = training.nextBatch
      let place = batch.firstIndex(of: sample.index) ?? 0
      let next = (place + direction + batch.count) % batch.count
      show(SampleReference(part: .train, index: batch[next]))
      note = Note(text: "sample \(next + 1) of the batch of \(batch.count)")
      return
    }
    let count = source.count
    show(SampleReference(part: sample.part, index: (sample.index + direction + count) % count))
  }

  /// Runs the sample under other constants, to the same moment.
  mutating func use(_ changed: Dynamics) {
    guard changed != dynamics else { return }
    if changed.forwardSteps != dynamics.forwardSteps, preset.data.source?.variesInTime == true {
      data = data.with(forwardSteps: changed.forwardSteps)
      goal.sample += 1
    }
    let moment = timeline.moment(at: goal.position)
    dynamics = changed
    move(to: timeline.position(nearest: moment))
    goal.network += 1
  }

  mutating func load(_ weights: LoadedWeights) {
    parameters = weights.parameters
    weightsOrigin = weights.name
    training = TrainingProgress(run: training.run + 1, checkpoint: weights.checkpoint)
    training.loadedTest = .due
    seed = weights.checkpoint?.state.seed ?? seed
    mode = .inspect
    // A training goes on with the constants that it was left with.
    use(weights.checkpoint?.state.dynamics ?? dynamics)
    goal.network += 1
    loadedFile = weights.file
    loadedSummary = weights.summary
    note = Note(text: "\(weights.summary); testing \(glyphs.ellipsis)", mustBeRead: true)
  }

  mutating func open(_ setup: Setup) {
    var fresh = Model(setup, screens: screens, width: width, height: height, glyphs: glyphs)
    fresh.screenIndex = screenIndex
    fresh.score = score
    fresh.showsResetMean = showsResetMean
    fresh.focus = focus
    fresh.isZoomed = isZoomed
    fresh.speed = speed
    fresh.basis = basis
    fresh.history = history
    fresh.log = log
    fresh.presets = presets
    fresh.presetFiles = presetFiles + fresh.presetFiles.filter { !presetFiles.contains($0) }
    fresh.dataFolder = dataFolder
    fresh.home = home
    fresh.training.run = training.run + 1
    fresh.comparisons = comparisons
    fresh.comparisons.discard()
    fresh.goal.opening = goal.opening + 1
    fresh.ordered = fresh.goal
    fresh.computed.goal = fresh.goal
    fresh.note = Note(text: "\(setup.preset.name): \(setup.preset.summary)")
    self = fresh
  }

  /// Changes one preset key: constants at once, anything else by opening the preset anew.
  mutating func set(_ assignment: String) throws(CommandError) -> [Effect] {
    let key = assignment.prefix { $0 != "=" }.trimmingSpaces
    let kept = preset.overrides.filter { $0.prefix { $0 != "=" }.trimmingSpaces != key }
    do throws(ConfigurationError) {
      let changed = try preset.with(overrides: kept + [assignment])
      if changed.network == preset.network, changed.data == preset.data,
        changed.training == preset.training, changed.dynamics.lossScale == preset.dynamics.lossScale
      {
        preset = changed
        use(dynamics(with: changed.dynamics, for: String(key)))
        note = Note(text: "\(assignment)")
        return []
      }
      return [.openText(changed)]
    } catch {
      throw CommandError(error.description(typing: assignment))
    }
  }

  /// Whether the stages have one leak: the preset gives none for the backward stage, and nobody has set them apart.
  var sharesLeak: Bool {
    !preset.givesBackwardLeak && dynamics.forward.leak == dynamics.backward.leak
  }

  /// The constants in use with the one that a key names taken from `changed`, so that what `r` and `+` did stays.
  private func dynamics(with changed: Dynamics, for key: String) -> Dynamics {
    var result = dynamics
    switch key {
    case "neuron.threshold": result.forward.threshold = changed.forward.threshold
    case "neuron.reset": result.forward.reset = changed.forward.reset
    case "neuron.leak":
      result.forward.leak = changed.forward.leak
      if sharesLeak { result.backward.leak = changed.forward.leak }
    case "backward.threshold": result.backward.threshold = changed.backward.threshold
    case "backward.leak": result.backward.leak = changed.backward.leak
    case "backward.reset": result.backward.reset = changed.backward.reset
    case "steps.forward": result.forwardSteps = changed.forwardSteps
    case "steps.backward": result.backwardSteps = changed.backwardSteps
    default: result = changed
    }
    return result
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
    case .training, .presets, .folder, .compared, .evaluated, .simulated: return true
    case .input, .tick, .interrupt, .opened, .dataFolder, .loaded, .wrote, .occupied, .found,
      .played:
      return false
    }
  }
}
