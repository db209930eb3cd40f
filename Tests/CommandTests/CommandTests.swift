import Foundation
import SpideData
import Testing

/// The commands, through the real program: exit codes, one-line errors, formats.
@Suite(.serialized) struct CommandTests {
  private static let wrong: [(String, Int32)] = [
    ("--nonsense", 64), ("train --threads 0", 64), ("train --set steps", 64),
    ("trace --out /tmp/x", 64), ("trace --sample 999 --out /tmp/x", 64), ("", 64),
    ("train --set steps.forward=0", 65), ("train --preset nowhere", 66),
    ("train --preset /x/y.yaml", 66), ("screens show nowhere", 66),
    ("train --preset cifar100-cifarnet-f --data /nowhere", 66),
    ("trace --preset cifar10-dvs-convnet-f --data /nowhere --sample 0 --out /tmp/x", 66),
    ("trace --sample 0 --checkpoint /nowhere.safetensors --out /tmp/x", 66),
    ("trace --sample 0 --out /nowhere/x.safetensors", 73),
    ("train --resume", 64), ("train --save-every 5", 64),
    ("train --checkpoint x --save-every 0", 64),
    ("train --checkpoint x.safetensors --save-every 5", 64), ("evaluate", 64),
    ("evaluate --checkpoint /nowhere", 66), ("train --checkpoint /etc/passwd/x", 73),
    ("train --checkpoint /nowhere/x.safetensors", 73), ("train --metrics /nowhere/x.jsonl", 73),
    ("train --tensorboard /proc/nowhere", 73), ("export", 64), ("import --authors x", 64),
    ("export --authors /tmp/x", 65), ("import --authors /tmp/x --out /tmp/x", 65),
    ("export --preset digits-conv --authors /nowhere/x", 73),
    ("export --preset digits-conv --checkpoint /nowhere/x --authors /tmp/x", 66),
    ("import --preset digits-conv --authors /nowhere/x --out /tmp/x", 66),
  ]

  @Test(arguments: wrong)
  func exitCodes(_ arguments: String, _ code: Int32) throws {
    let run = try Program.run(arguments.split(separator: " ").map(String.init))
    #expect(run.exitCode == code, "\(run.errors)")
    #expect(run.output.isEmpty)
    // The argument parser adds its usage; everything else is one line.
    if code != 64 { #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)") }
  }

  @Test func anErrorInAPresetSaysWhere() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("name: bad\nsummary: x\ndat: {}\n", "bad.yaml")
    let run = try Program.run(["train", "--preset", path])
    #expect(run.exitCode == 65)
    #expect(run.errors.hasPrefix("\(path):3:1: "))
    #expect(run.errors.contains("data"))
  }

  /// A bare dictionary is refused by the authors' feedback: the help and README update the model's own.
  @Test func exportSaysHowItsFileIsLoaded() throws {
    let help = try Program.run(["export", "--help"]).output
    let readme = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../README.md")
    for text in [help, try String(contentsOf: readme.standardized, encoding: .utf8)] {
      for part in [
        " = model.state_dict()", ".update(safetensors.torch.load_file(", "model.load_state_dict(",
      ] {
        #expect(text.contains(part), "\(part) in \(text)")
      }
      #expect(!text.contains("load_state_dict(safetensors"))
    }
  }

  @Test func listsAndInformation() throws {
    #expect(try Program.run(["--version"]).output == "0.1.0\n")
    let presets = try Program.run(["presets"]).output
    for name in ["digits", "digits-conv", "digits-lif", "digits-recurrent"] {
      #expect(presets.contains(name))
    }
    let shown = try Program.run(["presets", "show", "digits"]).output
    #expect(shown.contains("name: digits\n"))
    #expect(try Program.run(["screens"]).output.contains("key 1"))
    #expect(try Program.run(["screens", "panels"]).output.contains("\nforward-raster  "))
    for command in [
      ["presets", "--json"], ["screens", "--json"], ["screens", "panels", "--json"],
      ["info", "--json"],
    ] {
      let run = try Program.run(command)
      #expect(throws: Never.self) { try JSON(parsing: run.output.utf8) }
    }
    let info = try Program.run(
      ["info", "--data", "/d"], environment: ["XDG_CACHE_HOME": "/c", "XDG_DATA_HOME": "/x"]
    ).output
    for text in [
      "not a terminal", "  /d/mnist  (not there)", "  /d/cifar10/cifar-10-batches-bin  (not there)",
      "  /x/spide-tui/cifar100/cifar-100-binary  (not there)",
      "  /c/spide-tui/cifar10-dvs  (not there)",
    ] {
      #expect(info.contains(text), "\(text)")
    }
  }

