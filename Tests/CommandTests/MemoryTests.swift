import Foundation
import SpideConfiguration
import SpideData
import SpideData
import SpideEngine
import Testing

/// What would take more memory than there is ends with one line, before it is tried.
@Suite struct MemoryTests {
  /// As many weights as a preset may have: 1 GiB of them.
  private static let large = """
    name: large
    summary: As many weights as there may be.
    data: { source: none, shape: [16380], classes: 2 }
    steps: { forward: 2, backward: 2 }
    network: { input: { dense: { units: 16380 } } }
    training: { epochs: 1, batch: 64, learning-rate: { base: 0.1 } }

    """

  /// Runs the program with so many bytes of address space.
  private func run(_ arguments: [String], limit: Int) throws -> Program {
    try Program.run(arguments, addressSpace: limit / 1024)
  }

  @Test(arguments: [
    ["bench"], ["trace", "--sample", "0", "--out", "t"], ["train"], ["export", "--authors", "a"],
    ["bench", "--rates"],
  ])
  func aPresetBeyondMemoryIsRefused(command: [String]) throws {
    let folder = try TemporaryFolder()
    let preset = try folder.write(MemoryTests.large, "large.yaml")
    // Timing the rates and writing weights take less than the others.
    let limit =
      command[0] == "export"
      ? 900_000_000 : command.contains("--rates") ? 1_900_000_000 : 3_000_000_000
    let run = try run(command + ["--preset", preset, "--threads", "1"], limit: limit)
    #expect(run.exitCode == 70 && run.output.isEmpty, "\(run.errors)")
    let lines = run.errors.split(separator: "\n")
    #expect(lines.count == 1 && lines[0].hasPrefix("spide-tui: preset large: "), "\(run.errors)")
    #expect(lines[0].contains(" of memory; expected at most "), "\(run.errors)")
    #expect(lines[0].hasSuffix("B, the limit of the process") || lines[0].hasSuffix("machine"))
  }

  /// Room for spikes that may never come is not counted; where it cannot be had, that is a line too.
  @Test func anAllocationThatFailsAfterAllIsALine() throws {
    let folder = try TemporaryFolder()
    let preset = try folder.write(
      """
      name: wide
      summary: Room for a gigabyte of spikes.
      data: { source: none, shape: [1, 96, 96], classes: 2 }
      steps: { forward: 2, backward: 2 }
      network: { input: { convolution: { channels: 64, kernel: 3, padding: 1 } } }
      training: { epochs: 1, batch: 128, learning-rate: { base: 0.1 } }

      """, "wide.yaml")
    let run = try run(
      ["bench", "--preset", preset, "--threads", "1", "--repeat", "1"], limit: 800_000_000)
    #expect(run.exitCode == 70 && run.output.isEmpty, "\(run.errors)")
    #expect(run.errors.hasPrefix("spide-tui: out of memory: 1207959"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func weightsOfAnotherNetworkDoNotHideIt() throws {
    let folder = try TemporaryFolder()
    let preset = try folder.write(MemoryTests.large, "large.yaml")
    let weights = folder.path("w.safetensors")
    _ = try ResumeTests.succeed(
      ["train", "--checkpoint", weights] + ResumeTests.small + ["--set", "training.epochs=1"])
    let run = try run(
      ["evaluate", "--checkpoint", weights, "--preset", preset, "--threads", "1"],
      limit: 1_800_000_000)
    #expect(run.exitCode == 70, "\(run.errors)")
    #expect(run.errors.hasPrefix("spide-tui: preset large: testing on 1 thread takes at least"))
  }

  /// What is worked out is what is used: of weights, of neurons, and of pairs of places.
  @Test(arguments: [
    ("[1024]", "{ dense: { units: 4096 } }", "[{ dense: { units: 1024 } }]"),
    ("[1, 96, 96]", "{ convolution: { channels: 24, kernel: 3, padding: 1 } }", "[]"),
    ("[1, 64, 64]", "{ convolution: { channels: 2, kernel: 45, padding: 22 } }", "[]"),
  ])
  func theEstimateIsNearTheTruth(shape: String, input: String, links: String) throws {
    let folder = try TemporaryFolder()
    let text = """
      name: p
      summary: A network of its own kind.
      data: { source: none, shape: \(shape), classes: 2 }
      steps: { forward: 3, backward: 3 }
      network:
        input: \(input)
        links: \(links)
      training: { epochs: 1, batch: 16, learning-rate: { base: 0.1 } }

      """
    let options = ["bench", "--json", "--threads", "1", "--repeat", "1"]
    func peak(_ arguments: [String]) throws -> Int {
      let run = try ResumeTests.succeed(options + arguments)
      guard case .int(let bytes)? = try ResumeTests.json(run.output)["peak_memory_bytes"] else {
        Issue.record("no figure in \(run.output)")
        return 0
      }
      return bytes
    }
    let file = try folder.write(text, "p.yaml")
    let used = try peak(["--preset", file]) - peak(ResumeTests.small)
    let preset = try Preset(text: text, file: "p.yaml", dataSets: DataSet.forms)
    let need = MemoryNeed.benchmarking(
      preset.network, dynamics: preset.dynamics, preset.training, frames: 1, threads: 1
    ).bytes
    #expect(need > 20_000_000, "\(need) for \(used)")
    #expect(need < used + 4_000_000 && used < 3 * need, "\(need) for \(used)")
  }
}
