import SpideConfiguration
import SpideEngine

extension Model {
  /// Takes in one message and returns what shall be done outside. The only way in which the model changes.
  public mutating func update(_ message: Message) -> [Effect] {
    var effects: [Effect]
    let before = dynamics
    switch message {
    case .input(let event):
      effects = handle(event)
    case .interrupt:
      effects = [.quit]
    case .tick:
      effects = isPlaying ? play() : []
    case .training(let report):
      effects = []
      take(report)
    case .opened(.success(let setup)):
      effects = [.training(.discard)]
      open(setup)
    case .opened(.failure(let failure)), .loaded(.failure(let failure)),
      .wrote(.failure(let failure)):
      effects = []
      note = Note(text: failure.line, isError: true)
    case .presets(let entries):
      effects = []
      showPresets(entries)
    case .loaded(.success(let weights)):
      effects = [.training(.discard)]
      load(weights)
    case .wrote(.success(let paths)):
      effects = []
      note = Note(text: "wrote " + paths.joined(separator: " and "))
    case .compared(let answer):
      effects = []
      comparisons.take(answer)
    }
    // A training that runs goes on with the constants that the screen shows.
    if dynamics != before, training.state == .running {
      effects.append(.training(.run(trainingStart)))
    }
    effects += orderComparison()
    noteUnreadableSamples()
    return effects
  }

  // MARK: Time

  /// One tick of play: as many steps as the speed asks for.
  private mutating func play() -> [Effect] {
    var effects: [Effect] = []
    for _ in 0..<max(1, speed / 30) where isPlaying { effects += step(by: 1) }
    return effects
  }

  /// Moves the cursor; past `update`, training by hand moves the weights.
  mutating func step(by steps: Int) -> [Effect] {
    let target = session.position + steps
    guard target > session.end else {
      session.move(to: target)
      return []
    }
    switch (mode, training.state) {
    case (.train, .paused) where unreadable == nil:
      training.state = .updating
      return [.training(.oneBatch(trainingStart))]
    case (.train, _):
      return []
    case (.inspect, _):
      isPlaying = false
      note = Note(text: "end of the sample: > takes the next, F starts again, t trains")
      return []
    }
  }

  /// To the beginning of the next or the previous stage.
  mutating func moveStage(_ direction: Int) -> [Effect] {
    let timeline = session.timeline
    let stops = [
      0, timeline.position(of: .readout), timeline.position(of: .backward(1)), timeline.end,
    ]
    if direction > 0 {
      guard let next = stops.first(where: { $0 > session.position && $0 <= session.end }) else {
        return step(by: 1)
      }
      session.move(to: next)
    } else {
      session.move(to: stops.last { $0 < session.position } ?? 0)
    }
    return []
  }

  // MARK: Samples, constants, weights

  /// Shows another sample from its start.
  mutating func show(_ reference: SampleReference, at position: Int = 0) {
    sample = reference
    session = Model.session(
      data, reference, session.network, batch: session.batch, watching: session.watched)
    session.move(to: position)
    comparisons.revision += 1
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
    let needsFrames =
      changed.forwardSteps != dynamics.forwardSteps && preset.data.source?.variesInTime == true
    dynamics = changed
    if needsFrames { data = data.with(forwardSteps: changed.forwardSteps) }
    repack(input: needsFrames ? source.signal(sample.index) : nil)
  }

