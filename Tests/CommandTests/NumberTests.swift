import SpideData
import Testing

/// Numbers on the command line.
@Suite(.serialized) struct NumberTests {
  private static let largest = "18446744073709551615"

  @Test(arguments: [
    ("train --seed", "-1", "0 to \(largest)"), ("train --seed", largest + "0", "0 to \(largest)"),
    ("trace --sample 0 --out x --seed", "-7", "0 to \(largest)"),
    ("train --threads", "-1", "1 to 256"), ("train --threads", "0", "1 to 256"),
    ("train --threads", "257", "1 to 256"), ("train --log-every", "-1", "1 or more"),
    ("train --log-every", "0", "1 or more"),
    ("train --checkpoint x --save-every", "-2", "1 or more"),
    ("trace --sample 0 --out x --label", "-1", "0 or more"),
    ("trace --out x --sample", "-1", "0 or more"),
    ("bench --batch", "-1", "1 or more"), ("bench --repeat", "-1", "1 or more"),
    ("bench --repeat", "9223372036854775808", "1 to 9223372036854775807"),
  ])
  func whatIsOutOfRangeIsSaidToBe(_ call: String, _ number: String, _ range: String) throws {
    let words = call.split(separator: " ").map(String.init)
    let option = try #require(words.last)
    for arguments in [words + [number], Array(words.dropLast()) + ["\(option)=\(number)"]] {
      let run = try Program.run(arguments)
      #expect(run.exitCode == 64)
      let line = run.errors.prefix { $0 != "\n" }
      #expect(line.hasPrefix("Error: The value '\(number)' is invalid for '\(option) <"))
      #expect(line.hasSuffix(">': out of range; expected \(range)"), "\(line)")
    }
  }

  @Test(arguments: ["", "x", "1.5", "1e3", "-", "--json", "٣"])
  func whatIsNoNumberIsSaidToBeNone(_ text: String) throws {
    let run = try Program.run(["train", "--threads", text])
    #expect(run.exitCode == 64)
    #expect(
      run.errors.contains("'--threads <threads>': expected a whole number, 1 to 256\n"),
      "\(run.errors)")
  }

  @Test func labelsAndSamplesOfThePreset() throws {
    for (arguments, problem) in [
      (["--sample", "0", "--label", "10"], "--label 10 is out of range; expected 0 to 9"),
      (["--sample", "359"], "--sample 359 is out of range; expected 0 to 358"),
    ] {
      let run = try Program.run(["trace", "--out", "/nowhere/x"] + arguments)
      #expect(run.exitCode == 64 && run.errors == "spide-tui: \(problem)\n")
    }
  }

  /// The largest seed stays what it is, in the result, in the checkpoint and on resuming.
  @Test(arguments: [largest, "9223372036854775808", "0"])
  func seedsOfEverySize(_ seed: String) throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("w.safetensors")
    let arguments = ["train", "--json", "--checkpoint", path, "--seed", seed] + ResumeTests.small
    for (epochs, more) in [("1", []), ("2", ["--resume"])] {
      let run = try ResumeTests.succeed(arguments + more + ["--set", "training.epochs=\(epochs)"])
      #expect(run.output.contains("\"seed\":\(seed),"), "\(run.output)")
      #expect(try SafetensorsFile(path: path).metadata["seed"] == seed)
    }
  }
}
