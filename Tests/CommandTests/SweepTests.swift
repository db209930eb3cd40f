import Foundation
import SpideData
import SpideExperiment
import Testing

/// `spide-tui sweep` through the real program.
@Suite(.serialized) struct SweepTests {
  /// Eight rows of a small network, each of which takes some tenths of a second.
  private static let over = [
    "--over", "steps.backward=5,10", "--over", "training.learning-rate.decay-at=[1,2],[]",
    "--seeds",
    "2", "--epochs", "2",
  ]
  private static let small = ResumeTests.small.map {
    $0.hasPrefix("steps.") ? "steps.forward=20" : $0
  }

  private func sweep(_ out: String, _ arguments: [String] = Self.over) -> [String] {
    ["sweep", "--out", out] + arguments + Self.small
  }

  /// Rows without seconds, in the order of their values and seeds.
  private func rows(_ path: String) throws -> [[String]] {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let cells = try lines.map { try #require(CSV.cells($0.utf8)) }
    let seconds = cells[0].firstIndex(of: "seconds")
    return try lines.indices.map { line in
      try #require(cells[line].count == cells[0].count, "\(lines[line])")
      var row = cells[line]
      if let seconds { row[seconds] = "" }
      return row
    }.dropFirst().sorted { $0.lexicographicallyPrecedes($1) }
  }

  private func number(_ json: JSON?) -> String? {
    guard case .double? = json else { return nil }
    return json?.description
  }

  /// Every row has what `train --json` says, digit by digit.
  @Test func whatTrainFinds() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("map.csv")
    let run = try ResumeTests.succeed(sweep(path))
    #expect(run.output.isEmpty && run.errors.isEmpty, "\(run.errors)")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(
      text.hasPrefix(
        "steps.backward,training.learning-rate.decay-at,seed,best_test_accuracy,test_accuracy,"
          + "test_loss,train_loss,seconds,energy_uJ,mean_forward_rate,mean_backward_rate\n"))
    let table = try SweepTable(path: path)
    #expect(table.rows.count == 8)
    for row in try rows(path) {
      let run = try ResumeTests.succeed(
        [
          "train", "--json", "--threads", "2", "--seed", row[2], "--set", "training.epochs=2",
          "--set",
          "steps.backward=\(row[0])", "--set", "training.learning-rate.decay-at=\(row[1])",
        ] + Self.small)
      let json = try ResumeTests.json(run.output)
      guard case .array(let epochs)? = json["epochs"], let last = epochs.last else {
        Issue.record("no epochs in \(run.output)")
        continue
      }
      #expect(epochs.count == 2)
      #expect(row[3] == number(json["best_test_accuracy"]))
      #expect(row[4] == number(json["test_accuracy"]))
      for (column, key) in [
        (5, "test_loss"), (6, "train_loss"), (9, "mean_forward_rate"), (10, "mean_backward_rate"),
      ] {
        #expect(row[column] == number(last[key]), "\(key)")
      }
      let energies = epochs.compactMap { number($0["energy_uJ"]).flatMap(Double.init) }
      #expect(row[8] == energies.reduce(0, +).description)
    }
    // Nothing is missing, so nothing runs; a third seed is added.
    _ = try ResumeTests.succeed(sweep(path))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    _ = try ResumeTests.succeed(sweep(path, Self.over + ["--seed", "3"]))
    let longer = try String(contentsOfFile: path, encoding: .utf8)
    #expect(longer.hasPrefix(text))
    #expect(
      try SweepTable(path: path).rows.map(\.place.seed).suffix(8).sorted() == [
        3, 3, 3, 3, 4, 4, 4, 4,
      ])
  }

  /// Killed twenty times at random moments and gone on with: the rows of a sweep without interruption.
  @Test func killedAtAnyMoment() throws {
    let scratch = try TemporaryFolder()
    let (straight, killed) = (scratch.path("straight.csv"), scratch.path("killed.csv"))
    let over = ["--over", "steps.backward=3,5,8,10", "--seeds", "15", "--epochs", "2"]
    _ = try ResumeTests.succeed(sweep(straight, over))
    let expected = try rows(straight)
    #expect(expected.count == 60)
    func count() -> Int { (try? SweepTable(path: killed).rows.count) ?? 0 }
    var counts: [Int] = []
    for round in 0..<20 {
      let former = count()
      let process = try Program.process(sweep(killed, over + ["--threads", "2"]))
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      // From the start, or from the first row of its own however long that takes on a busy machine.
      let deadline = ContinuousClock.now + .seconds(120)
      while round % 4 != 1, count() == former, process.isRunning, ContinuousClock.now < deadline {
        usleep(500)
      }
      usleep(UInt32.random(in: 0...50_000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      counts.append(count())
      // A row that was cut short, as by a machine that stops.
      guard round % 3 == 0, let bytes = FileManager.default.contents(atPath: killed),
        let line = bytes.split(separator: 10).last, counts[round] > 0
      else { continue }
      try bytes.dropLast(Int.random(in: 1...line.count))
        .write(to: URL(fileURLWithPath: killed))
    }
    _ = try ResumeTests.succeed(sweep(killed, over))
    #expect(try rows(killed) == expected)
    #expect(Set(counts).count >= 5, "\(counts)")
  }

  /// Two programs on one file, and one of them killed.
  @Test func twoPrograms() throws {
    let scratch = try TemporaryFolder()
    let (straight, shared) = (scratch.path("straight.csv"), scratch.path("shared.csv"))
    let over = ["--over", "steps.backward=3,5,8,10", "--seeds", "5", "--epochs", "2"]
    _ = try ResumeTests.succeed(sweep(straight, over))
    let programs = try (0..<3).map { _ in
      let process = try Program.process(sweep(shared, over + ["--threads", "1"]))
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }
    usleep(300_000)
    kill(programs[0].processIdentifier, SIGKILL)
    for program in programs { program.waitUntilExit() }
    #expect(programs.dropFirst().allSatisfy { $0.terminationStatus == 0 })
    #expect(try rows(shared) == rows(straight))
  }

  /// The listed commands, run by a shell and side by side, write the rows of the sweep.
  @Test func listedCommands() throws {
    let scratch = try TemporaryFolder()
    let (straight, listed) = (scratch.path("straight.csv"), scratch.path("it's $listed.csv"))
    let over = [
      "--over", "steps.backward=5", "--over", "training.learning-rate.decay-at=[1,2],[]", "--seeds",
      "2",
      "--epochs", "1",
    ]
    _ = try ResumeTests.succeed(sweep(straight, over))
    let list = try ResumeTests.succeed(sweep(listed, over + ["--list"])).output
    #expect(!FileManager.default.fileExists(atPath: listed), "nothing ran")
    let commands = list.split(separator: "\n")
    #expect(commands.count == 4 && Set(commands).count == 4)
    #expect(
      commands[1].contains(" --seed 2 ")
        && commands[1].contains("'training.learning-rate.decay-at=[1,2]'"))
    let script = try scratch.write(commands.map { "\($0) &\n" }.joined() + "wait\n", "all.sh")
    let run = try Program.run([script], shell: #"/bin/bash "$1""#)
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(try rows(listed) == rows(straight))
    // Seeds alone, too.
    let seeds = try ResumeTests.succeed(["sweep", "--seeds", "2", "--out", listed, "--list"]).output
    #expect(seeds.split(separator: "\n").last?.contains("--seed 2 --seeds 1 --out ") == true)
  }

  @Test(arguments: [SIGINT, SIGTERM]) func interrupted(_ signal: Int32) throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("map.csv")
    let over = ["--over", "steps.backward=5,10", "--over", "training.epochs=1,100000"]
    let process = try Program.process(sweep(path, over + ["--threads", "2"]))
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let deadline = ContinuousClock.now + .seconds(120)
    while (try? SweepTable(path: path).rows.count) ?? 0 < 1, process.isRunning,
      ContinuousClock.now < deadline
    {
      usleep(10_000)
    }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let count = try SweepTable(path: path).rows.count
    #expect((1...2).contains(count))
    #expect(
      said
        == "spide-tui: interrupted with \(count) of 4 rows in \(path); the same command does the rest\n"
    )
  }

  /// The numbers of `inspect`, from fresh weights and from a file's.
  @Test func whatInspectFinds() throws {
    let scratch = try TemporaryFolder()
    let weights = scratch.path("w.safetensors")
    _ = try ResumeTests.succeed(
      ["train", "--checkpoint", weights, "--set", "training.epochs=1"] + Self.small)
    for (name, more, values) in [
      ("fresh", ["--seeds", "2"], [("steps.backward", ["5", "20"])]),
      ("trained", ["--checkpoint", weights], [("backward.threshold", ["0.5", "0.1"])]),
    ] {
      let path = scratch.path("\(name).csv")
      let key = values[0].0
      _ = try ResumeTests.succeed(
        sweep(
          path,
          [
            "--over", "\(key)=\(values[0].1.joined(separator: ","))", "--measure", "gradient",
            "--samples",
            "2..9",
          ] + more))
      let rows = try rows(path)
      #expect(rows.count == (name == "fresh" ? 4 : 2))
      for row in rows {
        let checkpoint = name == "fresh" ? [] : more
        let run = try ResumeTests.succeed(
          [
            "inspect", "--json", "--samples", "2..9", "--seed", row[1], "--set", "\(key)=\(row[0])",
          ] + checkpoint + Self.small)
        let json = try ResumeTests.json(run.output)
        guard case .array(let parameters)? = json["parameters"] else { continue }
        func mean(_ key: String) -> String {
          let values = parameters.compactMap { number($0[key]).flatMap(Double.init) }
          return (values.reduce(0, +) / Double(values.count)).description
        }
        let energy = json["ledger"]?["energy_uJ"]
        let stages = ["forward", "backward", "gradient"].compactMap {
          number(energy?[$0]).flatMap(Double.init)
        }
        #expect(stages.count == 3)
        #expect(
          row.dropFirst(2) == [
            mean("cosine"), mean("relative_error"), stages.reduce(0, +).description,
          ])
      }
    }
  }

  /// A training that diverges is a row without figures, and the others go on.
  @Test func aDivergence() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("map.csv")
    let run = try ResumeTests.succeed(
      sweep(path, ["--over", "training.learning-rate.base=1e6,0.1", "--epochs", "3"]))
    let table = try SweepTable(path: path)
    #expect(table.rows.count == 2, "\(run.errors)")
    let bad = try #require(table.rows.first { $0.place.values[0].number == 1e6 })
    #expect(
      table.figure("test_accuracy", of: bad) == nil && table.figure("seconds", of: bad) != nil)
    #expect(run.errors.hasPrefix("spide-tui: training.learning-rate.base=1e6 seed 1: "))
    #expect(run.errors.hasSuffix("; its row has no figures\n"), "\(run.errors)")
    let good = try #require(table.rows.first { $0.place.values[0].number == 0.1 })
    #expect(table.figure("test_accuracy", of: good) != nil)
    #expect(
      try ResumeTests.succeed(
        sweep(path, ["--over", "training.learning-rate.base=1e6,0.1", "--epochs", "3"])
      ).errors.isEmpty)
  }

  /// A full disk is a line, and what was finished stays.
  @Test func aFullDisk() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("map.csv")
    let over = ["--over", "steps.backward=3,5,8", "--seeds", "6", "--epochs", "1"]
    // The definition is the largest: it has the preset's text.
    _ = try ResumeTests.succeed(sweep(path, ["--over", "steps.backward=3", "--epochs", "1"]))
    let run = try Program.run(sweep(path, over), largestFile: 2)
    #expect(run.exitCode == 73)
    #expect(
      run.errors == "spide-tui: \(path): File too large; expected a file that can be written\n")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasSuffix("\n") && text.utf8.count <= 1024)
    #expect(try SweepTable(path: path).rows.count >= 3)
    _ = try ResumeTests.succeed(sweep(path, over))
    #expect(try SweepTable(path: path).rows.count == 18)
  }

  @Test(
    arguments: [
      ("--over steps.backward=5 --out x.txt", 64, "expected a file that ends in .csv"),
      ("--out x.csv", 64, "give --over KEY=V1,V2,…, or --seeds NUMBER"),
      ("--over steps.backward=5", 64, "--out"),
      ("--over steps.backward --out x.csv", 64, "expected KEY=V1,V2"),
      ("--over steps.backward=0 --out x.csv", 65, "--over steps.backward=0:1:16: "),
      ("--over steps.backward=5,5 --out x.csv", 65, "steps.backward is 5 twice"),
      ("--over =5 --out x.csv", 65, "no key in it"),
      ("--over steps.backwards=5 --out x.csv", 65, "backward"),
      ("--over steps.backward=5 --set steps.backward=6 --out x.csv", 65, "given besides"),
      ("--over training.epochs=5 --epochs 6 --out x.csv", 65, "training.epochs is given besides"),
      ("--seeds 0 --out x.csv", 64, "out of range"),
      ("--seeds 2 --seed 18446744073709551615 --out x.csv", 64, "too large for --seeds 2"),
      ("--seeds 2 --epochs 0 --out x.csv", 64, "out of range"),
      ("--seeds 2 --measure speed --out x.csv", 64, "expected training or gradient"),
      ("--seeds 2 --checkpoint w --out x.csv", 64, "--checkpoint goes with --measure gradient"),
      ("--seeds 2 --samples 0..3 --out x.csv", 64, "--samples goes with --measure gradient"),
      ("--seeds 2 --measure gradient --epochs 2 --out x.csv", 64, "--epochs goes with"),
      (
        "--seeds 2 --measure gradient --checkpoint w --out x.csv", 64,
        "--seeds has nothing to change"
      ),
      (
        "--over steps.backward=5 --measure gradient --samples 350..359 --out x.csv", 64,
        "--samples to 359 is out of range; expected 0 to 358"
      ),
      (
        "--over steps.backward=5 --measure gradient --checkpoint /nowhere/w --out x.csv", 66,
        "/nowhere/w"
      ),
      ("--over steps.backward=5 --preset nonesuch --out x.csv", 66, "no preset"),
      ("--over steps.backward=5 --out /nowhere/x.csv", 73, "/nowhere/x.csv: No such file"),
      (
        "--over steps.backward=5 --preset mnist-quick --data /nowhere --out x.csv", 66,
        "train-images-idx3-ubyte"
      ),
    ] as [(String, Int32, String)])
  func whatIsWrongIsOneLine(_ arguments: String, _ code: Int32, _ words: String) throws {
    let run = try Program.run(["sweep"] + arguments.split(separator: " ").map(String.init))
    #expect(run.exitCode == code, "\(run.errors)")
    #expect(run.output.isEmpty && run.errors.contains(words), "\(run.errors)")
    if code != 64 { #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)") }
    #expect(!FileManager.default.fileExists(atPath: "x.csv"))
  }

  @Test func anotherSweepIsRefused() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("map.csv")
    let over = ["--over", "steps.backward=5"]
    _ = try ResumeTests.succeed(sweep(path, over + ["--epochs", "1"]))
    let before = try String(contentsOfFile: path, encoding: .utf8)
    for (arguments, words) in [
      (over + ["--epochs", "2"], "it is that of a sweep with training.epochs=1"),
      (over + ["--epochs", "1", "--preset", "digits-lif"], "with another value of neuron"),
      (["--over", "neuron.leak=1"], "over steps.backward with --measure training"),
      (over + ["--measure", "gradient"], "over steps.backward with --measure training"),
    ] {
      let run = try Program.run(sweep(path, arguments))
      #expect(run.exitCode == 73 && run.errors.contains(words), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == before)
  }

  /// On a terminal there is a bar, and a line for each combination.
  @Test func onATerminal() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("map.csv")
    let app = try PseudoTerminal.launch(
      PseudoTerminal.built("spide-tui"), sweep(path, Self.over + ["--threads", "1"]), columns: 120)
    let ending = try app.waitForExit(120)
    #expect(ending.status == .exited(0))
    #expect(app.raw.contains("/8 ") && app.raw.contains(" left"), "\(app.raw)")
    #expect(
      app.raw.contains(
        "steps.backward=5 training.learning-rate.decay-at=[1,2] seed 1  test accuracy "))
    #expect(ending.leftovers.isEmpty)
  }

  /// What does not fit into memory is said before anything runs.
  @Test func tooLargeForMemory() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("map.csv")
    let run = try Program.run(
      [
        "sweep", "--over", "network.links.0.dense.units=8,8000", "--set",
        "network.input.dense.units=16000",
        "--set", "network.feedback.dense.units=16000", "--out", path,
      ], addressSpace: 2_000_000)
    #expect(run.exitCode == 70, "\(run.errors)")
    #expect(run.errors.contains("training on 1 thread takes at least"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
