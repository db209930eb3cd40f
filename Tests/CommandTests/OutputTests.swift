import Foundation
import SpideData
import Testing

/// Where the results go, and where they cannot: `"$0" "$@"` is the program in all shells here.
@Suite(.serialized) struct OutputTests {
  private static let call = #"exec "$0" "$@""#
  private static let small = ResumeTests.small + ["--set", "training.epochs=2"]

  /// Every command that prints.
  private static let printing: [[String]] = [
    ["presets"], ["presets", "--json"], ["presets", "show", "digits"], ["screens"],
    ["screens", "show", "stage"], ["screens", "panels"], ["info"], ["info", "--json"], ["--help"],
    ["--version"],
    ["train", "--help"], ["help", "trace"], ["--generate-completion-script", "bash"],
    ["train", "--json"] + small, ["train"] + small,
    ["bench", "--json", "--repeat", "1", "--batch", "2"] + ResumeTests.small,
    ["bench", "--repeat", "1", "--batch", "2"] + ResumeTests.small,
    ["bench", "--rates", "--repeat", "1"] + ResumeTests.small,
  ]

  @Test(arguments: printing)
  func aFullDiskIsOneLine(_ arguments: [String]) throws {
    let run = try Program.run(arguments, shell: Self.call + " >/dev/full")
    #expect(run.exitCode == 73)
    #expect(
      run.errors
        == "spide-tui: standard output: No space left on device; expected a place that takes it\n")
  }

  @Test func anEvaluationIsNotLost() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("w.safetensors")
    _ = try ResumeTests.succeed(["train", "--checkpoint", path] + Self.small)
    for arguments in [["--json"], []] {
      let run = try Program.run(
        ["evaluate", "--checkpoint", path] + arguments, shell: Self.call + " >/dev/full")
      #expect(run.exitCode == 73 && run.errors.hasPrefix("spide-tui: standard output: No space"))
    }
  }

  @Test(arguments: [["presets", "show", "digits"], ["info"], ["--help"]])
  func aClosedOutputIsOneLine(_ arguments: [String]) throws {
    let run = try Program.run(arguments, shell: Self.call + " >&-")
    #expect(run.exitCode == 73)
    #expect(
      run.errors
        == "spide-tui: standard output: Bad file descriptor; expected a place that takes it\n")
  }

  /// Quiet as others are, and no trap.
  @Test(arguments: [("default", 128 + SIGPIPE), ("ignore", 73)])
  func aPipeThatNobodyReads(_ handling: String, _ code: Int32) throws {
    for arguments in [["presets", "show", "digits"], ["presets"], ["--help"], ["info", "--json"]] {
      // The reader has ended before the program begins.
      let run = try Program.run(
        arguments,
        shell: """
          exec 4> >(exec true); wait $!
          env --\(handling)-signal=PIPE "$0" "$@" >&4; echo $?
          """)
      #expect(run.output == "\(code)\n", "\(arguments)")
      #expect(run.errors.isEmpty, "\(run.errors)")
    }
  }

  private static let failing: [([String], Int32)] = [
    (["evaluate", "--checkpoint", "/nowhere"], 66), (["--nonsense"], 64),
    (["train", "--set", "steps.forward=0"], 65), (["train", "--metrics", "/nowhere/x.jsonl"], 73),
    (["presets"], 0),
  ]

  @Test(arguments: failing)
  func errorsThatCannotBeToldKeepTheirCode(_ arguments: [String], _ code: Int32) throws {
    for place in ["/dev/full", "&-"] {
      let run = try Program.run(arguments, shell: Self.call + " 2>\(place)")
      #expect(run.exitCode == code, "2>\(place)")
    }
  }

  /// What was asked for is the training; its lines go nowhere.
  @Test(arguments: ["default", "ignore"])
  func trainingGoesOnWithoutReader(_ handling: String) throws {
    let scratch = try TemporaryFolder()
    let (path, metrics) = (scratch.path("w.safetensors"), scratch.path("m.jsonl"))
    let run = try Program.run(
      ["train", "--checkpoint", path, "--metrics", metrics] + ResumeTests.small
        + ["--set", "training.epochs=5"],
      shell: """
        exec 4> >(exec true); wait $!
        env --\(handling)-signal=PIPE "$0" "$@" >&4; echo $?
        """)
    #expect(run.output == "0\n" && run.errors.isEmpty, "\(run.errors)")
    #expect(try lines(metrics).count == 5)
    #expect(try SafetensorsFile(path: path).metadata["epoch"] == "5")
  }

  /// A file that the program opens must not get the number of a standard descriptor that was closed.
  @Test(arguments: [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
  func closedDescriptorsStayApartFromFiles(_ closing: String) throws {
    let scratch = try TemporaryFolder()
    let (path, metrics) = (scratch.path("w.safetensors"), scratch.path("m.jsonl"))
    let run = try Program.run(
      ["train", "--checkpoint", path, "--resume", "--metrics", metrics] + Self.small,
      shell: Self.call + " " + closing)
    let isLost = closing.contains(" >") || closing.hasPrefix(">")
    #expect(run.exitCode == (isLost ? 73 : 0))
    let records = try lines(metrics)
    #expect(records.count == 2)
    for (index, record) in records.enumerated() {
      #expect(try JSON(parsing: record.utf8)["epoch"] == .int(index + 1))
    }
    #expect(try SafetensorsFile(path: path).metadata["epoch"] == "2")
  }

  private func lines(_ path: String) throws -> [Substring] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
  }
}
