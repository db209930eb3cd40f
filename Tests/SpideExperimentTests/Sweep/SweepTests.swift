import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import Testing

/// The combinations of a sweep, before anything runs.
@Suite struct SweepTests {
  private let digits: Preset

  init() throws { digits = try PresetLibrary.ofTests.find("digits") }

  private func sweep(
    _ over: [String], seeds: ClosedRange<UInt64> = 1...1, given: [String] = []
  ) throws -> Sweep {
    try Sweep(
      digits.with(overrides: given), given: given, over: over.map { try SweepAxis($0) },
      seeds: seeds, task: .training)
  }

  @Test func everyCombinationWithEverySeed() throws {
    let sweep = try sweep(
      ["steps.backward=10,20", "neuron.reset=zero,minus-threshold,-0.5"], seeds: 3...4,
      given: ["training.epochs=2"])
    #expect(
      sweep.jobs.map(\.words).prefix(5) == [
        "steps.backward=10 neuron.reset=zero seed 3", "steps.backward=10 neuron.reset=zero seed 4",
        "steps.backward=10 neuron.reset=minus-threshold seed 3",
        "steps.backward=10 neuron.reset=minus-threshold seed 4",
        "steps.backward=10 neuron.reset=-0.5 seed 3",
      ])
    #expect(sweep.jobs.count == 12 && Set(sweep.jobs.map(\.place)).count == 12)
    let last = try #require(sweep.jobs.last)
    #expect(last.words == "steps.backward=20 neuron.reset=-0.5 seed 4")
    #expect(last.preset.dynamics.backwardSteps == 20)
    #expect(last.preset.dynamics.forward.reset == .potential(-0.5))
    #expect(last.preset.training.epochs == 2)
    #expect(sweep.keys == ["steps.backward", "neuron.reset"])
  }

  @Test func seedsAlone() throws {
    #expect(try sweep([], seeds: 5...7).jobs.map(\.words) == ["seed 5", "seed 6", "seed 7"])
    let largest = UInt64.max - 1...UInt64.max
    #expect(try sweep([], seeds: largest).jobs.map(\.place.seed) == Array(largest))
  }

  @Test(
    arguments: [
      (["steps.backwards=5"], [], "--over steps.backwards=5:1:", "backward"),
      (["steps.backward=5,0"], [], "--over steps.backward=5,0:1:18: ", "from 1 to"),
      (["steps.backward=5,x"], [], "--over steps.backward=5,x:1:18: ", "from 1 to"),
      (["steps.forward=1,2", "neuron.leak=1,2"], [], "--over neuron.leak=1,2:1:15: ", "at most 1"),
      (["steps.backward=5", "steps.backward=6"], [], "--over steps.backward=6:1:1: ", "twice"),
      (
        ["steps.backward=5", "steps={forward: 1, backward: 2}"], [], "--over steps={",
        "parts of each other"
      ),
      (
        ["steps.backward=5"], ["steps.backward=6"], "--over steps.backward=5:1:1: ", "given besides"
      ),
      (["steps={forward: 1, backward: 2}"], ["steps.forward=6"], "--over steps={", "given besides"),
      (["network.links.0.dense.units=8,9,0"], [], "--over network.links.0", "units"),
      (["network.links.7.dense.units=8"], [], "--over network.links.7", "no entry"),
      (["summary=a,b"], [], "--over summary=a,b:1:11: summary=b is the same as summary=a", "once"),
      (["neuron={leak: 1}, {leak: 1.0}"], [], "--over neuron=", "is the same as neuron={leak: 1}"),
      (["steps.backward=5", "training.optimizer=[1"], [], "--over training.optimizer=[1:1:", ""),
    ] as [([String], [String], String, String)])
  func whatIsWrongIsSaidBeforeAnythingRuns(
    _ over: [String], _ given: [String], _ place: String, _ words: String
  ) throws {
    let error = try #require(throws: ConfigurationError.self) {
      try sweep(over, given: given)
    }
    #expect(error.description.hasPrefix(place), "\(error)")
    #expect(words.isEmpty || error.description.contains(words), "\(error)")
    #expect(error.description.contains("; expected ") && error.exitCode == 65)
  }

  @Test func tooMany() throws {
    let values = (1...400).map(String.init).joined(separator: ",")
    let error = try #require(throws: ExperimentError.self) {
      try sweep(["steps.backward=\(values)", "steps.forward=\(values)"])
    }
    #expect(
      error.description == "160,000 combinations and seeds; expected at most 100,000", "\(error)")
    #expect(throws: ExperimentError.self) { try sweep([], seeds: 0...UInt64.max) }
  }

  /// A key within a section that is fixed may be swept over.
  @Test func aPartOfWhatIsFixed() throws {
    let sweep = try sweep(
      ["backward.threshold=0.25,0.5"], given: ["backward={threshold: 1, reset: zero}"])
    #expect(sweep.jobs.map(\.preset.dynamics.backward.threshold) == [0.25, 0.5])
    #expect(sweep.jobs.allSatisfy { $0.preset.dynamics.backward.reset == .zero })
  }
}
