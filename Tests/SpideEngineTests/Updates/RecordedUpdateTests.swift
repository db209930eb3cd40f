import SpideEngine
import Testing

/// Updates that are trained again from a recording, and the spikes behind them.
@Suite struct RecordedUpdateTests {
  /// A recorded update is the one that the trainer made, gradient included, from few states and on any number of threads; and
  /// a trainer that keeps its updates trains as one that does not.
  @Test(arguments: try UpdateCase.all(), [1, 3])
  func itIsTheOneThatWasMade(_ own: UpdateCase, _ threads: Int) throws {
    let (trainer, plain) = (own.trainer(), own.trainer(threads: 2))
    trainer.keepsUpdates = true
    var recording = Recording(from: trainer.state, interval: 3)
    var made: [BatchUpdate] = []
    while made.count < 6 {
      if case .batch = trainer.next() { made.append(try #require(trainer.lastUpdate)) }
      _ = plain.next()
      #expect(plain.lastUpdate == nil)
      recording.record(trainer.state)
    }
    #expect(plain.state == trainer.state)
    let replay = Recording.Replay(plan: own.plan, training: own.training, threads: threads) { _ in
      own.samples
    }
    for number in [1, 2, 3, 6] {
      let update = try #require(recording.update(number, by: replay))
      let expected = made[number - 1]
      #expect(update.number == number && update.indices == expected.indices)
      #expect(update.gradients == expected.gradients && update.loss == expected.loss)
      #expect(update.before.parameters == expected.before.parameters)
      #expect(update.after.parameters == expected.after.parameters)
      #expect(update.after.optimizer == expected.after.optimizer)
      #expect(update.learningRate == expected.learningRate)
    }
    #expect(recording.update(6, by: replay) { _, _ in false } == nil)
  }

  /// The loss after an update is what the same batch comes to with the new weights.
  @Test(arguments: try UpdateCase.all()) func theLossAfterItIsThatOfTheSameBatch(
    _ own: UpdateCase
  ) throws {
    let update = try own.update()
    var state = update.before
    state.parameters = update.after.parameters
    let trainer = Trainer(
      plan: own.plan, training: own.training, trainSet: own.samples, testSet: nil, threads: 1,
      state: state)
    let loss = update.lossAfter(plan: own.plan, samples: own.samples, threads: 3)
    #expect(trainer.trainBatch().loss == loss && loss != update.loss)
  }

  /// The spikes of the two neurons, which are stepped one by one, come to the `a` and `β` of the micro-batch that was trained
  /// on, cut and dropped out alike. Rounded once or twice in single precision.
  @Test(arguments: try UpdateCase.all()) func theSpikesAreThoseOfTheSample(
    _ own: UpdateCase
  ) throws {
    let update = try own.update()
    let account = try #require(UpdateAccount(update))
    let (forward, backward) = (own.dynamics.forward, own.dynamics.backward)
    func mean(_ spikes: [Int], leak: Float) -> Double {
      var (sum, weights) = (0.0, 0.0)
      for spike in spikes {
        sum = Double(leak) * sum + Double(spike)
        weights = Double(leak) * weights + 1
      }
      return sum / weights
    }
    var active = 0
    for weight in own.weights(account) {
      for push in try own.account(of: weight, update).pushes.prefix(2) {
        let pair = try #require(push.strongest)
        let spikes = try #require(
          SynapseSpikes(
            of: weight, pair, sample: push.sample, in: update, plan: own.plan, samples: own.samples
          ))
        let name = own.plan.parameters[weight.parameter].name
        let hasSource = !name.hasSuffix(".bias") && !name.hasPrefix("input")
        #expect((spikes.source != nil) == hasSource, "\(name)")
        #expect((spikes.target != nil) == !name.hasPrefix("classifier"), "\(name)")
        if let source = spikes.source {
          #expect(source.count == own.dynamics.forwardSteps)
          let rate = try #require(pair.rate)
          #expect(abs(mean(source, leak: forward.leak) - rate) < 1e-6, "\(name)")
        }
        if let target = spikes.target {
          #expect(target.count == own.dynamics.backwardSteps)
          let error = Double(backward.resetAmount) * mean(target, leak: backward.leak)
          #expect(abs(error - pair.error) < 1e-6, "\(name)")
          active += error == 0 ? 0 : 1
        }
      }
    }
    #expect(active > 10)
  }

  @Test(arguments: [1, 2, 5]) func accountsDoNotDependOnThreads(_ threads: Int) throws {
    let own = try #require(UpdateCase.all().last)
    let update = try own.update()
    for parameter in own.plan.parameters.indices {
      let weight = WeightIndex(parameter: parameter, index: 0)
      let (one, many) = (
        try own.account(of: weight, update), try own.account(of: weight, update, threads: threads)
      )
      #expect(one.pushes == many.pushes && one.step == many.step)
    }
    #expect(
      WeightAccount(
        WeightIndex(parameter: 0, index: 0), of: update, plan: own.plan, samples: own.samples,
        threads: threads, while: { false }) == nil)
  }
}