  /// Runs the sample again with the weights and constants as they stand.
  private mutating func repack(input: InputSignal? = nil) {
    session.change(
      network: PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics), input: input)
    comparisons.revision += 1
  }

  private mutating func load(_ weights: LoadedWeights) {
    parameters = weights.parameters
    weightsOrigin = weights.path
    training = TrainingProgress(run: training.run + 1, checkpoint: weights.checkpoint)
    seed = weights.checkpoint?.state.seed ?? seed
    mode = .inspect
    repack()
    note = Note(text: weights.summary)
  }

  private mutating func open(_ setup: Setup) {
    var fresh = Model(setup, screens: screens, width: width, height: height, glyphs: glyphs)
    fresh.screenIndex = screenIndex
    fresh.focus = focus
    fresh.isZoomed = isZoomed
    fresh.speedIndex = speedIndex
    fresh.basis = basis
    fresh.history = history
    fresh.presetNames = presetNames
    fresh.training.run = training.run + 1
    fresh.comparisons = comparisons
    fresh.comparisons.discard()
    fresh.note = Note(text: "\(setup.preset.name): \(setup.preset.summary)")
    self = fresh
  }

  /// Changes one preset key: constants at once, anything else by opening the preset anew.
  mutating func set(_ assignment: String) -> [Effect] {
    let key = assignment.prefix { $0 != "=" }.trimmingSpaces
    let kept = preset.overrides.filter { $0.prefix { $0 != "=" }.trimmingSpaces != key }
    do throws(ConfigurationError) {
      let changed = try Preset(
        text: preset.text, file: preset.file, overrides: kept + [assignment])
      if changed.network == preset.network, changed.data == preset.data,
        changed.training == preset.training, changed.dynamics.lossScale == dynamics.lossScale
      {
        preset = changed
        use(dynamics(with: changed.dynamics, for: String(key)))
        note = Note(text: "\(assignment)")
        return []
      }
      note = Note(text: "\(assignment): starting anew with fresh weights")
      return [.openText(changed)]
    } catch {
      note = Note(text: error.description, isError: true)
      return []
    }
  }

  /// The constants in use with the one that a key names taken from `changed`, so that what `r` and `+` did stays.
  private func dynamics(with changed: Dynamics, for key: String) -> Dynamics {
    var result = dynamics
    switch key {
    case "neuron.threshold": result.forward.threshold = changed.forward.threshold
    case "neuron.reset": result.forward.reset = changed.forward.reset
    case "neuron.leak": result.leak = changed.leak
    case "backward.threshold": result.backward.threshold = changed.backward.threshold
    case "backward.reset": result.backward.reset = changed.backward.reset
    case "steps.forward": result.forwardSteps = changed.forwardSteps
    case "steps.backward": result.backwardSteps = changed.backwardSteps
    default: result = changed
    }
    return result
  }

  // MARK: Training

  /// What a training order carries.
  var trainingStart: TrainingStart {
    TrainingStart(
      preset: preset, data: data, parameters: parameters, dynamics: dynamics, seed: seed,
      state: training.start)
  }

  /// Starts training, or pauses it at the next batch boundary.
  mutating func toggleTraining() -> [Effect] {
    switch training.state {
    case .running:
      training.state = .pausing
      return [.training(.pause)]
    case .pausing, .updating:
      return []
    case .idle, .paused:
      if let unreadable {
        note = Note(text: unreadable.description, isError: true)
        return []
      }
      isPlaying = false
      mode = .train
      training.state = .running
      // From the start of a sample nothing would be seen of the newest weights.
      if session.position == 0 { session.move(to: session.end) }
      return [.training(.run(trainingStart))]
    }
  }

  /// Leaves training by hand.
  mutating func inspect() -> [Effect] {
    guard mode == .train else { return [] }
    mode = .inspect
    let wasRunning = training.state == .running
    if wasRunning { training.state = .pausing }
    if sample.part == .train { show(SampleReference(part: .test, index: 0)) }
    return wasRunning ? [.training(.pause)] : []
  }

  private mutating func take(_ report: TrainingReport) {
    guard report.run == training.run else { return }
    let before = training.state
    training.add(report)
    parameters = report.parameters
    weightsOrigin =
      "after \(Words.counted(training.batchesDone, "batch")), seed \(seed)"
    repack()
    guard mode == .train, !report.isRunning, let first = report.nextBatch.first else { return }
    // At a batch boundary the timeline belongs to the first sample of the batch that comes next.
    show(SampleReference(part: .train, index: first))
    switch before {
    case .pausing: note = Note(text: "paused: s steps through the next batch, t goes on")
    case .running:
      note = Note(
        text: "\(Words.counted(training.epochsDone, "epoch")) done: t trains on, "
          + "i inspects test samples")
    case .idle, .updating, .paused: break
    }
  }

  /// Says once that a sample could not be read. Training has stopped by itself then.
  private mutating func noteUnreadableSamples() {
    guard let failure = data.failure, failure != unreadable else { return }
    unreadable = failure
    note = Note(text: failure.description, isError: true)
  }
}

extension Substring {
  /// Without spaces at either end.
  var trimmingSpaces: Substring {
    var rest = drop { $0 == " " }
    while rest.last == " " { rest.removeLast() }
    return rest
  }
}
