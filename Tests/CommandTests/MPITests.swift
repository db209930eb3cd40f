import Foundation
import SpideData
import Testing

/// Whether `mpirun` is there, and a program that it can start.
enum Launcher {
  static var isPossible: Bool {
    #if MPI
      return ["/usr/bin/mpirun", "/usr/local/bin/mpirun"].contains { path in
        FileManager.default.isExecutableFile(atPath: path)
      }
    #else
      return false
    #endif
  }
}

/// The real program over several processes, which `mpirun` starts: they train what one would, to the bit.
@Suite(.serialized, .enabled(if: Launcher.isPossible, "no mpirun, or a program without MPI"))
struct MPITests {
  /// More processes than processors, by anyone, and no waiting for what ends; an MPI that knows no such settings needs none.
  static let settings = [
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none",
    "OMPI_MCA_odls_base_sigkill_timeout": "0", "PATH": "/usr/local/bin:/usr/bin:/bin",
  ]

  static var isOpenMPI: Bool {
    let run = try? Program.run([], environment: settings, shell: "mpirun --version")
    return run?.output.contains("Open MPI") == true
  }

  /// Starts so many processes.
  static func run(_ arguments: [String], ranks: Int) throws -> Program {
    try Program.run(
      arguments, environment: settings, shell: #"exec mpirun -n \#(ranks) "$0" "$@""#)
  }

  /// Several commands as ranks of one job: each `$0` with its arguments.
  static func together(_ commands: String) throws -> Program {
    try Program.run(
      [], environment: settings, shell: "exec mpirun \(commands)")
  }

  static let adam = ["--set", "training.optimizer={adam: {beta1: 0.9, beta2: 0.999}}"]

  /// Checkpoints, and lines of metrics without their times.
  private func results(_ folder: String, _ metrics: String) throws -> ([String: Data], [String]) {
    let lines = try String(contentsOfFile: metrics, encoding: .utf8).split(separator: "\n").map {
      line -> String in
      guard case .object(let members) = try JSON(parsing: line.utf8) else { return String(line) }
      return JSON.object(members.filter { $0.0 != "seconds" && $0.0 != "samples_per_second" })
        .description
    }
    return (try ResumeTests.files(folder), lines)
  }

  @Test func sameFilesOnAnyNumberOfRanks() throws {
    let scratch = try TemporaryFolder()
    func arguments(_ name: String, _ threads: Int) -> [String] {
      ResumeTests.train(scratch.path(name), epochs: 2, "--threads", "\(threads)", "--seed", "7")
        + ["--save-every", "9", "--metrics", scratch.path("\(name).jsonl"), "--log-every", "10"]
        + ResumeTests.small + Self.adam
    }
    let alone = try ResumeTests.succeed(arguments("a", 2))
    let expected = try results(scratch.path("a"), scratch.path("a.jsonl"))
    #expect(expected.0.count == 4 && expected.1.count == 6)
    for (ranks, threads) in [(1, 2), (2, 1), (3, 2), (4, 1)] {
      let name = "r\(ranks)"
      let run = try Self.run(arguments(name, threads), ranks: ranks)
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(run.output.count(where: { $0 == "\n" }) == alone.output.count(where: { $0 == "\n" }))
      let found = try results(scratch.path(name), scratch.path("\(name).jsonl"))
      #expect(found.0.keys == expected.0.keys && found.1 == expected.1, "\(ranks) ranks")
      for (file, bytes) in found.0 {
        #expect(bytes == expected.0[file], "\(file), \(ranks) ranks")
      }
    }
  }

  /// A rank is killed at a random moment, again and again; what is resumed comes to the same end, on any number of ranks.
  @Test func whatIsKilledGoesOnToTheSameBits() throws {
    let scratch = try TemporaryFolder()
    let (straight, killed) = (scratch.path("a"), scratch.path("b"))
    let epochs = 80
    _ = try ResumeTests.succeed(
      ResumeTests.train(straight, epochs: epochs, "--seed", "3", "--save-every", "7")
        + ResumeTests.small)
    let arguments = ResumeTests.train(
      killed, epochs: epochs, "--seed", "3", "--threads", "1", "--save-every", "7", "--resume")
    var (kills, named) = (0, 0)
    for _ in 0..<20 {
      let (ranks, delay) = (Int.random(in: 2...3), Double.random(in: 0.1...0.9))
      let victim = Int.random(in: 0..<ranks)
      // Children in the order of their start, which is that of their ranks.
      let run = try Program.run(
        arguments + ResumeTests.small, environment: Self.settings,
        shell: #"""
          mpirun -n \#(ranks) "$0" "$@" & job=$!
          until [ -n "$(cat /proc/$job/task/*/children)" ]; do sleep 0.02; done
          sleep \#(delay)
          children=($(cat /proc/$job/task/*/children 2>/dev/null))
          [ -n "${children[\#(victim)]-}" ] && kill -9 "${children[\#(victim)]}" 2>/dev/null
          # Open MPI may wait for ever for one that is killed before it has begun.
          (sleep 20; kill -9 $job) >/dev/null 2>&1 & guard=$!
          wait $job
          code=$?
          pkill -9 -P $guard; kill -9 $guard 2>/dev/null
          exit $code
          """#)
      guard run.exitCode != 0 else { continue }
      kills += 1
      if run.errors.contains("rank \(victim)") { named += 1 }
    }
    #expect(kills >= 10, "\(kills) of 20 were killed")
    if Self.isOpenMPI { #expect(named >= kills / 2, "\(named) of \(kills) were named") }
    let last = try Self.run(arguments + ResumeTests.small, ranks: 2)
    #expect(last.exitCode == 0, "\(last.errors)")
    let expected = try ResumeTests.files(straight)
    let found = try ResumeTests.files(killed)
    #expect(found.keys == expected.keys)
    for (name, bytes) in found { #expect(bytes == expected[name], "\(name)") }
  }

  /// A signal to the launcher: the batch is finished and saved. The test's own threads have signals blocked, which the
  /// launcher would inherit.
  @Test(arguments: ["INT", "TERM", "USR1"]) func aSignalToTheLauncherSaves(_ signal: String) throws
  {
    let scratch = try TemporaryFolder()
    let (straight, stopped) = (scratch.path("a"), scratch.path("b"))
    let settings = ["--threads", "1", "--seed", "5"] + ResumeTests.small
    let run = try Program.run(
      ResumeTests.train(stopped, epochs: 100_000) + settings,
      environment: Self.settings.merging(["OMPI_MCA_odls_base_sigkill_timeout": "2"]) { $1 },
      shell: #"""
        \#(Self.unblocked)
        mpirun -n 2 "$0" "$@" & job=$!
        until [ -e '\#(stopped)/best.safetensors' ]; do sleep 0.1; done
        kill -\#(signal) $job
        wait $job
        """#)
    #expect(run.exitCode != 0)
    #expect(run.errors.contains("interrupted after "), "\(run.errors)")
    #expect(run.errors.contains("--resume goes on from \(stopped)"))
    let names = try FileManager.default.contentsOfDirectory(atPath: stopped)
    let file = try #require(names.filter { $0.hasPrefix("batch-") }.max())
    let batch = try #require(Int(file.dropFirst(6).prefix(8)))
    let epochs = batch / 23 + 1
    let resumed = try Self.run(
      ResumeTests.train(stopped, epochs: epochs, "--resume") + settings, ranks: 3)
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    _ = try ResumeTests.succeed(ResumeTests.train(straight, epochs: epochs) + settings)
    let last = "batch-\(String(format: "%08d", 23 * epochs)).safetensors"
    let bytes = try ResumeTests.files(stopped)[last]
    #expect(try bytes != nil && bytes == ResumeTests.files(straight)[last])
  }

  /// Has a shell start programs that no signal is blocked for.
  private static let unblocked =
    #"[ -n "${UNBLOCKED-}" ] || UNBLOCKED=1 exec python3 -c 'import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); os.execvp(sys.argv[1], sys.argv[1:])' bash -c "$BASH_EXECUTION_STRING" "$0" "$@""#

  /// A signal to one rank stops all.
  @Test func aSignalToOneRankStopsAll() throws {
    let scratch = try TemporaryFolder()
    let run = try Program.run(
      ResumeTests.train(scratch.path("a"), epochs: 100_000) + ResumeTests.small,
      environment: Self.settings,
      shell: #"""
        mpirun -n 2 "$0" "$@" & job=$!
        until [ -e '\#(scratch.path("a"))/best.safetensors' ]; do sleep 0.1; done
        children=($(cat /proc/$job/task/*/children))
        kill -INT "${children[1]}"
        wait $job
        """#)
    #expect(run.exitCode == 130, "\(run.errors)")
    #expect(run.errors.contains("interrupted after "))
  }

  @Test func differencesAreFoundAtTheStart() throws {
    let scratch = try TemporaryFolder()
    let program = try PseudoTerminal.built("spide-tui")
    let other = scratch.path("other")
    try FileManager.default.copyItem(atPath: program, toPath: other)
    let handle = try #require(FileHandle(forWritingAtPath: other))
    handle.seekToEndOfFile()
    handle.write(Data([0]))
    try handle.close()
    try writeImages(scratch.path("one"), pixel: 3)
    try writeImages(scratch.path("two"), pixel: 4)
    func refused(_ first: String, _ second: String, _ program: String = "$0") throws -> String {
      let folder = scratch.path("refused")
      let run = try Self.together(
        #"-n 1 "$0" train --checkpoint \#(folder) \#(first) : -n 1 "\#(program)" train "#
          + "--checkpoint \(folder) \(second)")
      #expect(run.exitCode == 65, "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder))
      let lines = run.errors.split(separator: "\n").filter { $0.hasPrefix("spide-tui: ") }
      #expect(lines.count == 1, "\(run.errors)")
      let line = String(lines.first ?? "")
      #expect(line.hasPrefix("spide-tui: rank 1 on "), "\(line)")
      return line
    }
    #expect(
      try refused("", "--set training.batch=16").contains(
        ": its preset has another value of training.batch; expected that of rank 0 on "))
    #expect(try refused("", "--seed 2").contains(": its seed is 2; expected that of rank 0 on "))
    #expect(try refused("--shards 4", "").contains(": its --shards is 8; expected that of "))
    #expect(try refused("", "", other).contains(": its program is "))
    let mnist = "--preset mnist-quick --data"
    #expect(
      try refused("\(mnist) \(scratch.path("one"))", "\(mnist) \(scratch.path("two"))").contains(
        ": its training set is "))
  }

  /// Images and labels of MNIST's form: 20 to train on and 20 to test.
  private func writeImages(_ folder: String, pixel: UInt8) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for part in ["train", "t10k"] {
      let images = [0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 28, 0, 0, 0, 28].map { UInt8($0) }
      let pixels = [UInt8](repeating: 0, count: 20 * 784 - 1) + [pixel]
      let labels = [0, 0, 8, 1, 0, 0, 0, 20].map { UInt8($0) } + (0..<20).map { UInt8($0 % 10) }
      try Data(images + pixels).write(
        to: URL(fileURLWithPath: "\(folder)/\(part)-images-idx3-ubyte"))
      try Data(labels).write(to: URL(fileURLWithPath: "\(folder)/\(part)-labels-idx1-ubyte"))
    }
  }

  /// One line says what failed and where, and all end with its code.
  @Test func aFailingRankIsNamed() throws {
    let scratch = try TemporaryFolder()
    try writeImages(scratch.path("one"), pixel: 3)
    let mnist = #"-n 1 "$0" train --preset mnist-quick --data"#
    let missing = try Self.together("\(mnist) \(scratch.path("one")) : \(mnist) /nowhere")
    #expect(missing.exitCode == 66, "\(missing.errors)")
    #expect(missing.errors.contains(" (rank 1 on "), "\(missing.errors)")
    let file = try scratch.write("", "file")
    let blocked = try Self.run(["train", "--checkpoint", file + "/a"], ranks: 2)
    #expect(blocked.exitCode == 73, "\(blocked.errors)")
    #expect(blocked.errors.contains(" (rank 0 on "), "\(blocked.errors)")
    // What all have in common is said once, and is no rank's.
    let unknown = try Self.run(["train", "--preset", "nothing"], ranks: 3)
    #expect(unknown.exitCode == 66 || unknown.exitCode == 65 || unknown.exitCode == 64)
    let lines = unknown.errors.split(separator: "\n").filter { $0.hasPrefix("spide-tui: ") }
    #expect(lines.count == 1 && !unknown.errors.contains("(rank "), "\(unknown.errors)")
  }

  /// A rank that stands still is not waited for without end.
  @Test func aSilentRankIsNamed() throws {
    let scratch = try TemporaryFolder()
    let run = try Program.run(
      ResumeTests.train(scratch.path("a"), epochs: 100_000) + ResumeTests.small,
      environment: Self.settings.merging(["SPIDE_RANK_TIMEOUT": "2"]) { $1 },
      shell: #"""
        mpirun -n 3 "$0" "$@" & job=$!
        until [ -e '\#(scratch.path("a"))/best.safetensors' ]; do sleep 0.1; done
        children=($(cat /proc/$job/task/*/children))
        kill -STOP "${children[1]}"
        (sleep 20; kill -9 "${children[1]}" $job) >/dev/null 2>&1 & guard=$!
        wait $job
        code=$?
        pkill -9 -P $guard; kill -9 "${children[1]}" $guard 2>/dev/null
        exit $code
        """#)
    #expect(run.exitCode == 69, "\(run.errors)")
    #expect(run.errors.contains("spide-tui: nothing from rank 1 on "), "\(run.errors)")
    #expect(!run.errors.contains("nothing from rank 0 "), "\(run.errors)")
    #expect(!run.errors.contains("nothing from rank 2 "), "\(run.errors)")
  }

  @Test func ranksWithNothingToDoAreTold() throws {
    let run = try Self.run(
      ["train", "--set", "training.epochs=1", "--shards", "2"] + ResumeTests.small, ranks: 3)
    #expect(run.exitCode == 0)
    #expect(
      run.errors.contains(
        "spide-tui: 3 ranks share 2 shards of a batch of 64: 1 of them have nothing to do; expected --shards 3 for a new run"
      ), "\(run.errors)")
  }
}

/// What needs no launcher: how a process finds that it is one of several, and shards.
@Suite struct RankCommandTests {
  /// No other MPI's processes, and none that train side by side over the same files.
  @Test(arguments: ["OMPI_COMM_WORLD", "PMI"]) func oneOfSeveralIsRefused(_ prefix: String) throws {
    let variables = ["\(prefix)_SIZE": "2", "\(prefix)_RANK": "0"]
    let other = try Program.run(["info"], environment: variables)
    #expect(
      other.errors
        == "spide-tui: info was started as one of 2 processes; expected one, as only train runs on several\n"
    )
    #expect(other.exitCode == 64 && other.output.isEmpty)
    #if !MPI
      let train = try Program.run(["train"], environment: variables)
      #expect(
        train.errors
          == "spide-tui: started as one of 2 processes, but this program was built without MPI; expected SPIDE_MPI=1 ./run, or swift build -c release --traits MPI\n"
      )
      #expect(train.exitCode == 64 && train.output.isEmpty)
    #endif
  }

  /// Shards decide the bits, go with the checkpoint, and are not changed when it goes on.
  @Test func shardsAreTheRuns() throws {
    let scratch = try TemporaryFolder()
    func train(_ name: String, epochs: Int, _ more: String...) throws -> Program {
      try Program.run(
        ResumeTests.train(scratch.path(name), epochs: epochs) + ResumeTests.small + more)
    }
    func last(_ name: String) throws -> Data? {
      try ResumeTests.files(scratch.path(name))["batch-00000046.safetensors"]
    }
    for (name, more) in [("a", []), ("b", ["--shards", "8"]), ("c", ["--shards", "3"])] {
      let run = try Program.run(
        ResumeTests.train(scratch.path(name), epochs: 2) + ResumeTests.small + more)
      #expect(run.exitCode == 0, "\(run.errors)")
    }
    #expect(try last("a") != nil && last("a") == last("b"))
    #expect(try last("a") != last("c"))
    let other = try train("c", epochs: 3, "--resume", "--shards", "4")
    #expect(other.exitCode == 65)
    #expect(
      other.errors.hasSuffix(
        ": it was trained with 3 shards; expected the same --shards, or none\n"), "\(other.errors)")
    #expect(try train("c", epochs: 3, "--resume").exitCode == 0)
    #expect(try train("a", epochs: 1, "--shards", "0").exitCode == 64)
  }
}
