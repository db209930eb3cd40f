import SpideEngine
import SpideExperiment

extension Model {
  // MARK: Setting them

  /// The condition that a command's arguments say.
  func condition(_ arguments: Arguments) throws(CommandError) -> StopCondition {
    do throws(ConditionError) {
      return try ConditionParser.read(
        arguments.text, plan: plan, timeline: timeline, runs: otherRuns)
    } catch {
      let line = arguments.text.base.unicodeScalars
      let place = line.distance(from: line.startIndex, to: error.place)
      // The `:` before the line is its first column.
      throw CommandError(
        "column \(place + 2): \(error.problem); expected \(error.expected)", place: place)
    }
  }

  /// Every run but the current one, by name.
  var otherRuns: [String: StopCondition.OtherRun] {
    let others = runs.list.filter { $0.id != runs.current }
    return Dictionary(
      others.map { ($0.name, StopCondition.OtherRun(id: $0.id, tests: tests(of: $0))) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The test accuracy of a run, by epoch.
  private func tests(of run: Run) -> [Int: Double] {
    guard let training = state(of: run)?.training else { return [:] }
    // A bin of several epochs says nothing of each.
    let bins = (training.earlier.testAccuracy.bins + training.curves.testAccuracy.bins)
      .filter { $0.count == 1 }
    return Dictionary(
      bins.map { (Int($0.last), $0.mean) }, uniquingKeysWith: { _, newer in newer })
  }

  /// What may stop a training. A run that one is compared with may have gone on since.
  var stopsOfTraining: [Breakpoint] {
    breakpoints.ofTraining.map { breakpoint in
      var breakpoint = breakpoint
      if let run = breakpoint.condition.reference.flatMap({ runs[$0.id] }) {
        breakpoint.condition.reference?.tests = tests(of: run)
      }
      return breakpoint
    }
  }

  /// Sets a breakpoint that stays.
  mutating func setBreakpoint(_ condition: StopCondition) -> [Effect] {
    let number = breakpoints.add(condition, isOnce: false)
    note = Note(text: "breakpoint \(number): \(condition.text)")
    return condition.isOfTraining ? breakpointsChanged() : []
  }

  /// Goes on until a condition holds: to the end of the sample at most, or training.
  mutating func goOn(until condition: StopCondition) throws(CommandError) -> [Effect] {
    guard condition.isOfTraining else {
      guard goal.position < timeline.end else {
        throw CommandError("this is the end of the sample; F starts it again")
      }
      isPlaying = false
      breakpoints.add(condition, isOnce: true)
      run(to: timeline.end)
      return []
    }
    try refusePassed(condition)
    switch training.state {
    case .pausing, .updating: throw CommandError("a batch is in hand; wait until it is done")
    case .running:
      breakpoints.add(condition, isOnce: true)
      return breakpointsChanged()
    case .idle, .paused, .diverged:
      breakpoints.add(condition, isOnce: true)
      return toggleTraining()
    }
  }

  /// What a training is past it does not come to any more.
  private func refusePassed(_ condition: StopCondition) throws(CommandError) {
    let done: Int
    if let other = condition.reference, let last = other.tests.keys.max(),
      last <= training.epochsDone
    {
      let name = runs[other.id]?.name ?? ""
      throw CommandError(
        "\(name) has no test after epoch \(last) to be compared with: it is to go on first")
    }
    switch condition.quantity {
    case .batches: done = training.batchesDone
    case .epochs: done = training.epochsDone
    default: return
    }
    guard condition.comparison == .equal, condition.value.factor <= Double(done) else { return }
    throw CommandError("\(condition.text) is past; :goto \(condition.text) goes back to it")
  }

  /// A breakpoint for any spike of the selected neuron, or none where there is one.
  mutating func toggleBreakpoint() {
    let condition = StopCondition.spike(of: unit, plan)
    let known = breakpoints.list.first { $0.condition.isSame(as: condition) && !$0.isOnce }
    if let known {
      removeBreakpoint(known)
    } else {
      _ = setBreakpoint(condition)
    }
  }

  @discardableResult
  mutating func removeBreakpoint(_ breakpoint: Breakpoint) -> [Effect] {
    breakpoints.remove { $0.number == breakpoint.number }
    note = Note(text: "breakpoint \(breakpoint.number) is gone: \(breakpoint.condition.text)")
    return breakpoint.condition.isOfTraining ? breakpointsChanged() : []
  }

  mutating func removeAllBreakpoints() -> [Effect] {
    let hadTraining = !breakpoints.ofTraining.isEmpty
    breakpoints.remove { _ in true }
    note = Note(text: "no breakpoints")
    return hadTraining ? breakpointsChanged() : []
  }

  /// A training that runs goes on with the breakpoints as they are.
  private mutating func breakpointsChanged() -> [Effect] {
    training.state == .running ? [changeTraining()] : []
  }

  /// Goes to what a breakpoint is about: its neuron or layer, its moment, its update where that is recorded.
  mutating func go(to breakpoint: Breakpoint) -> [Effect] {
    let condition = breakpoint.condition
    if let layer = condition.layer, plan.layers.indices.contains(layer) {
      select(layer: layer)
      if let unit = condition.unit {
        select(index: plan.layers[layer].channelsFirstIndex(unit.unit))
      }
      return []
    }
    let number = condition.value.number(dynamics)
    switch condition.quantity {
    case .moment(let moment): move(to: timeline.position(nearest: moment))
    case .batches where condition.comparison == .equal && number < 1e9:
      return travel(.to(Int(number)))
    default: note = Note(text: "\(condition.text): it has no place to go to")
    }
    return []
  }

  // MARK: Stopping

  /// Moves the cursor on as time does: it stops where a breakpoint of the sample holds.
  mutating func run(to position: Int) {
    let from = goal.from ?? goal.position
    move(to: position)
    if goal.position > from, !breakpoints.ofSample.isEmpty { goal.from = from }
  }

  /// Whether the cursor is on its way to where it may stop before it is there; what is typed meanwhile waits.
  var isRunningToStop: Bool { goal.from != nil && isComputing }

  /// Takes in where the run of a sample stands: at its goal, or at a breakpoint before it.
  mutating func takeStop() {
    guard goal.from != nil else { return }
    if goal.seeksDifference {
      if computed.stoppedOnWayTo == goal {
        goal.position = computed.goal.position
        endSearch(found: true)
      } else if computed.meets(goal) {
        endSearch(found: false)
      }
      return
    }
    if let aim = computed.stoppedOnWayTo, aim == goal {
      goal.position = computed.goal.position
      stop(at: computed.hits, "\(Words.moment(session))")
    } else if computed.meets(goal) {
      let missed = breakpoints.ofSample.filter(\.isOnce)
      if goal.position == timeline.end, let first = missed.first {
        breakpoints.remove { $0.isOnce && !$0.condition.isOfTraining }
        note = Note(text: "the end of the sample: \(first.condition.text) did not hold")
      }
    } else {
      return
    }
    goal.from = nil
    computed.goal = goal
    ordered = goal
  }

  /// Time stands: says why, and counts it.
  mutating func stop(at hits: [StopHit], _ place: String) {
    guard !hits.isEmpty else { return }
    isPlaying = false
    // What two runs are apart by is to be seen: their tests, read there.
    if hits.contains(where: { breakpoints[$0.breakpoint]?.condition.reference != nil }) {
      runs.plot.use(.epochs)
      (runs.plot.showsTest, runs.plot.reader) = (true, Double(training.epochsDone))
    }
    let reasons = hits.compactMap { hit in
      breakpoints[hit.breakpoint].map { $0.condition.reason(hit.value) }
    }
    breakpoints.count(hits)
    guard !reasons.isEmpty else { return }
    note = Note(text: "stopped at \(place): " + reasons.joined(separator: " and "))
  }

  /// The breakpoints in lines.
  var breakpointsText: String {
    guard !breakpoints.list.isEmpty else {
      return "no breakpoints; :break L0 17, or B on the selected neuron, sets one"
    }
    return breakpoints.list.map { "\($0.number)  \($0.condition.text)  \($0.hitsText)" }
      .joined(separator: "\n")
  }
}

extension Breakpoint {
  /// `3 hits`, or that it stops but once.
  var hitsText: String { isOnce ? "once" : Words.counted(hits, "hit") }
}

extension StopCondition {
  /// `loss < 0.1 (0.093)`: the condition, and the number that it holds of where it is compared with one.
  fileprivate func reason(_ value: Double) -> String {
    let isCompared = text.contains { "<>=≤≥≠".contains($0) }
    return isCompared ? "\(text) (\(NumberText.short(value)))" : text
  }
}
