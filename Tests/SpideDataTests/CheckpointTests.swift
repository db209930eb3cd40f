import Foundation
import SpideData
import SpideEngine
import Testing

@Suite struct CheckpointTests {
  let plan: NetworkPlan
  let training = TrainingPlan(
    epochs: 9, batch: 10, optimizer: .adam(beta1: 0.9, beta2: 0.999),
    learningRate: LearningRateSchedule(base: 0.05))

  init() throws { plan = try smallPlan() }

  func record(_ epoch: Int, accuracy: Double) -> EpochRecord {
    EpochRecord(
      epoch: epoch, learningRate: 0.05, trainLoss: 1 / 3, trainAccuracy: 0.5,
      testLoss: 0.25, testAccuracy: accuracy, forwardRate: [0.1, 2 / 7], backwardRate: [0, 1],
      samplesPerSecond: 100 * Double(epoch), seconds: Double(epoch), synapticOperations: 12345,
      testTop5Accuracy: 0.875, testForwardRate: [0.25, 1 / 3], meanForwardRate: 1 / 7,
      meanBackwardRate: 0.5,
      operations: StageOperations(
        forwardAccumulates: 12000, backwardAccumulates: 345, forwardProducts: 7,
        backwardProducts: 8, gradientProducts: 9))
  }

  /// After so many epochs of 3 batches (10, 10 and 4 samples), and so many samples more.
  func checkpoint(_ accuracies: [Double], samples: Int = 0) -> Checkpoint {
    var state = Trainer.State(
      plan: plan, dynamics: Dynamics(), training: training, seed: .max,
      parameters: smallWeights(plan))
    state.optimizer["momentum"] = smallWeights(plan)
    state.optimizer["momentum"]?.values[0][0] = -1
    state.optimizer["second_moment"]?.values[1][0] = 1e-30
    state.epochsDone = accuracies.count
    state.batchesDone = accuracies.count * 3 + (samples + 9) / 10
    state.optimizer.updates = state.batchesDone
    state.shards = ShardPlan(most: 16, order: .inPairs)
    state.tally.samples = samples
    if samples > 0 {
      state.tally.loss = 0.1 + 0.2
      state.tally.counts.forward.updates = [6000, 3000]
      state.tally.counts.forward.spikes = [2000, 0]
      state.tally.counts.backward.operations[1] = 7
      state.tally.counts.forward.multiplyAccumulates[0] = 11
      state.tally.counts.backward.multiplyAccumulates[2] = 12
      state.tally.counts.gradient = [13, 14, 15, 16]
      state.tally.samplesWithoutProducts = 10
    }
    return Checkpoint(
      preset: RecordedPreset(text: "name: x\n", overrides: ["a=1", "b=\n2"]),
      presetDynamics: Dynamics(), state: state,
      times: TrainingTimes(elapsed: .seconds(60), epochElapsed: .seconds(20)),
      epochs: accuracies.enumerated().map { record($0 + 1, accuracy: $1) }, trainSamples: 24,
      version: "1")
  }

  func read(_ path: String) throws -> Checkpoint {
    try Checkpoint(
      SafetensorsFile(path: path), plan: plan, dynamics: Dynamics(), training: training,
      trainSamples: 24)
  }

  /// All comes back to the bit, but times, which would make the files of equal runs differ.
  @Test func roundTripWithoutTimes() throws {
    let scratch = try Scratch()
    var written = checkpoint([0.5, 0.75], samples: 20)
    try written.write(to: scratch("c"))
    let read = try read(scratch("c"))
    #expect(read.preset == written.preset && read.version == "1" && read.trainSamples == 24)
    #expect(read.epochs.allSatisfy { $0.seconds.isNaN && $0.samplesPerSecond.isNaN })
    #expect(read.bestAccuracy == 0.75)
    let bytes = try scratch.bytes("c")
    #expect(read.state == written.state && read.times == TrainingTimes())
    #expect(try SafetensorsFile(path: scratch("c")).metadata["constants"] == nil)
    written.epochs[1].seconds = 99
    try written.write(to: scratch("c"))
    #expect(try scratch.bytes("c") == bytes, "times are not in the file")
    try read.write(to: scratch("c"))
    #expect(try scratch.bytes("c") == bytes, "what was read is what was written")
    let names = try SafetensorsFile(path: scratch("c")).tensors.map(\.name)
    for name in [
      "input.weight", "optimizer.momentum.input.weight", "optimizer.second_moment.classifier.bias",
      "optimizer.step",
    ] {
      #expect(names.contains(name))
    }
  }