  @Test func aBrokenPresetOfTheUserIsListed() throws {
    let folder = try TemporaryFolder()
    let directory = folder.path("spide-tui/presets")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try "name: mine\n".write(toFile: directory + "/mine.yaml", atomically: true, encoding: .utf8)
    let run = try Program.run(["presets"], environment: ["XDG_CONFIG_HOME": folder.path("")])
    #expect(run.exitCode == 0)
    #expect(run.output.contains("mine.yaml:1:1: "), "\(run.output)")
  }

  /// A recording that is overwritten in the middle of training ends it with one line, and with nothing like a result.
  @Test func aBadRecordingStopsTraining() throws {
    let folder = try TemporaryFolder()
    for name in [
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ] {
      let directory = folder.path("cifar10-dvs/\(name)")
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      for number in [1, 900] {
        try (Data("#!AER-DAT2.0\n".utf8) + Data(count: 8))
          .write(to: URL(fileURLWithPath: "\(directory)/\(number).aedat"))
      }
    }
    let recording = folder.path("cifar10-dvs/frog/1.aedat")
    let run = try Program.run(
      [
        "train", "--preset", "cifar10-dvs-convnet-f", "--data", folder.path(""), "--json",
        "--set", "network.input.convolution.channels=2",
        "--set", "network.feedback.convolution.channels=2", "--set", "training.epochs=100000",
        "--set", "steps.backward=3",
      ], shell: "(sleep 2; echo no recording >'\(recording)') & exec \"$0\" \"$@\"")
    #expect(run.exitCode == 65 && run.output.isEmpty)
    #expect(run.errors.contains("frog/1.aedat: "))
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
  }

