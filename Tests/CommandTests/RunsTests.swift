import Foundation
import SpideData
import Testing

/// Runs between the explorer and training without a screen, through the real program.
@Suite(.serialized) struct RunsTests {
  private func picture(_ session: String, _ scratch: TemporaryFolder, _ more: [String]) throws
    -> String
  {
    try Data(session.utf8).write(to: URL(fileURLWithPath: scratch.path("s.play")))
    let out = scratch.path("p.txt")
    let run = try Program.run(
      ["picture", "--play", scratch.path("s.play"), "--size", "160x40", "--out", out] + more)
    #expect(run.exitCode == 0, "\(run.errors)")
    return try String(contentsOfFile: out, encoding: .utf8)
  }

  /// What the explorer saved, `train --resume` ends as if it had trained all of it.
  @Test func aSavedRunIsResumed() throws {
    let scratch = try TemporaryFolder()
    let (a, b) = (scratch.path("a"), scratch.path("b"))
    let settings = ResumeTests.small + ["--set", "training.epochs=3"]
    _ = try ResumeTests.succeed(
      ["train", "--checkpoint", a, "--seed", "7", "--metrics", "\(a).jsonl"] + settings)
    _ = try picture(":train 30\n:run save \(b)\n", scratch, ["--seed", "7"] + settings)
    let resumed = try ResumeTests.succeed([
      "train", "--checkpoint", b, "--resume", "--metrics", "\(b)/metrics.jsonl",
    ])
    #expect(resumed.errors.contains("1 epoch, 30 batches"), "\(resumed.errors)")
    let last = "batch-00000069.safetensors"
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: "\(a)/\(last)"))
        == Data(contentsOf: URL(fileURLWithPath: "\(b)/\(last)")))
    let records = try String(contentsOfFile: "\(b)/metrics.jsonl", encoding: .utf8)
    #expect(records.split(separator: "\n").count == 3)
  }

  /// Folders that were trained elsewhere are compared, gone on with and forked.
  @Test func foldersAreOpenedAsRuns() throws {
    let scratch = try TemporaryFolder()
    let (a, b) = (scratch.path("a"), scratch.path("low"))
    _ = try ResumeTests.succeed(
      ["train", "--checkpoint", a, "--set", "training.epochs=3"] + ResumeTests.small)
    _ = try ResumeTests.succeed(
      ["train", "--checkpoint", b, "--set", "training.epochs=2", "--set", "neuron.reset=zero"]
        + ResumeTests.small)
    let seen = try picture("8\nEsc\n", scratch, [a, b])
    #expect(seen.contains("1 a (here)") && seen.contains("2 low"), "\(seen)")
    #expect(seen.split(separator: "\n").contains { $0.contains("● a ") && $0.contains("◆ low ") })
    let forked = try picture(
      "8\n:run low\n:fork again Vth=1.1\n:train 5\n:curves updates test\nEsc\n", scratch, [a, b])
    #expect(forked.contains("3 again (here)") && forked.contains("low at 46"), "\(forked)")

    let missing = try Program.run(["picture", "--out", scratch.path("x.txt"), scratch.path("none")])
    #expect(missing.exitCode == 66 && missing.errors.contains("none"))
    let both = try Program.run([
      "picture", "--out", scratch.path("x.txt"), a, "--preset", "digits",
    ])
    #expect(both.exitCode == 64 && both.errors.contains("is a run with a preset of its own"))
  }
}
