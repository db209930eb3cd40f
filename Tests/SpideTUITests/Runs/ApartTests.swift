import SpideConfiguration
import SpideEngine
import SpideTUI
import Testing

/// A run stops where its test is so far from that of another run after the same epoch.
@Suite struct ApartTests {
  /// The test accuracy after each epoch, with constants that come into use after some batches.
  private func tests(_ small: SmallTraining, changes: [Int: Dynamics] = [:]) -> [Double] {
    let trainer = Trainer(
      plan: small.preset.network, dynamics: small.preset.dynamics, training: small.preset.training,
      trainSet: small.data.train, testSet: small.data.test, seed: 1, threads: 2)
    var tests: [Double] = []
    while tests.count < 8 {
      if let dynamics = changes[trainer.batchesDone] { trainer.dynamics = dynamics }
      if case .epoch(let record, _) = trainer.next() { tests.append(record.testAccuracy ?? 0) }
    }
    return tests
  }

  @Test(arguments: [1, 3]) func aForkStopsWhereItDiffers(_ threads: Int) throws {
    let small = try SmallTraining()
    let (parent, fork) = (tests(small), tests(small, changes: [30: small.zeroReset]))
    let apart = zip(parent, fork).map { abs($0 - $1) }
    // Between the smallest that comes first and the largest, so that it is neither the first epoch nor none.
    let largest = try #require(apart.dropFirst(2).max())
    let limit = ((apart[1] + largest) / 2 * 1000).rounded() / 1000
    let epoch = try #require(apart.indices.dropFirst(1).first { apart[$0] > limit })
    let explorer = try small.play(
      "4\n:train 184\n:goto update 30\n:fork low neuron.reset=zero\n:until apart digits > \(limit)\nwait 200 batches",
      threads: threads)
    #expect(
      explorer.text.contains("stopped at update \(23 * (epoch + 1)): apart digits > \(limit)"),
      "\(apart)\n\(explorer.text)")
    // Both tests are read there.
    func percent(_ value: Double) -> String { "\((value * 1000).rounded() / 10)%" }
    for run in ["low \(percent(fork[epoch]))", "digits \(percent(parent[epoch]))"] {
      #expect(explorer.text.contains(run), "\(run)\n\(explorer.text)")
    }
    let log = explorer.model.log.text
    #expect(try small.play(log).text == explorer.text, "\(log)")
  }

  /// A closed run is compared with no more, whoever takes its name.
  @Test func aClosedRunIsComparedWithNoMore() throws {
    let small = try SmallTraining()
    var explorer = try small.play(
      "4\n:train 23\n:fork low neuron.reset=zero\n:break apart digits > 0.1%\n:run close digits\ny")
    #expect(explorer.text.contains("breakpoints about it are gone"), "\(explorer.text)")
    try explorer.playOn(":breaks")
    #expect(explorer.text.contains("no breakpoints"))
  }

  /// The other run's tests are those that it has by now; where it has none to come, that is said.
  @Test func theOtherRunGoesOn() throws {
    let small = try SmallTraining()
    var explorer = try small.play("4\n:train 23\n:fork low neuron.reset=zero")
    let error = #expect(throws: ConfigurationError.self) {
      try explorer.playOn(":until apart digits > 0.1%")
    }
    #expect(error?.description.contains("no test after epoch 1") == true)
    try explorer.playOn(
      "Esc\n:break apart digits > 0\n:run digits\n:train 23\n:run low\nt\nwait 40 batches")
    let apart = abs(tests(small)[1] - tests(small, changes: [23: small.zeroReset])[1])
    #expect(apart > 0 && explorer.text.contains("stopped at update 46"), "\(explorer.text)")
  }

  @Test(
    arguments: [
      ("until apart low > 1%", "low is no other run"), ("until apart", "something is missing"),
      ("until apart digits > x", "x is no value"),
      ("until apart digits > 100%", "expected a share from 0 to 1"),
    ])
  func aWrongRunIsTold(_ line: String, _ problem: String) throws {
    let small = try SmallTraining()
    let error = #expect(throws: ConfigurationError.self) {
      try small.play("4\n:train 23\n:fork low neuron.reset=zero\n:\(line)")
    }
    #expect(error?.description.contains(problem) == true, "\(String(describing: error))")
  }
}