  /// A preset without data is for traces, and asking for its data is a wrong use.
  @Test func aPresetWithoutDataIsForTraces() throws {
    let folder = try TemporaryFolder()
    let bare = ["--set", "data={ source: none, shape: [1, 8, 8], classes: 10 }"]
    for command in [["train"], ["trace", "--sample", "0", "--out", folder.path("t")]] {
      let run = try Program.run(command + bare)
      #expect(run.exitCode == 64 && run.output.isEmpty)
      #expect(
        run.errors
          == "spide-tui: preset digits has no data (source: none); it is for spide-tui trace --input\n"
      )
    }
  }

  /// A label that is given takes the place of the sample's own.
  @Test func aTraceHasTheLabelThatIsGiven() throws {
    let folder = try TemporaryFolder()
    func trace(_ arguments: String...) throws -> (loss: Float, logits: [Float]) {
      let path = folder.path("t.safetensors")
      let run = try Program.run(["trace", "--sample", "3", "--out", path] + arguments)
      #expect(run.exitCode == 0, "\(run.errors)")
      let file = try SafetensorsFile(path: path)
      return (try file.finiteFloats("loss")[0], try file.finiteFloats("logits"))
    }
    for label in 0..<10 {
      let given = try trace("--label", "\(label)")
      let sum = given.logits.reduce(0) { $0 + exp(Double($1)) }
      #expect(abs(Double(given.loss) - (log(sum) - Double(given.logits[label]))) < 1e-4)
    }
  }

  /// The same seed gives the same weights on one thread and on two, and the same as an earlier run.
  @Test func trainingIsReproducible() throws {
    let folder = try TemporaryFolder()
    var files: [Data] = []
    for threads in ["1", "2"] {
      let path = folder.path("w\(threads).safetensors")
      let metrics = folder.path("m\(threads).jsonl")
      let run = try Program.run([
        "train", "--set", "training.epochs=2", "--threads", threads, "--json", "--checkpoint", path,
        "--metrics", metrics, "--log-every", "10",
      ])
      #expect(run.exitCode == 0, "\(run.errors)")
      let result = try JSON(parsing: run.output.utf8)
      #expect(result["preset"] == .string("digits"))
      #expect(result["threads"] == .int(Int(threads) ?? 0))
      guard case .array(let epochs)? = result["epochs"] else {
        Issue.record("no epochs in \(run.output)")
        return
      }
      #expect(epochs.count == 2)
      for key in [
        "epoch", "learning_rate", "train_loss", "train_accuracy", "test_loss", "test_accuracy",
        "forward_rate", "backward_rate", "samples_per_second", "seconds", "synaptic_operations",
      ] {
        #expect(epochs[0][key] != nil, "\(key)")
      }
      let lines = try String(contentsOfFile: metrics, encoding: .utf8).split(separator: "\n")
      #expect(lines.filter { $0.contains("\"kind\":\"epoch\"") }.count == 2)
      #expect(lines.filter { $0.contains("\"kind\":\"batch\"") }.count == 4)
      files.append(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
    #expect(files[0] == files[1])

    // The checkpoint is read where it fits and refused where it does not.
    let trace = folder.path("t.safetensors")
    let weights = folder.path("w1.safetensors")
    let fits = try Program.run(["trace", "--sample", "3", "--checkpoint", weights, "--out", trace])
    #expect(fits.exitCode == 0, "\(fits.errors)")
    let tensors = try SafetensorsFile(path: trace)
    #expect(tensors["forward.0.spikes"]?.shape == [30, 128])
    #expect(tensors["backward.1.potential"]?.shape == [100, 64])
    #expect(tensors["gradient.feedback.weight"]?.shape == [128, 64])
    #expect(tensors["equilibrium.1"] != nil && tensors["implicit.0"] != nil)
    let refused = try Program.run([
      "trace", "--preset", "digits-recurrent", "--sample", "3", "--checkpoint", weights, "--out",
      trace,
    ])
    #expect(refused.exitCode == 65)
  }

  /// Weights go out under the authors' names and come back with the same bits, as a checkpoint of their own.
  @Test func weightsGoToTheAuthorsAndBack() throws {
    let folder = try TemporaryFolder()
    let theirs = folder.path("authors.safetensors")
    let ours = folder.path("w.safetensors")
    let again = folder.path("again.safetensors")
    let preset = ["--preset", "digits-conv"]
    for arguments in [
      ["export", "--seed", "5", "--authors", theirs],
      ["import", "--authors", theirs, "--out", ours],
      ["export", "--checkpoint", ours, "--authors", again],
    ] {
      let run = try Program.run(arguments + preset)
      #expect(run.exitCode == 0 && run.output.isEmpty && run.errors.isEmpty, "\(run.errors)")
    }
    #expect(
      FileManager.default.contents(atPath: theirs) == FileManager.default.contents(atPath: again))
    #expect(try SafetensorsFile(path: theirs)["network_s2.convT.weight_w"]?.shape == [16, 8, 3, 3])
    let file = try SafetensorsFile(path: ours)
    #expect(file["feedback.weight"]?.shape == [16, 8, 3, 3])
    #expect(file.metadata["preset"]?.contains("name: digits-conv") == true)

    let run = try Program.run(
      [
        "import", "--authors", theirs, "--out", ours, "--set",
        "network.links.0.convolution.kernel=1",
        "--set", "network.links.0.convolution.padding=0",
      ] + preset)
    #expect(run.exitCode == 65)
    #expect(
      run.errors
        == "spide-tui: \(theirs): tensor network_s1.conv.weight is [16, 8, 3, 3]; expected [16, 8, 1, 1]\n"
    )
  }

  /// A record for each epoch and each batch asked for.
  @Test func trainingWritesForTensorBoard() throws {
    let folder = try TemporaryFolder()
    let board = folder.path("runs/a")
    let run = try Program.run([
      "train", "--set", "training.epochs=2", "--tensorboard", board, "--log-every", "10",
    ])
    #expect(run.exitCode == 0, "\(run.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: board)
    #expect(names.count == 1)
    for name in names {
      let contents = try Data(contentsOf: URL(fileURLWithPath: "\(board)/\(name)"))
      let text = String(decoding: contents, as: UTF8.self)
      for (tag, count) in [
        ("brain.Event:2", 1), ("loss/train", 2), ("accuracy/test", 2), ("batch/loss", 4),
        ("batch/rate/backward/L1", 4), ("samples_per_second", 2),
      ] {
        #expect(text.components(separatedBy: tag).count == count + 1, "\(tag)")
      }
    }
  }

  @Test func interruptedTrainingKeepsItsWeights() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("w.safetensors")
    let run = try Program.run(
      ["train", "--set", "training.epochs=10000", "--checkpoint", path], interruptAfterLines: 2)
    #expect(run.exitCode == 130)
    #expect(run.errors.contains("interrupted after"))
    #expect(try SafetensorsFile(path: path)["classifier.bias"]?.shape == [10])
  }
}
