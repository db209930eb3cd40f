import SpideEngine

/// A condition that stops playing and training, and how often it has.
struct Breakpoint: Hashable, Sendable {
  /// What it goes by.
  let number: Int
  var condition: StopCondition
  /// Whether it is gone once it has held.
  let isOnce: Bool
  var hits = 0
}

/// A breakpoint that held, and the number that it held of.
struct StopHit: Hashable, Sendable {
  let breakpoint: Int
  let value: Double
}

/// The breakpoints that a person has set, in the order of their numbers.
struct Breakpoints: Sendable {
  private(set) var list: [Breakpoint] = []
  /// The place in the list that keys of the panel act on.
  var selected = 0
  private var last = 0

  /// Those about a sample, and those about a training.
  var ofSample: [Breakpoint] { list.filter { !$0.condition.isOfTraining } }
  var ofTraining: [Breakpoint] { list.filter(\.condition.isOfTraining) }

  subscript(number: Int) -> Breakpoint? { list.first { $0.number == number } }

  /// Sets one more; where it is there already, nothing changes.
  ///
  /// - Returns: its number.
  @discardableResult
  mutating func add(_ condition: StopCondition, isOnce: Bool) -> Int {
    let known = list.first { $0.condition.isSame(as: condition) && $0.isOnce == isOnce }
    if let known {
      return known.number
    }
    last += 1
    list.append(Breakpoint(number: last, condition: condition, isOnce: isOnce))
    return last
  }

  mutating func remove(where isOut: (Breakpoint) -> Bool) {
    list.removeAll(where: isOut)
    selected = min(selected, max(0, list.count - 1))
  }

  /// Counts those that held; one that holds but once is gone.
  mutating func count(_ hits: [StopHit]) {
    for hit in hits {
      guard let place = list.firstIndex(where: { $0.number == hit.breakpoint }) else { continue }
      list[place].hits += 1
    }
    remove { $0.isOnce && $0.hits > 0 }
  }
}

extension [Breakpoint] {
  /// Whether one is about the exact gradient, which has to be found after every batch then.
  var askForCosines: Bool {
    contains { if case .gradientCosine = $0.condition.quantity { true } else { false } }
  }

  /// Those that hold at the cursor of a session.
  func held(by session: Session) -> [StopHit] {
    compactMap { breakpoint in
      breakpoint.condition.held(by: session).map {
        StopHit(breakpoint: breakpoint.number, value: $0)
      }
    }
  }

  /// Those that hold after one of some steps of a training.
  ///
  /// - Parameter cosines: of the gradients after these steps with the exact ones, by parameter, where ``askForCosines``.
  func held(
    by steps: [Trainer.Step], cosines: [String: Double], _ dynamics: Dynamics
  ) -> [StopHit] {
    compactMap { breakpoint in
      breakpoint.condition.held(by: steps, cosines: cosines, dynamics).map {
        StopHit(breakpoint: breakpoint.number, value: $0)
      }
    }
  }
}
