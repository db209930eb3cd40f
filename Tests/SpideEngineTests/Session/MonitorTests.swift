import SpideEngine
import Testing

/// Notes which step each state that it is shown belongs to, and the first potential of the stage that was stepped.
private struct StepMonitor: Monitor {
  private(set) var steps: [Moment] = []
  private(set) var potentials: [Float] = []
  private(set) var begun = 0

  mutating func begin(_ network: PackedNetwork) {
    (steps, potentials) = ([], [])
    begun += 1
  }

  mutating func record(_ state: SampleState) {
    let stage = state.backward ?? state.forward
    steps.append(state.backward == nil ? .forward(stage.step) : .backward(stage.step))
    potentials.append(stage.layers[0].potential[0])
  }
}

extension MonitorName<StepMonitor> {
  fileprivate static let early = Self("early")
  fileprivate static let late = Self("late")
}

@Suite struct MonitorTests {
  /// Whatever the way of the cursor and however few states are kept, each step is shown once and in order; one that is
  /// asked for later sees what came before.
  @Test(arguments: [Session.memoryLimit, 20_000, 0], UInt64(0)..<6)
  func everyStepIsSeenOnce(_ memoryLimit: Int, seed: UInt64) throws {
    let forms = NetworkCase.Form.allCases
    let sample = NetworkCase(forms[Int(seed) % forms.count], seed: seed)
    var monitors = Monitors()
    monitors[.early] = StepMonitor()
    var session = Session(
      network: sample.inference, input: sample.input, label: sample.label, monitors: monitors,
      memoryLimit: memoryLimit)
    #expect(session[.spikes] == nil && session.forwardSpikes.isEmpty)
    var draw = Draw(seed)
    for _ in 0..<8 {
      session.move(to: draw.integer(0...session.end))
      if draw.chance(0.3) { session.attach(StepMonitor(), as: .late) }
      let expected = (0...session.frontier).map(session.timeline.moment).filter {
        switch $0 {
        case .forward, .backward: true
        case .start, .readout, .update: false
        }
      }
      let early = try #require(session[.early])
      #expect(early.steps == expected)
      if let late = session[.late] {
        #expect(late.steps == expected && late.potentials == early.potentials)
      }
    }
    session.change(network: sample.inference)
    #expect(session[.early]?.begun == 2, "another run of the sample begins anew")
  }

