import SpideEngine
import Testing

/// The cursor: whatever the way there, a moment shows the same bits.
@Suite struct SessionTests {
  @Test(arguments: NetworkCase.Form.allCases, UInt64(0)..<10)
  func stepsEqualOneRun(_ form: NetworkCase.Form, seed: UInt64) {
    let sample = NetworkCase(form, seed: seed)
    let run = SampleRun(
      network: sample.network, input: sample.input, label: sample.label, masks: sample.masks)
    let forwardStage = ForwardStage(sample.network)
    var forward = forwardStage.start()
    for _ in 0..<sample.dynamics.forwardSteps { forwardStage.step(&forward, run.inputCurrent) }
    expectSame(forward, run.forward)
    guard let ended = run.backward else {
      Issue.record("no backward stage")
      return
    }
    let backwardStage = BackwardStage(sample.network)
    var backward = backwardStage.start()
    for _ in 0..<sample.dynamics.backwardSteps { backwardStage.step(&backward, ended.sources) }
    expectSame(backward, ended.state)
  }

  /// Keyframes at every step, at every few, and nearly none.
  @Test(arguments: [Session.memoryLimit, 20_000, 0], UInt64(0)..<12)
  func anyOrderOfMovesShowsTheSame(_ memoryLimit: Int, seed: UInt64) {
    let form = NetworkCase.Form.allCases[Int(seed) % NetworkCase.Form.allCases.count]
    let sample = NetworkCase(form, seed: seed)
    let network = sample.inference
    var draw = Draw(seed)
    func watched(_ draw: inout Draw) -> UnitID {
      UnitID(layer: draw.integer(0...3), unit: draw.integer(0...150)).clamped(to: sample.plan)
    }
    var unit = watched(&draw)
    var session = Session(
      network: network, input: sample.input, label: sample.label, watching: unit,
      memoryLimit: memoryLimit)
    for _ in 0..<12 {
      if draw.chance(0.3) {
        unit = watched(&draw)
        session.watch(unit)
      }
      let target = draw.integer(-2...session.end + 2)
      session.move(to: target)
      var fresh = Session(
        network: network, input: sample.input, label: sample.label, watching: unit)
      fresh.move(to: target)
      expectSame(session, fresh)
    }
  }

  @Test func changeKeepsTheMoment() {
    let sample = NetworkCase(.dense, seed: 3)
    var longer = sample.dynamics
    longer.forwardSteps = 40
    longer.backwardSteps = 60
    var shorter = longer
    shorter.forwardSteps = 10
    shorter.backwardSteps = 20
    func network(_ dynamics: Dynamics) -> PackedNetwork {
      PackedNetwork(plan: sample.plan, parameters: sample.parameters, dynamics: dynamics)
    }
    let input = InputSignal.constant(sample.input.mean)
    for (moment, after) in [
      (Moment.start, Moment.start), (.forward(7), .forward(7)), (.forward(33), .forward(10)),
      (.readout, .readout), (.backward(5), .backward(5)), (.backward(50), .backward(20)),
      (.update, .update),
    ] {
      var session = Session(network: network(longer), input: input, label: sample.label)
      session.move(to: session.timeline.position(of: moment))
      #expect(session.moment == moment)
      session.change(network: network(shorter))
      #expect(session.moment == after)
      var fresh = Session(network: network(shorter), input: input, label: sample.label)
      fresh.move(to: fresh.timeline.position(of: after))
      expectSame(session, fresh)
    }
  }

  @Test func withoutLabelTheReadoutIsTheEnd() {
    let sample = NetworkCase(.mapsWithFeedback, seed: 1)
    var session = Session(network: sample.inference, input: sample.input, label: nil)
    session.move(to: .max)
    #expect(session.moment == .readout)
    #expect(session.readout != nil && session.backward == nil && session.sources == nil)
    #expect(session.implicitDifferentiation() == nil && session.gradients == nil)
  }

  @Test func gradientsAreTheRunsGradients() {
    let sample = NetworkCase(.mapsWithFeedback, seed: 1)
    let run = SampleRun(network: sample.inference, input: sample.input, label: sample.label)
    var sums = Gradients(network: sample.inference)
    run.addGradients(to: &sums, network: sample.inference)
    var session = Session(network: sample.inference, input: sample.input, label: sample.label)
    session.move(to: session.end - 1)
    #expect(session.gradients == nil, "known at the update, not before")
    session.move(to: session.end)
    #expect(session.gradients == sums.parameters(network: sample.inference))
  }

  @Test func timelinePositionsAreMoments() {
    let timeline = Timeline(forwardSteps: 3, backwardSteps: 2)
    let moments: [Moment] = [
      .start, .forward(1), .forward(2), .forward(3), .readout, .backward(1), .backward(2), .update,
    ]
    #expect((0...timeline.end).map(timeline.moment) == moments)
    #expect(moments.map(timeline.position(of:)) == Array(0...timeline.end))
    #expect(timeline.moment(at: -5) == .start && timeline.moment(at: 99) == .update)
  }
}

private func expectSame(
  _ x: StageState, _ y: StageState, _ location: SourceLocation = #_sourceLocation
) {
  #expect(x.step == y.step, sourceLocation: location)
  #expect(x.weightSum == y.weightSum, sourceLocation: location)
  #expect(x.synapticOperations == y.synapticOperations, sourceLocation: location)
  for (layer, (left, right)) in zip(x.layers, y.layers).enumerated() {
    let same =
      left.potential == right.potential && left.spikeSum == right.spikeSum
      && left.spikes == right.spikes && left.spikeTotal == right.spikeTotal
    #expect(same, "layer \(layer) at step \(x.step)", sourceLocation: location)
  }
}

/// What `moved` shows at its cursor and has recorded up to there is what `fresh`, which never went further, shows.
private func expectSame(
  _ moved: Session, _ fresh: Session, _ location: SourceLocation = #_sourceLocation
) {
  #expect(moved.position == fresh.position && moved.moment == fresh.moment)
  expectSame(moved.forward, fresh.forward, location)
  #expect((moved.backward == nil) == (fresh.backward == nil), sourceLocation: location)
  if let left = moved.backward, let right = fresh.backward { expectSame(left, right, location) }
  #expect(moved.readout == fresh.readout, sourceLocation: location)
  #expect(
    moved.sources?.outputGradient == fresh.sources?.outputGradient, sourceLocation: location)
  #expect(moved.gradients == fresh.gradients, sourceLocation: location)
  func starts<Element: Equatable>(_ long: [Element], _ short: [Element], _ what: String) {
    #expect(Array(long.prefix(short.count)) == short, "\(what)", sourceLocation: location)
  }
  for layer in fresh.plan.layers.indices {
    starts(moved.forwardSpikes[layer], fresh.forwardSpikes[layer], "forward spikes")
    starts(moved.backwardSpikes[layer], fresh.backwardSpikes[layer], "backward spikes")
  }
  let (left, right) = (moved.history, fresh.history)
  starts(left.forwardPotential, right.forwardPotential, "potential")
  starts(left.forwardSpikes, right.forwardSpikes, "spikes")
  starts(left.rate, right.rate, "rate")
  starts(left.backwardPotential, right.backwardPotential, "backward potential")
  starts(left.backwardSpikes, right.backwardSpikes, "backward spikes")
  starts(left.beta, right.beta, "β")
}
