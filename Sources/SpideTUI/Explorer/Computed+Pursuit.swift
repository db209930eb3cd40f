import SpideEngine

extension Computed {
  /// Goes on to an order's goal for as long as that is wanted.
  ///
  /// - Parameters:
  ///   - isWanted: asked before every step.
  ///   - passing: told after every step that leaves more to do.
  mutating func pursue(
    _ order: SimulationOrder, while isWanted: () -> Bool = { true },
    passing: (Computed) -> Void = { _ in }
  ) {
    let goal = order.goal
    let former = twin
    if !self.goal.isSameRun(as: goal) {
      self = order.shown.goal.isSameRun(as: goal) ? order.shown : order.begin(from: self)
    }
    self.goal = goal
    (hits, stoppedOnWayTo) = ([], nil)
    twin = order.twin(from: [former, twin, order.shown.twin])
    guard session.watch(goal.unit, while: isWanted),
      twin?.watch(goal.unit, while: isWanted) ?? true
    else { return }
    twin?.follow(session, while: isWanted)
    if let from = goal.from {
      run(from: from, order, while: isWanted, passing: passing)
      return
    }
    while isWanted(), session.position != goal.position {
      // What has been computed is shown at once; what has not, step by step.
      let next = session.position < session.frontier ? session.frontier : session.position + 1
      session.move(to: goal.position <= session.frontier ? goal.position : next)
      twin?.follow(session, while: isWanted)
      if session.position != goal.position { passing(self) }
    }
  }
}

extension Computed {
  /// Goes on step by step from a position, and stops where a breakpoint holds.
  private mutating func run(
    from: Int, _ order: SimulationOrder, while isWanted: () -> Bool, passing: (Computed) -> Void
  ) {
    session.move(to: min(from, session.frontier))
    while isWanted(), session.position < order.goal.position {
      session.move(to: session.position + 1)
      twin?.follow(session, while: isWanted)
      if session.position > from { hits = order.stops.held(by: session) }
      if !hits.isEmpty || (session.position > from && isDifferenceSought(order)) {
        stoppedOnWayTo = order.goal
        goal.position = session.position
        return
      }
      if session.position != goal.position { passing(self) }
    }
  }

  /// Whether the twins differ here, and that is what is looked for.
  private func isDifferenceSought(_ order: SimulationOrder) -> Bool {
    order.goal.seeksDifference
      && twin?.differences.first(at: session.moment) != nil
  }
}

extension SimulationOrder {
  /// Does all of the work on the spot.
  package func carryOut() -> SimulationAnswer {
    var computed = shown
    computed.pursue(self)
    if isUrgent { computed.session.lookAhead() }
    return SimulationAnswer(computed)
  }

  /// The sample before its first step. Weights that are laid out already are taken from a former run.
  fileprivate func begin(from former: Computed) -> Computed {
    func hasNetwork(_ computed: Computed) -> Bool {
      (computed.goal.opening, computed.goal.network) == (goal.opening, goal.network)
    }
    let network =
      [former, shown].first(where: hasNetwork)?.session.network
      ?? PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    return Computed(
      goal: goal, network: network, parameters: parameters, input: input, batch: batch)
  }

  /// The twin as far as one of some runs has it, or before its first step; nil where none runs beside the sample.
  fileprivate func twin(from runs: [TwinRun?]) -> TwinRun? {
    guard let twin else { return nil }
    if let known = runs.lazy.compactMap({ $0 }).first(where: { $0.isSameRun(as: goal) }) {
      return known
    }
    return TwinRun(
      goal: goal,
      session: Session(
        network: PackedNetwork(plan: plan, parameters: parameters, dynamics: twin.dynamics),
        input: input.signal(of: twin.samples), label: input.label, batch: batch,
        watching: goal.unit))
  }
}
