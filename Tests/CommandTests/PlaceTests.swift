import Foundation
import SpideData
import Testing

/// Files that are not what they seem: pipes that nobody writes, links that lead elsewhere, files that may not be written.
@Suite(.serialized) struct PlaceTests {
  /// Ends the program where it waits for ever.
  private static let inTime = #"exec timeout -s KILL 30 "$0" "$@""#

  private func pipe(_ path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try #require(mkfifo(path, 0o644) == 0)
  }

  @Test(arguments: ["presets", "screens"])
  func aPipeInTheUsersFolderIsNotRead(_ kind: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("spide-tui/\(kind)/mine.yaml")
    try pipe(path)
    let environment = ["XDG_CONFIG_HOME": folder.path("")]
    let problem = "\(path): cannot be read: it is no regular file; expected a readable YAML file"
    let list = try Program.run([kind], environment: environment, shell: Self.inTime)
    #expect(list.exitCode == 0 && list.output.contains(problem), "\(list.output)")
    let shown = try Program.run(
      [kind, "show", "mine"], environment: environment, shell: Self.inTime)
    #expect(shown.exitCode == 66 && shown.errors == "spide-tui: \(problem)\n")
  }

  /// A pipe that the user names is read, as process substitution needs it; a link to a file is a file.
  @Test func pipesThatAreNamedAreRead() throws {
    let folder = try TemporaryFolder()
    let weights = folder.path("w.safetensors")
    _ = try ResumeTests.succeed(
      ["train", "--checkpoint", weights, "--set", "training.epochs=1"] + ResumeTests.small)
    let evaluated = try Program.run(
      ["evaluate", "--checkpoint"],
      shell: #"exec timeout -s KILL 30 "$0" "$@" <(cat '\#(weights)')"#)
    #expect(evaluated.exitCode == 0, "\(evaluated.errors)")
    let text = try Program.run(["presets", "show", "digits"]).output
    let preset = try folder.write(text, "digits.yaml")
    let shown = try Program.run(
      ["presets", "show"], shell: #"exec timeout -s KILL 30 "$0" "$@" <(cat '\#(preset)')"#)
    #expect(shown.output == text, "\(shown.errors)")
    let directory = folder.path("spide-tui/presets")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: directory + "/digits.yaml", withDestinationPath: preset)
    let linked = try Program.run(["presets"], environment: ["XDG_CONFIG_HOME": folder.path("")])
    #expect(linked.output.contains("(\(directory)/digits.yaml)"))
  }

  @Test func pipesInFoldersAreNotAwaited() throws {
    let folder = try TemporaryFolder()
    for name in [
      "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
      "t10k-labels-idx1-ubyte",
    ] {
      try pipe(folder.path("mnist/\(name)"))
    }
    let data = try Program.run(
      ["train", "--preset", "mnist-quick", "--data", folder.path("")], shell: Self.inTime)
    #expect(
      data.exitCode == 66 && data.errors.contains("ubyte: it is no regular file"), "\(data.errors)")

    let single = folder.path("single.safetensors")
    try pipe(single)
    let again = try Program.run(["train", "--checkpoint", single, "--resume"], shell: Self.inTime)
    #expect(again.exitCode == 65 && again.errors.contains("it is no regular file"))

    // A later name than that of the checkpoint, and the times.
    let path = folder.path("run")
    let train = ["train", "--checkpoint", path] + ResumeTests.small
    _ = try ResumeTests.succeed(train + ["--set", "training.epochs=1"])
    try pipe(path + "/batch-99999999.safetensors")
    let evaluated = try Program.run(["evaluate", "--checkpoint", path], shell: Self.inTime)
    #expect(evaluated.exitCode == 0 && evaluated.output.contains("batch-00000023"))
    try FileManager.default.removeItem(atPath: path + "/times.json")
    try pipe(path + "/times.json")
    let resumed = try Program.run(
      train + ["--resume", "--set", "training.epochs=2"], shell: Self.inTime)
    #expect(resumed.exitCode == 73 && resumed.errors.contains("times.json: it is no regular file"))
  }

  /// What lies outside a run's folder is not the run's to change.
  @Test func linksInARunsFolderAreNotFollowed() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("run")
    let victim = try folder.write("precious", "victim")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(path)/times.json", withDestinationPath: "../victim")
    let run = try Program.run(
      ["train", "--checkpoint", path, "--set", "training.epochs=1"] + ResumeTests.small)
    #expect(run.exitCode == 73 && run.output.isEmpty)
    #expect(
      run.errors
        == "spide-tui: \(path)/times.json: it is no regular file; expected a file that can be written\n"
    )
    #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
  }

  @Test func whatMayNotBeWrittenIsNotReplaced() throws {
    let folder = try TemporaryFolder()
    let weights = folder.path("authors.safetensors")
    let preset = ["--preset", "digits-conv"]
    _ = try ResumeTests.succeed(["export", "--authors", weights] + preset)
    let out = folder.path("out.safetensors")
    for arguments in [
      ["trace", "--sample", "0", "--out", out], ["export", "--authors", out] + preset,
      ["import", "--authors", weights, "--out", out] + preset,
      ["train", "--checkpoint", out, "--set", "training.epochs=1"] + ResumeTests.small,
    ] {
      try? FileManager.default.removeItem(atPath: out)
      _ = try folder.write("old", "out.safetensors")
      chmod(out, 0o444)
      let refused = try Program.run(arguments)
      #expect(refused.exitCode == 73, "\(arguments)")
      #expect(
        refused.errors
          == "spide-tui: \(out): Permission denied; expected a file that can be written\n")
      #expect(try String(contentsOfFile: out, encoding: .utf8) == "old")
      chmod(out, 0o640)
      let written = try Program.run(arguments)
      #expect(written.exitCode == 0, "\(written.errors)")
      let mode = try FileManager.default.attributesOfItem(atPath: out)[.posixPermissions] as? Int
      #expect(mode == 0o640, "\(arguments)")
    }
  }

  /// What the program keeps for itself is kept in the home of the tests.
  @Test func programsHaveAHomeOfTheTests() throws {
    let home = try #require(try Program.process([]).environment?["HOME"])
    #expect(home.hasPrefix(NSTemporaryDirectory()))
    let folder = try TemporaryFolder()
    for name in [
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ] {
      let directory = folder.path("cifar10-dvs/\(name)")
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      for number in [899, 900] {
        let file = URL(fileURLWithPath: "\(directory)/cifar10_\(name)_\(number).aedat")
        try (Data("#!AER-DAT2.0\n".utf8) + Data(count: 8)).write(to: file)
      }
    }
    let run = try Program.run([
      "train", "--preset", "cifar10-dvs-convnet-f", "--data", folder.path(""),
      "--set", "network.input.convolution.channels=2",
      "--set", "network.feedback.convolution.channels=2", "--set", "training.epochs=1",
      "--set", "steps.forward=2", "--set", "steps.backward=2",
    ])
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(FileManager.default.fileExists(atPath: home + "/.cache/spide-tui/cifar10-dvs"))
  }
}
