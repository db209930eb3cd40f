import SpideEngine
import Testing

@Suite struct ConditionTests {
  /// A quantity, and what it is at the cursor of a session, worked out in another way; nil where it does not exist.
  private struct Looked {
    let quantity: Quantity
    let value: (Session) -> Double?
  }

  private func looked(_ plan: NetworkPlan, _ draw: inout Draw) -> [Looked] {
    let layer = draw.integer(0...plan.layers.count - 1)
    let unit = UnitID(layer: layer, unit: draw.integer(0...plan.layers[layer].count - 1))
    let name = draw.one(of: [nil, .forward, .backward] as [Stage?])
    let sign = draw.one(of: [nil, 1, -1] as [Int?])
    func isForward(_ session: Session) -> Bool? {
      switch session.moment {
      case .forward: return name == .backward ? nil : true
      case .backward: return name == .forward ? nil : false
      default: return nil
      }
    }
    /// The monitors' records at the step of the cursor.
    func recorded(_ session: Session, _ forward: [Float], _ backward: [Float]) -> Double? {
      switch (session.moment, isForward(session)) {
      case (.forward(let step), true?): return Double(forward[step - 1])
      case (.backward(let step), false?): return Double(backward[step - 1])
      default: return nil
      }
    }
    func spikes(_ session: Session) -> [SpikeEvents]? {
      switch (session.moment, isForward(session)) {
      case (.forward(let step), true?): return Array(session.forwardSpikes[layer].prefix(step))
      case (.backward(let step), false?): return Array(session.backwardSpikes[layer].prefix(step))
      default: return nil
      }
    }
    func watched(_ session: Session) -> UnitMonitor {
      var session = session
      session.watch(unit)
      return session.history
    }
    let moment = draw.one(of: [Moment.forward(3), .readout, .backward(2), .update])
    return [
      Looked(quantity: .spike(unit, name)) { session in
        let history = watched(session)
        return recorded(
          session, history.forwardSpikes.map(Float.init), history.backwardSpikes.map(Float.init))
      },
      Looked(quantity: .potential(unit, name)) { session in
        let history = watched(session)
        return recorded(session, history.forwardPotential, history.backwardPotential)
      },
      Looked(quantity: .potentialSize(unit, name)) { session in
        let history = watched(session)
        return recorded(session, history.forwardPotential, history.backwardPotential).map(abs)
      },
      Looked(quantity: .rate(unit, name)) { session in
        let stage = isForward(session).flatMap { $0 ? session.forward : session.backward }
        return stage.map { Double($0.rate(layer)[unit.unit]) }
      },
      Looked(quantity: .layerSpikes(layer, sign: sign, name)) { session in
        spikes(session)?.last.map { events in
          var count = 0
          events.forEach { _, each in count += sign == nil || each == sign ? 1 : 0 }
          return Double(count)
        }
      },
      Looked(quantity: .layerSpikesSoFar(layer, name)) { session in
        spikes(session).map { Double($0.reduce(0) { $0 + $1.count }) }
      },
      Looked(quantity: .moment(moment)) { $0.moment == moment ? 1 : 0 },
      Looked(quantity: .batchLoss) { _ in nil },
    ]
  }

  private func holds(_ value: Double, _ comparison: Comparison, _ other: Double) -> Bool {
    switch comparison {
    case .less: value < other
    case .atMost: value <= other
    case .equal: value == other
    case .notEqual: value != other
    case .atLeast: value >= other
    case .greater: value > other
    }
  }

  /// From wherever it stands, a session stops at the first position after it at which one of two conditions holds, and
  /// says which of them do; going through all positions one by one finds the same.
  @Test(arguments: UInt64(0)..<40) func stopsWhereGoingStepByStepWould(seed: UInt64) {
    let forms = NetworkCase.Form.allCases
    let sample = NetworkCase(forms[Int(seed) % forms.count], seed: seed)
    var draw = Draw(seed)
    let every = Session(
      network: sample.inference, input: sample.input, label: sample.label,
      memoryLimit: draw.one(of: [Session.memoryLimit, 0]))
    let quantities = looked(sample.plan, &draw)
    var states = every
    let positions = (0...every.end).map { position in
      states.move(to: position)
      return quantities.map { $0.value(states) }
    }
    for _ in 0..<6 {
      let chosen = (0..<2).map { _ in draw.integer(0...quantities.count - 1) }
      let conditions = chosen.map { index in
        Condition(
          quantities[index].quantity, draw.one(of: Comparison.allCases),
          // Values that occur, so that equality is met too.
          draw.one(of: positions.compactMap { $0[index] } + [0, 1]))
      }
      let start = draw.integer(0...every.end)
      let limit = draw.one(of: [nil, every.end, draw.integer(0...every.end)])
      var session = every
      session.move(to: draw.integer(0...every.end))
      session.move(to: start)
      let stopped = session.run(until: conditions, limit: limit)
      var expected: [Int] = []
      var place = start
      while place < limit ?? every.end, expected.isEmpty {
        place += 1
        expected = conditions.indices.filter { index in
          positions[place][chosen[index]].map {
            holds($0, conditions[index].comparison, conditions[index].value)
          } ?? false
        }
      }
      #expect(stopped == expected && session.position == place, "\(conditions) from \(start)")
    }
  }

