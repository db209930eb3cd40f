import SpideEngine

/// The shown sample under other constants, as far as it has been computed beside the shown one.
struct TwinRun: Sendable {
  /// What it is a run of; where the cursor stands in there does not count.
  let goal: Goal
  private(set) var session: Session
  /// Where the two spike differently: one is the shown sample, the other this one.
  private(set) var differences: SpikeDifferences

  /// A run before its first step.
  init(goal: Goal, session: Session) {
    self.goal = goal
    self.session = session
    differences = SpikeDifferences(session.plan)
  }

  /// Whether it is what a goal asks for, wherever its cursor is.
  func isSameRun(as goal: Goal) -> Bool {
    self.goal.isSameRun(as: goal) && self.goal.twin == goal.twin
  }

  /// Whether two runs are one and the same, or neither is there.
  static func areSame(_ one: TwinRun?, _ other: TwinRun?) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    return one.isSameRun(as: other.goal)
  }

  /// Whether nothing of it is missing beside a session that meets a goal.
  func meets(_ goal: Goal, beside shown: Session) -> Bool {
    isSameRun(as: goal) && session.watched == goal.unit && session.position == place(of: shown)
  }

  /// The position of the other session's moment, or of the nearest that this one has.
  private func place(of shown: Session) -> Int {
    session.timeline.position(nearest: shown.moment)
  }

  /// Watches another neuron, as the shown sample does; whether that was wanted to the end.
  mutating func watch(_ unit: UnitID, while isWanted: () -> Bool) -> Bool {
    session.watch(unit, while: isWanted)
  }

  /// Moves the cursor to the moment at which the other session stands, or the nearest that this one has, for as long as
  /// that is wanted, and compares what both have computed.
  mutating func follow(_ shown: Session, while isWanted: () -> Bool) {
    let place = place(of: shown)
    if place <= session.frontier {
      session.move(to: place)
    } else {
      while session.position < place, isWanted() {
        session.move(to: max(session.position, session.frontier) + 1)
      }
    }
    differences.add(shown, session)
  }
}