  /// Amid the next epoch the weights are no longer those that were tested: they do not take the place of the best.
  @Test func theBestStandsAtTheEndOfItsEpoch() throws {
    let scratch = try Scratch()
    let folder = try CheckpointFolder(scratch("runs"))
    try folder.save(checkpoint([0.5]))
    try folder.save(checkpoint([0.5, 0.75]))
    try folder.save(checkpoint([0.5, 0.75], samples: 10))
    let best = try read(scratch("runs/best.safetensors"))
    #expect(best.state.samplesDone == 0 && best.state.batchesDone == 6)
    #expect(best.bestAccuracy == 0.75)
  }

  @Test func aFolderKeepsThreeAndTheBest() throws {
    let scratch = try Scratch()
    let path = scratch("runs/a/")
    var folder: CheckpointFolder? = try CheckpointFolder(path)
    #expect(CheckpointFolder.newest(in: path) == nil)
    let accuracies = [0.5, 0.9, 0.9, 0.6, 0.7]
    for count in 1...5 { try folder?.save(checkpoint(Array(accuracies[..<count]))) }
    try folder?.save(checkpoint(accuracies, samples: 10))
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(
      names == [
        "batch-00000012.safetensors", "batch-00000015.safetensors", "batch-00000016.safetensors",
        "best.safetensors", "times.json",
      ])
    #expect(try read(path + "best.safetensors").epochs.count == 2, "of equals the first is best")

    // The newest is told by its name, not by when the file was changed.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: 100)],
      ofItemAtPath: path + "batch-00000012.safetensors")
    let newest = try WeightsFile.open(path)
    #expect(newest.path.hasSuffix("batch-00000016.safetensors"))
    var latest = try read(newest.path)
    latest.restoreTimes(from: newest)
    #expect(latest.times.elapsed == .seconds(60) && latest.times.epochElapsed == .seconds(20))
    #expect(latest.epochs == checkpoint(accuracies).epochs)
    // Times of another moment than the file's: those of its last epoch.
    let best = try SafetensorsFile(path: path + "best.safetensors")
    var earlier = try read(best.path)
    earlier.restoreTimes(from: best)
    #expect(earlier.times.elapsed == .seconds(2) && earlier.times.epochElapsed == .zero)
    // Without the file, or with another's, times are unknown.
    try "{\"epochs\":[7,{}],\"batch\":16}".write(
      toFile: path + "times.json", atomically: false, encoding: .utf8)
    latest.restoreTimes(from: newest)
    #expect(latest.epochs[0].seconds.isNaN && latest.times.elapsed == .zero)

    // Nor are times that cannot be.
    for number in ["-1", "1e308", "9223372036854775807", "\"1\"", "null", "1e9"] {
      try #"{"epochs":[{"seconds":\#(number),"samples_per_second":\#(number)}],"batch":16,"#
        .appending(#""seconds":\#(number),"epoch_seconds":\#(number)}"#)
        .write(toFile: path + "times.json", atomically: false, encoding: .utf8)
      latest.restoreTimes(from: newest)
      #expect(latest.epochs[0].seconds.isNaN && latest.times.elapsed == .zero, "\(number)")
      #expect(latest.epochs[0].samplesPerSecond.isNaN || number == "1e9")
      #expect(latest.times.epochElapsed == .zero)
    }

    // One run at a time.
    expectFailure(.cannotCreate, path, "another run") { _ = try CheckpointFolder(path) }
    folder = nil
    _ = try CheckpointFolder(path)
  }

  @Test func whatAKilledRunLeftIsCleared() throws {
    let scratch = try Scratch()
    try scratch.write("a/.spide-tui-stale.tmp", [1])
    let living = try scratch.write("a/.spide-tui-living.tmp", [1])
    try scratch.write("a/.other.tmp", [1])
    let descriptor = open(living, O_RDONLY)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    _ = try CheckpointFolder(scratch("a"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch("a")).sorted()
        == [".other.tmp", ".spide-tui-living.tmp"])
  }

