import Foundation
import SpideData
import Testing

/// Long training through the real program: what is interrupted goes on as if nothing had been.
@Suite(.serialized) struct ResumeTests {
  /// A small network, of which an epoch (23 batches) takes some hundredths of a second.
  static let small = [
    "--set", "network.input.dense.units=12", "--set", "network.feedback.dense.units=12",
    "--set", "network.links.0.dense.units=8", "--set", "steps.backward=10",
  ]

  static func train(_ folder: String, epochs: Int, _ more: String...) -> [String] {
    ["train", "--checkpoint", folder, "--set", "training.epochs=\(epochs)"] + more
  }

  static func succeed(_ arguments: [String]) throws -> Program {
    let run = try Program.run(arguments)
    #expect(run.exitCode == 0, "\(run.errors)")
    return run
  }

  /// All files of a folder by name, but the wall-clock times.
  static func files(_ path: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path) where name != "times.json"
    {
      files[name] = try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
    }
    return files
  }

  static func json(_ text: String) throws -> JSON { try JSON(parsing: text.utf8) }

  /// Epoch records without their times.
  private func timeless(_ records: JSON?) -> [JSON] {
    guard case .array(let values)? = records else { return [] }
    return values.map(timeless)
  }

  private func timeless(_ record: JSON) -> JSON {
    guard case .object(let members) = record else { return record }
    return .object(members.filter { $0.0 != "seconds" && $0.0 != "samples_per_second" })
  }

  private func lines(_ path: String) throws -> [JSON] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .map { timeless(try JSON(parsing: $0.utf8)) }
  }

  /// 4 epochs = 2 and 2 more on other threads = up to the middle of an epoch and from there: the same files, records
  /// and metrics.
  @Test(arguments: ["{sgd: {momentum: 0.9}}", "{adam: {beta1: 0.9, beta2: 0.999}}"])
  func fourEpochsAreTwoAndTwo(_ optimizer: String) throws {
    let scratch = try TemporaryFolder()
    let (a, b, c) = (scratch.path("a"), scratch.path("deep/b"), scratch.path("c"))
    let settings = Self.small + ["--set", "training.optimizer=\(optimizer)"]
    func metrics(_ name: String) -> [String] {
      ["--metrics", scratch.path("\(name).jsonl"), "--log-every", "10"]
    }
    let straight = try Self.succeed(
      Self.train(a, epochs: 4, "--threads", "2", "--seed", "7", "--json") + metrics("a") + settings)
    let expected = try Self.files(a)
    #expect(
      expected.keys.sorted() == [
        "batch-00000046.safetensors", "batch-00000069.safetensors", "batch-00000092.safetensors",
        "best.safetensors",
      ])

    _ = try Self.succeed(
      Self.train(b, epochs: 2, "--threads", "1", "--seed", "7", "--save-every", "9")
        + metrics("b") + settings)
    // Preset, seed and overrides come from the checkpoint.
    let resumed = try Self.succeed(
      Self.train(b, epochs: 4, "--threads", "2", "--resume", "--json") + metrics("b"))
    #expect(resumed.errors.contains("resuming from \(b)/batch-00000046.safetensors: 2 epochs"))
    // What the first part left says that it was to end there; all else is the same.
    #expect(try Self.files(b).keys == expected.keys)
    for (name, data) in try Self.files(b) where !name.contains("46") {
      #expect(data == expected[name], "\(name)")
    }
    let (one, two) = (try Self.json(straight.output), try Self.json(resumed.output))
    #expect(timeless(one["epochs"]).count == 4)
    #expect(timeless(one["epochs"]) == timeless(two["epochs"]))
    #expect(one["best_test_accuracy"] == two["best_test_accuracy"])
    #expect(one["seed"] == .int(7) && two["seed"] == .int(7))
    // Times go on from those of the first part.
    guard case .array(let epochs)? = two["epochs"] else { return }
    let seconds = epochs.compactMap { epoch -> Double? in
      if case .double(let seconds)? = epoch["seconds"] { return seconds }
      return nil
    }
    #expect(seconds.count == 4 && zip(seconds, seconds.dropFirst()).allSatisfy { $0 < $1 })

    // From the middle of the second epoch, with its two later checkpoints gone; metrics are ahead then.
    _ = try Self.succeed(
      Self.train(c, epochs: 2, "--seed", "7", "--save-every", "9") + metrics("c") + settings)
    for name in ["batch-00000046", "batch-00000045", "best"] {
      try FileManager.default.removeItem(atPath: "\(c)/\(name).safetensors")
    }
    let middle = try Self.succeed(
      Self.train(c, epochs: 4, "--resume", "--seed", "7") + metrics("c") + settings)
    #expect(middle.errors.contains("batch-00000036.safetensors: 1 epoch, 36 batches"))
    #expect(try Self.files(c) == expected)
    let wanted = try lines(scratch.path("a.jsonl"))
    #expect(wanted.count == 4 + 9)
    #expect(try lines(scratch.path("b.jsonl")) == wanted)
    #expect(try lines(scratch.path("c.jsonl")) == wanted)
    // A metrics file that has nothing yet gets the epochs of the whole run, and once only.
    for _ in 0..<2 {
      _ = try Self.succeed(
        Self.train(c, epochs: 4, "--resume", "--metrics", scratch.path("late.jsonl")))
    }
    #expect(try lines(scratch.path("late.jsonl")) == timeless(one["epochs"]))
  }

  /// A single file is a checkpoint too.
  @Test func aSingleFileGoesOn() throws {
    let scratch = try TemporaryFolder()
    let (a, b) = (scratch.path("a.safetensors"), scratch.path("b.safetensors"))
    _ = try Self.succeed(Self.train(a, epochs: 3) + Self.small)
    let fresh = try Self.succeed(Self.train(b, epochs: 2, "--resume") + Self.small)
    #expect(fresh.errors == "nothing to resume in \(b): starting a new run\n")
    let resumed = try Self.succeed(Self.train(b, epochs: 3, "--resume", "--json"))
    #expect(FileManager.default.contentsEqual(atPath: a, andPath: b))
    // Its times are not kept.
    guard case .array(let epochs)? = try Self.json(resumed.output)["epochs"] else { return }
    #expect(epochs.count == 3 && epochs[0]["seconds"] == .null && epochs[2]["seconds"] != .null)
  }

  @Test func whatDoesNotFitIsSaidInOneLine() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("a")
    _ = try Self.succeed(Self.train(path, epochs: 1) + Self.small)
    let before = try Self.files(path)
    for (arguments, code, part) in [
      (["--resume", "--preset", "digits-lif"], 65, "another value of neuron"),
      (["--resume", "--set", "network.links.0.dense.units=9"], 65, "another value of network"),
      (["--resume", "--preset", "digits"], 65, "another value of steps.backward"),
      (["--resume", "--seed", "2"], 65, "trained with seed 1"),
      (["--resume", "--set", "training.batch=32"], 65, "another value of training.batch"),
      (["--resume", "--set", "training.learning-rate.base=1"], 65, "training.learning-rate"),
      (["--resume", "--set", "training.loss-scale=3"], 65, "training.loss-scale"),
      (["--resume", "--set", "data.augment={horizontal-flip: true}"], 65, "another value of data"),
      ([], 73, "expected --resume, or another folder"),
    ] as [([String], Int32, String)] {
      let run = try Program.run(["train", "--checkpoint", path] + arguments)
      #expect(run.exitCode == code && run.output.isEmpty, "\(arguments)")
      #expect(run.errors.contains(part) && run.errors.contains(path), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }
    #expect(try Self.files(path) == before)
  }

  @Test(arguments: [SIGINT, SIGTERM]) func interruptedAndResumed(_ signal: Int32) throws {
    let scratch = try TemporaryFolder()
    let (a, b) = (scratch.path("a"), scratch.path("b"))
    let run = try Program.run(
      Self.train(a, epochs: 100_000) + Self.small, interruptAfterLines: 2, with: signal)
    #expect(run.exitCode == 130)
    #expect(run.errors.contains("interrupted after"))
    #expect(run.errors.contains("--resume goes on from \(a)"))
    let newest = try #require(CheckpointFolder.newest(in: a))
    let epoch = try #require(Int(try SafetensorsFile(path: newest).metadata["epoch"] ?? ""))
    #expect(epoch >= 2)
    _ = try Self.succeed(Self.train(a, epochs: epoch + 2, "--resume"))
    _ = try Self.succeed(Self.train(b, epochs: epoch + 2) + Self.small)
    for name in ["best.safetensors", CheckpointFolder.newest(in: b) ?? ""] {
      let file = (name as NSString).lastPathComponent
      #expect(FileManager.default.contentsEqual(atPath: "\(a)/\(file)", andPath: "\(b)/\(file)"))
    }
  }

  /// Killed fifty times at random moments, many of them while a checkpoint is written and some before the first: there is
  /// always one that can be read, and in the end it is as if nothing had been.
  @Test func killedAtAnyMoment() throws {
    let scratch = try TemporaryFolder()
    let (a, b) = (scratch.path("a"), scratch.path("b"))
    func records(_ name: String) -> [String] {
      ["--metrics", scratch.path("\(name).jsonl"), "--log-every", "3"]
    }
    let endless =
      Self.train(a, epochs: 100_000, "--resume", "--save-every", "2") + records("a") + Self.small
    /// Counts from the start, or from the first checkpoint of its own however long that takes on a busy machine.
    func kill(after microseconds: UInt32, fromCheckpoint: Bool) throws {
      let former = CheckpointFolder.newest(in: a)
      let process = try Program.process(endless)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      let deadline = ContinuousClock.now + .seconds(300)
      while fromCheckpoint, CheckpointFolder.newest(in: a) == former, process.isRunning,
        ContinuousClock.now < deadline
      {
        usleep(1000)
      }
      usleep(microseconds)
      Glibc.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal, "it had to be killed")
    }
    var batches: [Int] = []
    for round in 0..<50 {
      let moment = UInt32.random(in: 0...100_000)
      try kill(after: moment, fromCheckpoint: round % 5 != 1)
      let newest = try #require(CheckpointFolder.newest(in: a), "after \(moment) µs")
      let file = try SafetensorsFile(path: newest)
      #expect(Checkpoint.isIn(file))
      batches.append(try #require(Int(file.metadata["batch"] ?? "")))
    }
    // All but each fifth have got further.
    #expect(batches == batches.sorted() && Set(batches).count >= 40, "\(batches)")
    let epochs = (batches.last ?? 0) / 23 + 4
    let last = try Self.succeed(
      Self.train(a, epochs: epochs, "--resume", "--json") + records("a"))
    _ = try Self.succeed(Self.train(b, epochs: epochs) + records("b") + Self.small)
    #expect(try lines(scratch.path("a.jsonl")) == lines(scratch.path("b.jsonl")))
    let (killed, straight) = (try Self.files(a), try Self.files(b))
    #expect(killed.keys.sorted() == straight.keys.sorted(), "nothing stale is left")
    for (name, data) in killed where name != "best.safetensors" {
      #expect(data == straight[name], "\(name)")
    }
    // The best may be of a part that was to go on for more epochs.
    let bests = try [a, b].map { try SafetensorsFile(path: "\($0)/best.safetensors") }
    #expect(bests[0].tensors == bests[1].tensors)
    for tensor in bests[0].tensors {
      #expect(bests[0].values(of: tensor) == bests[1].values(of: tensor), "\(tensor.name)")
    }
    for key in bests[0].metadata.keys where key != "overrides" {
      #expect(bests[0].metadata[key] == bests[1].metadata[key], "\(key)")
    }
    guard case .array(let records)? = try Self.json(last.output)["epochs"] else { return }
    #expect(records.count == epochs)
  }

  /// A disk that is full, or as good as: one line, exit 73, and what was there is still there.
  @Test(arguments: ["limit", "disk"]) func aFullDisk(_ kind: String) throws {
    let scratch = try TemporaryFolder()
    let mount = scratch.path("disk")
    try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
    if kind == "disk" {
      // Room for two checkpoints of some 25 KB, and no more.
      let mounting = Process()
      mounting.executableURL = URL(fileURLWithPath: "/bin/sh")
      mounting.arguments = ["-c", "mount -t tmpfs -o size=64k tmpfs '\(mount)' 2>/dev/null"]
      try mounting.run()
      mounting.waitUntilExit()
      // Only root may; the other case says as much.
      guard mounting.terminationStatus == 0 else { return }
    }
    defer { if kind == "disk" { umount(mount) } }
    let path = mount + "/a"
    if kind == "limit" {
      _ = try Self.succeed(Self.train(path, epochs: 1) + Self.small)
    }
    let run = try Program.run(
      Self.train(path, epochs: 100, "--resume") + Self.small,
      largestFile: kind == "limit" ? 4 : nil)
    #expect(run.exitCode == 73)
    let reason = kind == "limit" ? "File too large" : "No space left on device"
    #expect(
      run.errors.hasSuffix(": \(reason); expected a file that can be written\n"), "\(run.errors)")
    let newest = try #require(CheckpointFolder.newest(in: path))
    let evaluation = try Self.succeed(["evaluate", "--checkpoint", path, "--json"])
    #expect(try Self.json(evaluation.output)["samples"] == .int(359))
    #expect(kind == "disk" || newest.hasSuffix("batch-00000023.safetensors"))
    let hidden = try FileManager.default.contentsOfDirectory(atPath: path)
    #expect(!hidden.contains { $0.hasSuffix(".tmp") })
  }

  @Test func aSingleFileOnAFullDisk() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("full.safetensors")
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
    let run = try Program.run(Self.train(path, epochs: 1) + Self.small)
    #expect(run.exitCode == 73)
    #expect(run.errors.contains("\(path): No space left on device"))
  }
}
