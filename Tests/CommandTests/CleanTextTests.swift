import Foundation
import SpideData
import Testing

/// What commands a terminal reaches none, wherever the text is from.
@Suite(.serialized) struct CleanTextTests {
  private static let evil = "a\u{1b}[31m\u{9b}2J\u{202e}z"
  private static let harmless = #"a\u{1b}[31m\u{9b}2J\u{202e}z"#

  /// A configuration folder with a preset and a screen of that name.
  private func home() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for kind in ["presets", "screens"] {
      let directory = folder.path("spide-tui/\(kind)")
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      try "name: other\n".write(
        toFile: "\(directory)/\(Self.evil).yaml", atomically: true, encoding: .utf8)
    }
    return folder
  }

  @Test(arguments: [["presets"], ["screens"]])
  func lists(_ arguments: [String]) throws {
    let folder = try home()
    let run = try Program.run(arguments, environment: ["XDG_CONFIG_HOME": folder.path("")])
    #expect(
      run.output.contains(Self.harmless + "  ") && run.output.contains(Self.harmless + ".yaml:1"))
    expectClean(run.output)
  }

  @Test func paths() throws {
    let scratch = try TemporaryFolder()
    let folder = scratch.path(Self.evil)
    let arguments = ["train", "--checkpoint", folder, "--resume"] + ResumeTests.small
    let fresh = try Program.run(arguments + ["--set", "training.epochs=1"])
    let resumed = try Program.run(arguments + ["--set", "training.epochs=2"])
    let evaluated = try Program.run(["evaluate", "--checkpoint", folder])
    let info = try Program.run(["info", "--data", folder], environment: ["TERM": Self.evil])
    for text in [
      fresh.output, fresh.errors, resumed.output, resumed.errors, evaluated.output, info.output,
    ] {
      #expect(text.contains(Self.harmless), "\(text)")
      expectClean(text)
    }
  }

  /// One line, whatever stands in it, and how the program is used.
  @Test(arguments: [
    ["--\(evil)\n"], [evil + "\nb"], ["train", "--seed", evil], ["--cells", evil],
    ["train", "--threads=" + evil], ["trace", "--sample", "0", "--label", evil, "--out", "x"],
  ])
  func errorsOfTheParser(_ arguments: [String]) throws {
    let run = try Program.run(arguments)
    #expect(run.exitCode == 64 && run.output.isEmpty)
    let lines = run.errors.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4 && lines[3].isEmpty, "\(run.errors)")
    #expect(lines[0].hasPrefix("Error: ") && lines[0].contains(Self.harmless))
    #expect(lines[1].hasPrefix("Usage: spide-tui ") && lines[2].hasPrefix("  See 'spide-tui "))
    expectClean(run.errors)
  }

  /// At most 200 characters of what was given, and still all that is said about it.
  @Test func echoesAreShort() throws {
    let long = String(repeating: "x", count: 5000)
    let scratch = try TemporaryFolder()
    let missing = scratch.path(long)
    for (arguments, end) in [
      ([long], "…'"), (["--" + long], "…'"),
      (["train", "--seed", long], "expected a whole number"),
      (["train", "--threads", String(repeating: "9", count: 5000)], "out of range"),
      (["train", "--preset", long], "looked in"), (["train", "--set", long], "expected KEY=VALUE"),
      (["train", "--set", long + "=1"], "expected "),
      (["train", "--set=steps.forward=" + long], "expected "),
      (["evaluate", "--checkpoint", missing], "File name too long"),
      (["evaluate", "--checkpoint=" + missing], "File name too long"),
      (["trace", "--sample", "0", "--out", missing + ".safetensors"], "File name too long"),
      (["train", "--preset", "mnist-quick", "--data", missing], "looked in"),
      (["train", "--metrics", missing], "expected a name"), (["--screen", long], "a terminal"),
      (["presets", "show", missing], "looked in"),
    ] {
      let run = try Program.run(arguments, environment: ["TERM": "xterm" + long])
      #expect(run.exitCode != 0)
      let line = try #require(run.errors.split(separator: "\n").first)
      #expect(line.contains(end), "\(line)")
      #expect(!line.contains(String(repeating: "x", count: 201)), "\(arguments.first ?? "")")
      #expect(line.count < 3000)
    }
  }

  /// A file gets a preset as it is; a terminal gets it readable.
  @Test func aPresetThatIsShown() throws {
    let scratch = try TemporaryFolder()
    let text = "# \(Self.evil)\r\nname: x\t# tab\r\n\u{7}"
    let path = try scratch.write(text, "x.yaml")
    #expect(try Program.run(["presets", "show", path]).output == text)
    #expect(try Program.run(["screens", "show", path]).output == text)
    let app = try PseudoTerminal.launch(
      try PseudoTerminal.built("spide-tui"), ["presets", "show", path],
      environment: ["TERM": "dumb"])
    let end = try app.waitForExit()
    #expect(end.status == .exited(0) && end.leftovers == [])
    #expect(app.raw == "# \(Self.harmless)\r\nname: x\t# tab\r\n" + #"\u{7}"#)
  }

  /// A terminal that cannot redraw its line gets whole ones; one that can gets the bar too.
  @Test(arguments: ["dumb", "xterm", "", "nonsense"])
  func trainingOnATerminal(_ type: String) throws {
    let app = try PseudoTerminal.launch(
      try PseudoTerminal.built("spide-tui"),
      ["train", "--set", "training.epochs=2"] + ResumeTests.small,
      environment: ["TERM": type])
    let end = try app.waitForExit(60)
    #expect(end.status == .exited(0))
    #expect(app.raw.contains("epoch 2/2  loss ") && app.raw.contains("test accuracy"))
    #expect(app.raw.contains("\u{1b}") == (type == "xterm"))
    if type != "xterm" { expectClean(app.raw.replacing("\r\n", with: "\n")) }
  }

  private func expectClean(_ text: String, location: SourceLocation = #_sourceLocation) {
    let commands = text.unicodeScalars.filter {
      $0 != "\n" && [.control, .format].contains($0.properties.generalCategory)
    }
    #expect(commands.isEmpty, "\(commands.map(\.value)) in \(text)", sourceLocation: location)
  }
}