  /// What a score counts is what rasters list, and how far a silent layer was is read off its potentials.
  @Test(arguments: UInt64(0)..<8) func aScoreCountsTheSpikesOfChannels(seed: UInt64) throws {
    let forms = NetworkCase.Form.allCases
    let sample = NetworkCase(forms[Int(seed) % forms.count], seed: seed)
    var session = Session(
      network: sample.inference, input: sample.input, label: sample.label, watching: UnitID())
    var largest = sample.plan.layers.map { _ in Float(0) }
    for position in 1...session.end {
      session.move(to: position)
      guard case .backward(let step) = session.moment, let backward = session.backward else {
        continue
      }
      for (index, layer) in backward.layers.enumerated() {
        largest[index] = max(largest[index], layer.potential.map(abs).max() ?? 0)
        #expect(session[.score]?.backward[index].largest[step - 1] == largest[index])
      }
    }
    let counted = try #require(session[.score])
    for (stage, events, layers) in [
      (Stage.forward, session.forwardSpikes, counted.forward),
      (.backward, session.backwardSpikes, counted.backward),
    ] {
      for (shape, (steps, layer)) in zip(sample.plan.layers, zip(events, layers)) {
        #expect(layer.steps == steps.count)
        var (units, channels, sum) = (
          [Int32](repeating: 0, count: shape.count), [Int](repeating: 0, count: shape.channels), 0
        )
        for (step, spikes) in steps.enumerated() {
          var positive = [UInt16](repeating: 0, count: shape.channels)
          var negative = positive
          spikes.forEach { unit, sign in
            units[unit] += 1
            channels[unit % shape.channels] += 1
            sum += 1
            if sign > 0 {
              positive[unit % shape.channels] += 1
            } else {
              negative[unit % shape.channels] += 1
            }
          }
          let row = step * shape.channels..<(step + 1) * shape.channels
          #expect(Array(layer.positive[row]) == positive)
          if stage == .backward { #expect(Array(layer.negative[row]) == negative) }
          #expect(layer.totals[step].positive == positive.reduce(0) { $0 + Int($1) })
          #expect(layer.sums[step] == sum)
        }
        #expect(layer.counts == units && layer.channelCounts == channels)
      }
    }
  }

  /// Spikes and one neuron's trajectory against the states themselves, step by step.
  @Test(arguments: UInt64(0)..<10) func spikesAndTrajectoryAreThoseOfTheStates(seed: UInt64) {
    let forms = NetworkCase.Form.allCases
    let sample = NetworkCase(forms[Int(seed) % forms.count], seed: seed)
    var draw = Draw(seed)
    let layer = draw.integer(0...sample.plan.layers.count - 1)
    let unit = UnitID(layer: layer, unit: draw.integer(0...sample.plan.layers[layer].count - 1))
    var session = Session(
      network: sample.inference, input: sample.input, label: sample.label, watching: unit)
    let backwardDrop = sample.dynamics.backward.resetAmount
    for position in 1...session.end {
      session.move(to: position)
      let history = session.history
      switch session.moment {
      case .forward(let step):
        let state = session.forward
        #expect(history.forwardPotential[step - 1] == state.layers[layer].potential[unit.unit])
        #expect(history.rate[step - 1] == state.rate(layer)[unit.unit])
        let codes = state.layers[layer].spikes.codes
        #expect(history.forwardSpikes[step - 1] == (codes.contains(Int32(unit.unit)) ? 1 : 0))
        #expect(session.forwardSpikes.map { $0[step - 1] } == state.layers.map(\.spikes))
      case .backward(let step):
        guard let state = session.backward else {
          Issue.record("no backward stage")
          return
        }
        #expect(history.backwardPotential[step - 1] == state.layers[layer].potential[unit.unit])
        #expect(history.beta[step - 1] == backwardDrop * state.rate(layer)[unit.unit])
        let codes = state.layers[layer].spikes.codes
        let spike =
          codes.contains(Int32(unit.unit)) ? 1 : codes.contains(~Int32(unit.unit)) ? -1 : 0
        #expect(history.backwardSpikes[step - 1] == spike)
        #expect(session.backwardSpikes.map { $0[step - 1] } == state.layers.map(\.spikes))
      case .start, .readout, .update: break
      }
    }
    #expect(session.history.rate.count == sample.dynamics.forwardSteps)
    #expect(session.history.beta.count == sample.dynamics.backwardSteps)
  }

  /// Who gives up amid the steps that were computed has what was there before.
  @Test func givenUpNothingChanges() {
    let sample = NetworkCase(.dense, seed: 1)
    var session = Session(network: sample.inference, input: sample.input, label: sample.label)
    session.move(to: 8)
    let before = session.history
    var steps = 0
    let isDone = session.watch(UnitID(layer: 0, unit: 1)) {
      steps += 1
      return steps < 5
    }
    #expect(!isDone && session.history == before)
    #expect(session.watch(UnitID(layer: 0, unit: 1)) && session.history != before)
    #expect(session.watched == UnitID(layer: 0, unit: 1))
    #expect(session.history.rate.count == before.rate.count && before.rate.count > 4)
  }

  /// A copy goes on by itself, and so does what it records.
  @Test func copiesRecordApart() {
    let sample = NetworkCase(.dense, seed: 2)
    var first = Session(network: sample.inference, input: sample.input, label: sample.label)
    first.move(to: 5)
    var second = first
    second.move(to: 9)
    #expect(first.history.rate.count == 5 && second.history.rate.count == 9)
    #expect(first.forwardSpikes[0].count == 5 && second.forwardSpikes[0].count == 9)
  }
}
