import SpideExperiment

/// How fast time moves while playing: 0.1 to 1000 steps a second.
struct Speed: Hashable, Sendable {
  /// What is expected of a speed, in words.
  static let range = "a speed is a number from 0.1 to 1000, in steps a second"
  /// What `[` and `]` lead to.
  private static let rounds = [
    0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000,
  ]
  /// More often the screen is not drawn; a faster play makes several steps at once.
  private static let mostTicks = 30.0

  let stepsPerSecond: Double

  /// The speed at the start.
  init() { stepsPerSecond = 20 }

  private init(stepsPerSecond: Double) { self.stepsPerSecond = stepsPerSecond }

  /// A speed as it was typed; nil where it is no number or out of range.
  init?(_ word: String) {
    guard let value = NumberText.read(word), (0.1...1000).contains(value) else { return nil }
    stepsPerSecond = value
  }

  /// Without decimals that say nothing: `7`, `0.5`.
  var text: String { NumberText.plain(stepsPerSecond) }

  /// The next round speed above or below.
  func next(faster: Bool) -> Speed {
    let next =
      faster
      ? Speed.rounds.first { $0 > stepsPerSecond } : Speed.rounds.last { $0 < stepsPerSecond }
    return next.map(Speed.init(stepsPerSecond:)) ?? self
  }

  /// Time between two ticks where a step takes so many.
  func interval(parts: Int) -> Duration { .seconds(1 / ticksPerSecond(parts)) }

  /// Ticks that a step can take, as far as the screen is drawn often enough.
  func parts(atMost most: Int) -> Int {
    max(1, min(most, Int(Speed.mostTicks / stepsPerSecond + 1e-9)))
  }

  /// Whole steps to make at a tick; `rest` carries the fraction of a step that is left over to the next.
  func steps(carrying rest: inout Double, parts: Int) -> Int {
    rest += stepsPerSecond / ticksPerSecond(parts)
    // Sums of fractions end a little below the whole number that they stand for.
    let whole = (rest + 1e-9).rounded(.down)
    rest = max(0, rest - whole)
    return Int(whole)
  }

  private func ticksPerSecond(_ parts: Int) -> Double {
    min(stepsPerSecond * Double(parts), Speed.mostTicks)
  }
}

extension Model {
  /// Plays at another speed from now on, and says so: on a narrow screen it stands nowhere else.
  mutating func use(_ chosen: Speed) {
    speed = chosen
    stepsDue = 0
    note = Note(text: "\(speed.text) steps/s")
  }
}
