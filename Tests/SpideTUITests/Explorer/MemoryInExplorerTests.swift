import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// A preset that needs more memory than there is: refused when it is opened, or when training it is asked for.
@Suite struct MemoryInExplorerTests {
  private func preset(_ overrides: [String] = []) throws -> Preset {
    try PresetLibrary.ofTests.find("digits", overrides: overrides)
  }

  private func refusal(_ task: PresetTask, of preset: Preset, _ bytes: Int) -> String? {
    do throws(DataError) {
      try task.requireMemory(preset, MachineMemory(bytes: bytes))
      return nil
    } catch {
      #expect(error.kind == .outOfMemory)
      return error.description
    }
  }

  @Test func everyTaskHasItsNeed() throws {
    let tasks: [(PresetTask, String)] = [
      (.weights, "holding the weights"), (.stepping, "stepping through a sample"),
      (.evaluating(threads: 1), "testing on 1 thread"),
      (.tracing(hasLabel: true), "the trace of a sample"),
      (.training(threads: 2), "training on 2 threads"),
      (.watchedTraining(threads: 2), "training on 2 threads"),
      (.timing(batch: nil, threads: 2), "timing on 2 threads"),
    ]
    for (task, words) in tasks {
      let line = try #require(try refusal(task, of: preset(), 1000))
      #expect(line.hasPrefix("preset digits: \(words) takes at least "), "\(line)")
      #expect(line.hasSuffix("expected at most 0.0 MB, the memory of this machine"), "\(line)")
      #expect(try refusal(task, of: preset(), 1 << 30) == nil)
    }
    let digits = try preset()
    func need(_ batch: Int) -> Int {
      var training = digits.training
      training.batch = batch
      return MemoryNeed.benchmarking(
        digits.network, dynamics: digits.dynamics, training, frames: 1, threads: 1
      ).bytes
    }
    #expect(need(8) < need(64))
    #expect(refusal(.timing(batch: 8, threads: 1), of: digits, need(64) - 1) == nil)
    #expect(refusal(.timing(batch: 64, threads: 1), of: digits, need(64) - 1) != nil)
    let long = try preset(["steps.backward=100000"])
    #expect(try refusal(.tracing(hasLabel: true), of: preset(), 90_000_000) == nil)
    #expect(refusal(.tracing(hasLabel: true), of: long, 90_000_000) != nil)
  }

  @Test func trainingIsRefusedWhereSteppingIsNot() throws {
    let preset = try preset()
    // Enough to step, and to train unwatched, but not for the reports and the beginning of the recording, each of which has
    // the optimizer's state.
    let weights = MemoryNeed.weights(of: preset.network).bytes
    let unwatched = MemoryNeed.training(preset.network, preset.training, frames: 1, threads: 2)
    let need = unwatched.bytes + 3 * 2 * weights
    let memory = MachineMemory(bytes: need - 1)
    try PresetTask.stepping.requireMemory(preset, memory)
    try PresetTask.training(threads: 2).requireMemory(preset, memory)
    #expect(PresetTask.trainingObstacle(preset, threads: 2, MachineMemory(bytes: need)) == nil)
    #expect(PresetTask.trainingObstacle(preset, threads: 2, MachineMemory(bytes: 1 << 30)) == nil)
    let outside = Outside(dataDirectory: nil, threads: 2, memory: memory)
    guard
      case .opened(.success(let setup)) = outside.carryOut(
        .openText(preset, Model.RunRequest()), seed: 1)
    else {
      Issue.record("not opened")
      return
    }
    var model = Model(setup, screens: Driver.screens, width: 200)
    #expect(model.update(.input(.key(.character("t")))).isEmpty)
    #expect(model.view().canvas.text.contains("training on 2 threads takes at least "))
    guard case .simulate(let order)? = model.update(.input(.key(.character("s")))).first else {
      Issue.record("no step")
      return
    }
    _ = model.update(.simulated(order.carryOut()))
    #expect(model.session.position == 1)
  }

  @Test func openingIsRefusedWhereSteppingIs() throws {
    let outside = Outside(dataDirectory: nil, memory: MachineMemory(bytes: 1000))
    for effect in [
      Effect.openText(try preset(), Model.RunRequest()), .open(name: "digits", overrides: []),
    ] {
      guard case .opened(.failure(let failure)) = outside.carryOut(effect, seed: 1) else {
        Issue.record("opened")
        continue
      }
      #expect(failure.line.hasPrefix("preset digits: stepping through a sample takes at least "))
    }
  }
}