  /// What has a later checkpoint's name and is no file is not kept in place of one.
  @Test func namesWithoutFilesDoNotCount() throws {
    let scratch = try Scratch()
    let folder = try CheckpointFolder(scratch("run"))
    for number in 1...3 {
      try FileManager.default.createSymbolicLink(
        atPath: scratch("run/batch-8888888\(number).safetensors"), withDestinationPath: "/no/such")
    }
    try folder.save(checkpoint([0.5]))
    #expect(
      CheckpointFolder.newest(in: scratch("run")) == scratch("run/batch-00000003.safetensors"))
  }

  /// A link in the folder, there from the start or put there meanwhile, leads to nothing that is written.
  @Test(arguments: ["times.json", "best.safetensors", "batch-00000003.safetensors"])
  func linksAreNotFollowed(_ name: String) throws {
    let scratch = try Scratch()
    try scratch.write("victim", [1])
    let folder = try CheckpointFolder(scratch("run"))
    let link = scratch("run/\(name)")
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: "../victim")
    expectFailure(.cannotCreate, "\(link): it is no regular file") {
      try folder.save(checkpoint([0.5]))
    }
    #expect(try scratch.bytes("victim") == [1])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "../victim")
  }

  /// What is no file under the name of a checkpoint is none.
  @Test func theNewestIsAFile() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(
      atPath: scratch("batch-00000009.safetensors"), withIntermediateDirectories: false)
    #expect(mkfifo(scratch("batch-00000008.safetensors"), 0o644) == 0)
    #expect(mkfifo(scratch("best.safetensors"), 0o644) == 0)
    #expect(CheckpointFolder.newest(in: scratch.path) == nil)
    try checkpoint([0.5]).write(to: scratch("batch-00000003.safetensors"))
    #expect(
      CheckpointFolder.newest(in: scratch.path) == scratch("batch-00000003.safetensors"))
    #expect(
      try WeightsFile.open(scratch.path).path == scratch("batch-00000003.safetensors"))
  }

  @Test func foldersThatCannotBe() throws {
    let scratch = try Scratch()
    try scratch.write("file", [])
    expectFailure(.cannotCreate, scratch("file"), "Not a directory") {
      _ = try CheckpointFolder(scratch("file"))
    }
    expectFailure(.cannotCreate, scratch("file/x"), "Not a directory") {
      _ = try CheckpointFolder(scratch("file/x"))
    }
  }

  /// Each part of the metadata missing, or not what it should be; never a crash.
  @Test func whatDoesNotFitIsRefused() throws {
    let scratch = try Scratch()
    try checkpoint([0.5], samples: 20).write(to: scratch("c"))
    let file = try SafetensorsFile(path: scratch("c"))
    func rewritten(
      _ change: (inout SafetensorsWriter) -> Void, without: String? = nil
    ) throws -> SafetensorsFile {
      var writer = SafetensorsWriter(metadata: file.metadata)
      for tensor in file.tensors where tensor.name != without {
        let values = try #require(file.values(of: tensor))
        writer.add(name: tensor.name, shape: tensor.shape, values: values)
      }
      change(&writer)
      try writer.write(to: scratch("d"))
      return try SafetensorsFile(path: scratch("d"))
    }
    func refuses(_ part: String, _ file: SafetensorsFile, samples: Int = 24) {
      expectFailure(.badData, part) {
        _ = try Checkpoint(
          file, plan: plan, dynamics: Dynamics(), training: training, trainSamples: samples)
      }
    }
    for key in ["seed", "epoch", "batch", "tally", "epochs", "train_samples", "version"] {
      refuses("metadata \(key) is missing", try rewritten { $0.metadata[key] = nil })
    }
    for (key, values) in [
      ("seed", ["-1", "x"]), ("epoch", ["", "1.5"]), ("batch", ["∞"]), ("train_samples", ["{}"]),
      ("tally", ["[]", "{", #"{"samples":1}"#]),
      (
        "shards",
        [
          "8", "{}", #"{"most":0,"order":"in-turn"}"#, #"{"most":8,"order":"at-once"}"#,
          #"{"most":5000,"order":"in-turn"}"#,
        ]
      ),
      ("epochs", ["{}", "[1]", file.metadata["epochs", default: ""] + "]"]),
    ] {
      for value in values {
        refuses("metadata \(key) is", try rewritten { $0.metadata[key] = value })
      }
    }
    for (key, value) in [
      ("epoch", "2"), ("epoch", "-1"), ("epoch", "9223372036854775807"), ("batch", "4"),
      ("batch", "-9223372036854775808"), ("epochs", "[]"),
      (
        "tally",
        file.metadata["tally", default: ""].replacingOccurrences(of: ":20,", with: ":-20,")
      ),
    ] {
      refuses("do not go together", try rewritten { $0.metadata[key] = value })
    }
    let shards = try Checkpoint(
      file, plan: plan, dynamics: Dynamics(), training: training, trainSamples: 24
    ).state.shards
    #expect(shards == ShardPlan(most: 16, order: .inPairs))
    let older = try Checkpoint(
      rewritten { $0.metadata["shards"] = nil }, plan: plan, dynamics: Dynamics(),
      training: training, trainSamples: 24)
    #expect(older.state.shards == ShardPlan(most: 8, order: .inTurn))
    let tally = file.metadata["tally", default: ""]
    for (old, new, part) in [
      (#""correct":0"#, #""correct":-1"#, "tally has correct -1.0; expected 0 to 20.0"),
      (#""correct":0"#, #""correct":21"#, "tally has correct 21.0; expected 0 to 20.0"),
      (#""correct":0"#, #""correct":0.5"#, "expected sums over 2 layers"),
      (
        #""earlier_operations":0"#, #""earlier_operations":9223372036854775807"#,
        "tally has earlier_operations 9.2"
      ),
      (
        #""operations":[0,7"#, #""operations":[0,-7"#,
        "tally has backward operations of links.0 -7.0"
      ),
      (#""loss":0.3"#, #""loss":-0.3"#, "tally has loss -0.3"),
      (
        #""spikes":[2000,0]"#, #""spikes":[6001,0]"#,
        "tally has forward spikes of L0 6001.0; expected 0 to 6000.0"
      ),
      (#""updates":[6000,"#, #""updates":[6000,0,"#, "expected sums over 2 layers"),
    ] {
      try #require(tally.contains(old))
      refuses(
        part,
        try rewritten { $0.metadata["tally"] = tally.replacingOccurrences(of: old, with: new) })
    }
    for (value, part) in [
      ("0.75", #"best_accuracy is 0.75; expected the best of its epochs, 0.5"#), ("x", "is x"),
    ] {
      refuses(part, try rewritten { $0.metadata["best_accuracy"] = value })
    }
    refuses("best_accuracy is missing", try rewritten { $0.metadata["best_accuracy"] = nil })
    for step in [0, 4, Int64.max] {
      refuses(
        "optimizer.step is \(step); expected 5, a step for each batch",
        try rewritten(
          { $0.add(name: "optimizer.step", shape: [], values: .int64([step])) },
          without: "optimizer.step"))
    }
    refuses(
      "optimizer.second_moment.input.weight has a negative number",
      try rewritten(
        {
          $0.add(
            name: "optimizer.second_moment.input.weight", shape: [2, 1, 3, 3],
            floats: [Float](repeating: -1e-30, count: 18))
        },
        without: "optimizer.second_moment.input.weight"))
    refuses("weights alone", try rewritten({ _ in }, without: "optimizer.step"))
    refuses("weights alone", try rewritten { $0.metadata["preset"] = nil })
    refuses("overrides", try rewritten { $0.metadata["overrides"] = "a=1" })
    refuses(
      "optimizer.second_moment.input.bias is missing",
      try rewritten({ _ in }, without: "optimizer.second_moment.input.bias"))
    refuses(
      "is no count",
      try rewritten(
        { $0.add(name: "optimizer.step", shape: [1], values: .int64([-1])) },
        without: "optimizer.step"))
    refuses("trained on 24 samples", file, samples: 25)
  }
}