  /// Neurons that the network does not have stop nothing, and numbers that are none neither.
  @Test func whatDoesNotExistNeverHolds() {
    let sample = NetworkCase(.dense, seed: 3)
    var session = Session(network: sample.inference, input: sample.input, label: sample.label)
    let strangers: [Quantity] = [
      .spike(UnitID(layer: 99, unit: 0)), .potential(UnitID(layer: 0, unit: 1 << 30)),
      .rate(UnitID(layer: 0, unit: -1)), .layerSpikes(-1), .layerSpikesSoFar(99), .batches,
    ]
    for quantity in strangers {
      session.move(to: 0)
      let conditions = [Condition(quantity, .atLeast, 0), Condition(quantity, .less, 0)]
      #expect(session.run(until: conditions).isEmpty && session.position == session.end)
    }
    session.move(to: 0)
    #expect(
      session.run(until: [Condition(.layerSpikes(0), .notEqual, .nan)]) == [0],
      "every number differs from none")
  }

  /// A training stops after the first step at which a condition holds, and the next run goes on from there.
  @Test func aTrainingStops() throws {
    let plan = try TrainerTests.plan(dropout: 0)
    func trainer() -> Trainer {
      Trainer(
        plan: plan, dynamics: Dynamics(forwardSteps: 8, backwardSteps: 10, lossScale: 50),
        training: TrainingPlan(
          epochs: 9, batch: 10, learningRate: LearningRateSchedule(base: 0.1)),
        trainSet: Blobs(count: 24), testSet: Blobs(count: 30, seed: 2), seed: 5, threads: 1)
    }
    let looped = trainer()
    let steps = (0..<24).map { _ in looped.next() }
    func first(_ isIt: (Trainer.Step) -> Bool) throws -> Int {
      let place = steps.firstIndex(where: isIt)
      return try #require(place)
    }
    let losses = steps.compactMap { if case .batch(let record) = $0 { record.loss } else { nil } }
    let loss = losses.sorted()[losses.count / 2]
    let accuracies = steps.compactMap {
      if case .epoch(_, let test?) = $0 { test.accuracy } else { nil }
    }
    let best = try #require(accuracies.max())
    let tests: [(Condition, (Trainer.Step) -> Bool)] = [
      (
        Condition(.batches, .equal, 5),
        { if case .batch(let record) = $0 { record.batch == 5 } else { false } }
      ),
      (
        Condition(.batchLoss, .less, loss),
        { if case .batch(let record) = $0 { record.loss < loss } else { false } }
      ),
      (
        Condition(.batchAccuracy, .atLeast, 0.4),
        { if case .batch(let record) = $0 { record.accuracy >= 0.4 } else { false } }
      ),
      (
        Condition(.epochs, .atLeast, 2),
        { if case .epoch(let record, _) = $0 { record.epoch >= 2 } else { false } }
      ),
      (
        Condition(.testAccuracy, .atLeast, best),
        { if case .epoch(_, let test?) = $0 { test.accuracy >= best } else { false } }
      ),
      (
        Condition(.testLoss, .greater, 0),
        { if case .epoch(_, let test?) = $0 { test.loss > 0 } else { false } }
      ),
      (
        Condition(.trainLoss, .greater, 0),
        { if case .epoch(let record, _) = $0 { record.trainLoss > 0 } else { false } }
      ),
      (
        Condition(.trainAccuracy, .greater, 0.4),
        { if case .epoch(let record, _) = $0 { record.trainAccuracy > 0.4 } else { false } }
      ),
    ]
    for (condition, isIt) in tests {
      let trainer = trainer()
      var done = 0
      let stopped = trainer.run(
        until: [Condition(.spike(UnitID()), .atLeast, -1), condition], limit: 24
      ) { _ in
        done += 1
        return true
      }
      let place = try first(isIt)
      #expect(stopped == [1] && done == place + 1, "\(condition)")
    }
    let trainer = trainer()
    #expect(trainer.run(until: [Condition(.batches, .greater, 99)], limit: 4).isEmpty)
    #expect(trainer.batchesDone == 3 && trainer.epochsDone == 1)
    // Stopped at the last batch of an epoch, it goes on with the end of that epoch and not by standing still.
    let sixth = [Condition(.batches, .equal, 6)]
    #expect(trainer.run(until: sixth, limit: 9) == [0] && trainer.epochIsComplete)
    #expect(trainer.run(until: sixth, limit: 1).isEmpty && trainer.epochsDone == 2)
    #expect(trainer.run(until: [], limit: 9) { _ in false }.isEmpty && trainer.batchesDone == 7)
  }
}
