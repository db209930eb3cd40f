import Foundation
import SpideData
import Testing

/// What `train` records beside its checkpoints, when a run is killed, resumed, or not the one that it was.
@Suite(.serialized) struct RecordsTests {
  private let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  private func train(_ name: String, epochs: Int, _ more: String...) -> [String] {
    ResumeTests.train(scratch.path(name), epochs: epochs) + ResumeTests.small + more
  }

  private func refused(_ arguments: [String], _ parts: String...) throws {
    let run = try Program.run(arguments)
    #expect(run.exitCode == 73 && run.output.isEmpty)
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    for part in parts { #expect(run.errors.contains(part), "\(run.errors)") }
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: scratch.path(name), encoding: .utf8)
  }

  /// Killed before there is a checkpoint, a run begins anew, and so do its records.
  @Test(arguments: ["jsonl", "csv"]) func killedBeforeTheFirstCheckpoint(_ format: String) throws {
    let path = scratch.path("m.\(format)")
    func records(_ path: String) -> [String] { ["--metrics", path, "--log-every", "1"] }
    for round in 0..<3 {
      let process = try Program.process(
        train("a", epochs: 9, "--resume", "--set", "training.batch=1") + records(path))
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      func lines() -> Int { ((try? text("m.\(format)")) ?? "").count { $0 == "\n" } }
      while process.isRunning, lines() < 20 { usleep(1000) }
      // Later the file has lines from the start; at some moment they are written anew.
      if round > 0 { usleep(UInt32.random(in: 0...100_000)) }
      Glibc.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      // Of 1438 batches, after which there is a checkpoint, unless this test was kept waiting.
      try? FileManager.default.removeItem(atPath: scratch.path("a"))
    }
    let settings = ["--set", "training.batch=1"]
    _ = try ResumeTests.succeed(train("a", epochs: 1, "--resume") + settings + records(path))
    let straight = scratch.path("n.\(format)")
    _ = try ResumeTests.succeed(train("b", epochs: 1) + settings + records(straight))
    let (mine, other) = try (text("m.\(format)"), text("n.\(format)"))
    #expect(mine.split(separator: "\n").dropLast() == other.split(separator: "\n").dropLast())
    #expect(mine.split(separator: "\n").last?.contains("epoch") == true)
  }

  @Test func anotherRunsMetricsAreRefused() throws {
    let metrics = ["--metrics", scratch.path("m.jsonl")]
    _ = try ResumeTests.succeed(train("a", epochs: 2) + metrics)
    _ = try ResumeTests.succeed(train("b", epochs: 2, "--seed", "2"))
    let before = try text("m.jsonl")
    try refused(
      train("b", epochs: 3, "--resume") + metrics,
      "m.jsonl: it ends with another run, whose epoch 1 has train_loss ",
      "; that of \(scratch.path("b"))/batch-00000046.safetensors has ")
    #expect(try text("m.jsonl") == before)
    // A new run is added, and then is the one that the file ends with.
    _ = try ResumeTests.succeed(train("c", epochs: 1, "--seed", "3", "--resume") + metrics)
    _ = try ResumeTests.succeed(train("c", epochs: 2, "--resume") + metrics)
    let after = try text("m.jsonl")
    #expect(after.hasPrefix(before) && after.split(separator: "\n").count == 4)
    try refused(train("a", epochs: 3, "--resume") + metrics, "it ends with another run")
  }

  /// A disk on which a record has no room leaves whole lines, and the run can be resumed.
  @Test func metricsOnAFullDisk() throws {
    let path = scratch.path("m.jsonl")
    let line = "{\"note\":\"\(String(repeating: "x", count: 3900))\"}\n"
    try line.write(toFile: path, atomically: false, encoding: .utf8)
    let records = ["--metrics", path, "--log-every", "2"]
    let run = try Program.run(
      ["train", "--set", "training.epochs=1"] + ResumeTests.small + records, largestFile: 8)
    #expect(run.exitCode == 73 && run.errors.contains("\(path): File too large"), "\(run.errors)")
    #expect(try text("m.jsonl").hasPrefix(line) && text("m.jsonl").hasSuffix("}\n"))
  }

  @Test func oneFolderOfCurvesARun() throws {
    let board = ["--tensorboard", scratch.path("tb")]
    _ = try ResumeTests.succeed(train("a", epochs: 1) + board)
    let first = try ResumeTests.files(scratch.path("tb"))
    let place = "tb: "
    try refused(
      train("b", epochs: 1) + board, place, "a run has its curves there; expected --resume")
    try refused(
      train("b", epochs: 1, "--resume", "--seed", "2") + board, place,
      "it has the curves of digits with seed 1; this run is digits with seed 2;")
    try refused(
      train("b", epochs: 1, "--resume", "--set", "neuron.threshold=2") + board, place,
      "this run is digits with seed 1 and another value of neuron;")
    try #require(first.count == 1)
    #expect(try ResumeTests.files(scratch.path("tb")) == first)
    _ = try ResumeTests.succeed(train("a", epochs: 2, "--resume") + board)
    #expect(try ResumeTests.files(scratch.path("tb")).count == 2)
    // One record of another program's, an empty graph.
    let foreign = try #require(Data(base64Encoded: "BAAAAAAAAABCRVIEEAMiAJ8STXU="))
    try foreign.write(to: URL(fileURLWithPath: scratch.path("tb/events.out.tfevents.1.x")))
    try refused(train("a", epochs: 3, "--resume") + board, place, "another program has its curves")
  }

  /// A script's background job is started with Ctrl-C ignored, and goes on when the script is ended by it.
  @Test func anIgnoredSignalStaysIgnored() throws {
    let run = try Program.run(
      ["train", "--set", "training.epochs=40"] + ResumeTests.small, interruptAfterLines: 1,
      shell: #"trap '' INT; exec "$0" "$@""#)
    #expect(run.exitCode == 0, "\(run.errors)")
  }
}
