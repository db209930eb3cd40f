import SpideEngine

/// What the score says of a sample beyond its spikes: computed beside the screen.
struct ScoreFacts: Sendable {
  /// Neurons of each channel whose gate differs from the gate at equilibrium, by layer; nil where there is no equilibrium.
  let gateFlips: [[Int]]?
  /// Layers without a spike in the backward stage.
  let silent: [Int: SilentLayer]

  /// The facts of a sample; nil once they are not wanted any more.
  init?(_ given: Session, while isWanted: () -> Bool) {
    var session = given
    while session.position < session.end, isWanted() { session.move(to: session.position + 1) }
    guard isWanted() else { return nil }
    var silent: [Int: SilentLayer] = [:]
    for (layer, state) in (session.backward?.layers ?? []).enumerated() where state.spikeTotal == 0
    {
      silent[layer] = SilentLayer(layer, of: session, while: isWanted)
      guard isWanted() else { return nil }
    }
    self.silent = silent
    let shapes = session.plan.layers
    gateFlips = session.equilibrium()?.values.flatMap { values in
      session.sources.map { sources in
        zip(shapes, zip(values, sources.gates)).map { shape, pair in
          var flips = [Int](repeating: 0, count: shape.channels)
          for (unit, (rate, gate)) in zip(pair.0, pair.1).enumerated()
          where (rate > 0 && rate < 1) != (gate == 1) {
            flips[unit % shape.channels] += 1
          }
          return flips
        }
      }
    }
  }
}

extension Session {
  /// Runs the forward stage to its end, for as long as that is wanted, and comes back to where the cursor stood.
  mutating func lookAhead(while isWanted: () -> Bool = { true }) {
    let position = position
    while frontier < dynamics.forwardSteps, isWanted() { move(to: frontier + 1) }
    move(to: position)
  }

  /// How often each unit of a layer has spiked, in engine order, in the stage of the cursor as far as it is computed.
  func activity(_ layer: Int) -> [Int32] {
    guard let counted = self[.score] else { return [] }
    return backward == nil ? counted.forward[layer].counts : counted.backward[layer].counts
  }
}

extension LayerShape {
  /// The unit that comes after (`direction` 1) or before (-1) another one in the order of activity, most active first and
  /// equals in file order; nil at the end. Without a unit, the first or the last.
  func unit(after unit: Int?, in activity: [Int32], direction: Int) -> Int? {
    /// Whether a stands before b.
    func precedes(_ a: Int, _ b: Int) -> Bool {
      activity[a] == activity[b]
        ? channelsFirstIndex(a) < channelsFirstIndex(b) : activity[a] > activity[b]
    }
    var best: Int?
    for candidate in activity.indices where candidate != unit {
      if let unit, direction > 0 ? precedes(candidate, unit) : precedes(unit, candidate) {
        continue
      }
      guard let former = best else {
        best = candidate
        continue
      }
      if direction > 0 ? precedes(candidate, former) : precedes(former, candidate) {
        best = candidate
      }
    }
    return best
  }
}
