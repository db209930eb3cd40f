import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// Runs in folders: saved, opened, gone on with, and followed.
@Suite struct RunFolderTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("spide-runs-\(UUID())").path

  private func clean() { try? FileManager.default.removeItem(atPath: folder) }

  /// What is saved goes on to the same bits, in another run beside it and by a training without a screen.
  @Test(arguments: [[], [SmallTraining.adam]]) func aSavedRunGoesOn(_ overrides: [String]) throws {
    defer { clean() }
    let small = try SmallTraining(overrides)
    let other = small.straight(75, changes: [10: small.zeroReset])
    var explorer = try small.play(
      ":train 10\n:fork zero neuron.reset=zero\n:train 20\n:run save \(folder)/zero\n8")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: "\(folder)/zero").sorted() == [
        "batch-00000030.safetensors", "metrics.jsonl", "times.json",
      ])
    let metrics = try String(contentsOfFile: "\(folder)/zero/metrics.jsonl", encoding: .utf8)
    #expect(metrics.split(separator: "\n").count == 1)

    // A training without a screen.
    let file = try #require(try CheckpointTarget.saved(at: "\(folder)/zero"))
    let preset = try #require(try Preset(recordedIn: file))
    let start = try Checkpoint(file, continuedBy: preset, samples: small.data.train.count)
    let data = small.data.with(forwardSteps: start.state.dynamics.forwardSteps)
    let trainer = Trainer(
      plan: preset.network, training: preset.training, trainSet: data.train, testSet: nil,
      threads: 2, state: start.state)
    while trainer.batchesDone < 75 {
      if trainer.epochIsComplete { _ = trainer.finishEpoch() }
      _ = trainer.trainBatch()
    }
    #expect(trainer.parameters == other[75].parameters)

    // The folder as a run of its own, with the curves of its epochs.
    try explorer.playOn(":run open \(folder)/zero\nEsc")
    #expect(explorer.text.contains("3 zero-2 (here)"), "\(explorer.text)")
    #expect(explorer.text.contains("from file"))
    #expect(explorer.model.parameters == other[30].parameters)
    #expect(explorer.model.session.dynamics == small.zeroReset)
    try explorer.playOn(":train 45\n:goto update 40")
    #expect(explorer.model.parameters == other[40].parameters)
    try explorer.playOn(":goto update 75")
    #expect(explorer.model.parameters == other[75].parameters)
    try explorer.playOn(":run zero\n:train 45")
    #expect(explorer.model.parameters == other[75].parameters)
  }

  /// A saved run is closed and quit without a question, and saved again where it was.
  @Test func whatIsSavedIsNotAskedAbout() throws {
    defer { clean() }
    let small = try SmallTraining()
    var explorer = try small.play(
      "8\n:train 10\n:run save \(folder)/a\n:fork b neuron.reset=zero\n:train 5\n:run save \(folder)/b"
    )
    try explorer.playOn(":train 20\n:run save\nEsc\n:run close")
    #expect(explorer.text.contains("1 run"), "\(explorer.text)")
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/b").sorted()
    #expect(
      names == [
        "batch-00000015.safetensors", "batch-00000035.safetensors", "metrics.jsonl", "times.json",
      ])
    try explorer.playOn("q")
    #expect(explorer.exitCode == 0)
  }

  /// Another run's folder is left alone.
  @Test func anotherRunsFolderIsRefused() throws {
    defer { clean() }
    let small = try SmallTraining()
    var explorer = try small.play(":train 10\n:run save \(folder)/a\n:fork b reset=zero\n:train 5")
    let before = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/a").sorted()
    let error = #expect(throws: ConfigurationError.self) {
      try explorer.playOn(":run save \(folder)/a")
    }
    #expect(
      error?.description.contains("another run's file is there") == true, "\(error as Any)")
    try explorer.playOn("Esc")
    #expect(throws: ConfigurationError.self) {
      try explorer.playOn(":run save \(folder)/a.safetensors")
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: "\(folder)/a").sorted() == before)
    try explorer.playOn("Esc\nq")
    #expect(explorer.exitCode == nil && explorer.text.contains("5 batches"))
  }

  /// A file that a run's folder has, but is another's, is neither written over nor added to.
  @Test(arguments: ["times.json", "metrics.jsonl", "best.safetensors"])
  func anothersFileIsLeftAlone(_ name: String) throws {
    defer { clean() }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "hello".write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
    let small = try SmallTraining()
    let error = #expect(throws: ConfigurationError.self) {
      try small.play(":train 25\n:run save \(folder)")
    }
    #expect(error?.description.contains(name) == true, "\(error as Any)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name])
    #expect(try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) == "hello")
  }

  /// What opens is the latest checkpoint of a folder: an earlier update is not put behind it.
  @Test func anEarlierUpdateNeedsAnotherFolder() throws {
    defer { clean() }
    let small = try SmallTraining()
    var explorer = try small.play("8\n:train 30\n:run save \(folder)/a\n:goto update 3")
    let error = #expect(throws: ConfigurationError.self) { try explorer.playOn(":run save") }
    #expect(error?.description.contains("a later update than 3") == true, "\(error as Any)")
    let saved = try WeightsFile.open("\(folder)/a")
    #expect(
      try WeightsFile.weights(in: saved, plan: small.preset.network)
        == small.straight(30)[30].parameters)
  }

  @Test func whatIsNoRunIsSaid() throws {
    defer { clean() }
    let small = try SmallTraining()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try WeightsFile.save(Parameters(zerosFor: small.preset.network), to: "\(folder)/w.safetensors")
    for (path, words) in [
      ("\(folder)/nothing", "nothing"), ("\(folder)/w.safetensors", "does not say its preset"),
    ] {
      var explorer = try small.play("8")
      #expect(throws: ConfigurationError.self) { try explorer.playOn(":run open \(path)") }
      #expect(explorer.text.contains(words), "\(explorer.text)")
    }
  }

  /// News of a folder that another program goes on writing: its curves and its newest weights.
  @Test(arguments: [true, false]) func newsOfAFolder(_ isOnScreen: Bool) throws {
    defer { clean() }
    let small = try SmallTraining()
    let straight = small.straight(47)
    var writer = try small.play(":train 24\n:run save \(folder)/a")
    var explorer = try small.play("8\n:run open \(folder)/a\nEsc")
    if !isOnScreen { try explorer.playOn(":set training.batch=32") }
    try writer.playOn(":train 23\n:run save")
    let file = try WeightsFile.open("\(folder)/a")
    let weights = try LoadedWeights(file, for: small.preset, samples: small.data.train.count)
    explorer.send(.runNews(RunNews(folder: "\(folder)/a", weights: weights)))
    #expect(explorer.text.contains("47"), "\(explorer.text)")
    if !isOnScreen { try explorer.playOn(":run a") }
    #expect(explorer.model.parameters == straight[47].parameters)
    try explorer.playOn(":train 2")
    #expect(explorer.model.parameters == small.straight(49)[49].parameters)
    // One that goes its own way here is followed no more.
    explorer.send(.runNews(RunNews(folder: "\(folder)/a", weights: weights)))
    #expect(explorer.model.parameters == small.straight(49)[49].parameters)
  }
}
