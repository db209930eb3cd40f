import Foundation
import SpideData
import SpideEngine
import Testing

/// `spide-tui inspect` through the real program.
@Suite(.serialized) struct InspectTests {
  private func inspect(_ arguments: [String]) throws -> JSON {
    let run = try ResumeTests.succeed(["inspect", "--json"] + arguments + ResumeTests.small)
    #expect(run.output.hasSuffix("}\n") && run.errors.isEmpty)
    return try ResumeTests.json(run.output)
  }

  @Test func theSameWhateverTheThreads() throws {
    let one = try inspect(["--samples", "3..12", "--threads", "1"])
    #expect(one["samples"] == .int(10) && one["preset"] == .string("digits"))
    #expect(try inspect(["--samples", "3..12", "--threads", "3"]) == one)
    let single = try inspect(["--sample", "3"])
    #expect(try inspect(["--samples", "3..3"]) == single)
    #expect(single["samples"] == .int(1) && single != one)
  }

  /// The batch divides `g`: half as many samples are twice the gradient.
  @Test func theBatchIsThePresetsUnlessGiven() throws {
    func norm(_ arguments: [String]) throws -> Double {
      guard
        case .array(let parameters)? = try inspect(["--sample", "0"] + arguments)["parameters"],
        case .double(let norm)? = parameters.last?["exact_norm"]
      else { return 0 }
      return norm
    }
    let preset = try norm([])
    #expect(try norm(["--batch", "64"]) == preset)
    #expect(try norm(["--set", "training.batch=64"]) == preset)
    #expect(abs(try norm(["--batch", "32"]) / preset - 2) < 1e-5)
    #expect(abs(try norm(["--set", "training.batch=16"]) / preset - 4) < 1e-5)
  }

  @Test func anInputFileAndWeights() throws {
    let scratch = try TemporaryFolder()
    let weights = scratch.path("w.safetensors")
    _ = try ResumeTests.succeed(ResumeTests.train(weights, epochs: 1) + ResumeTests.small)
    let data = try DataSet.digits.load(forwardSteps: 30, environment: [:])
    let path = scratch.path("x.safetensors")
    var writer = SafetensorsWriter(metadata: [:])
    guard case .constant(let raw) = data.test.signal(5) else { return }
    writer.add(name: "input", shape: data.test.shape.dimensions, floats: raw)
    try writer.write(to: path)
    let label = String(data.test.label(5))
    let found = try inspect(["--checkpoint", weights, "--input", path, "--label", label])
    #expect(found["samples"] == .int(1))
    // A varying one: no equilibrium, and all that depends on it is null.
    var varying = SafetensorsWriter(metadata: [:])
    varying.add(
      name: "input", shape: [30] + data.test.shape.dimensions,
      floats: (0..<30).flatMap { step in raw.map { $0 * (step < 15 ? 1 : 0.9) } })
    try varying.write(to: path)
    let none = try inspect(["--checkpoint", weights, "--input", path, "--label", label])
    #expect(none["loop"]?["gates"] == .string("measured") && none["loop"]?["iterations"] == .null)
    guard case .array(let parameters)? = none["parameters"],
      case .array(let layers)? = none["layers"]
    else { return }
    for parameter in parameters {
      #expect(parameter["exact_norm"] == .null && parameter["error_forward"] == .null)
      #expect(parameter["gradient_norm"] != .null)
    }
    for layer in layers {
      for key in ["rate_error", "rate_bias", "gate_flips", "below_resolution"] {
        #expect(layer[key] == .null, "\(key)")
      }
      #expect(layer["beta_error"] != .null && layer["saturated"] != .null)
    }
  }

  /// An input stands for as many samples of a batch as one of the test set does.
  @Test func theBatchOfAnInput() throws {
    let scratch = try TemporaryFolder()
    let data = try DataSet.digits.load(forwardSteps: 30, environment: [:])
    let path = scratch.path("x.safetensors")
    guard case .constant(let raw) = data.test.signal(5) else { return }
    var writer = SafetensorsWriter(metadata: [:])
    writer.add(name: "input", shape: data.test.shape.dimensions, floats: raw)
    try writer.write(to: path)
    func norm(_ arguments: [String]) throws -> Double {
      let found = try inspect(["--input", path, "--label", "3"] + arguments)
      guard case .array(let parameters)? = found["parameters"],
        case .double(let norm)? = parameters.last?["exact_norm"]
      else { return 0 }
      return norm
    }
    let preset = try norm([])
    #expect(preset > 0)
    #expect(abs(try norm(["--batch", "16"]) / preset - 4) < 1e-5)
    #expect(abs(try norm(["--set", "training.batch=16"]) / preset - 4) < 1e-5)
  }

  @Test func readableTables() throws {
    let run = try ResumeTests.succeed(["inspect", "--sample", "2"] + ResumeTests.small)
    for word in ["test sample 2, batch of 64", "links.0.weight", "cosine", "energy", "L1"] {
      #expect(run.output.contains(word), "\(run.output)")
    }
  }

  @Test(
    arguments: [
      (["--sample", "359"], 64, "--sample 359 is out of range; expected 0 to 358"),
      (["--samples", "350..359"], 64, "out of range; expected 0 to 358"),
      (["--samples", "5..3"], 64, "expected A..B"), (["--samples", "five"], 64, "expected A..B"),
      ([], 64, "give one of --sample NUMBER, --samples A..B and --input FILE"),
      (["--sample", "1", "--samples", "1..2"], 64, "give one of"),
      (["--sample", "1", "--label", "2"], 64, "--label goes with --input"),
      (["--input", "x"], 64, "--input needs --label"),
      (["--input", "/nowhere/x", "--label", "2"], 66, "/nowhere/x"),
      (["--input", "/nowhere/x", "--label", "12"], 64, "--label 12 is out of range"),
      (["--sample", "1", "--batch", "0"], 64, "out of range"),
      (["--sample", "1", "--checkpoint", "/nowhere/w"], 66, "/nowhere/w"),
      (["--sample", "1", "--preset", "nonesuch"], 66, "no preset"),
    ] as [([String], Int32, String)])
  func whatIsWrongIsOneLine(_ arguments: [String], _ code: Int32, _ words: String) throws {
    let run = try Program.run(["inspect", "--json"] + arguments)
    #expect(run.exitCode == code, "\(run.errors)")
    #expect(run.output.isEmpty && run.errors.contains(words), "\(run.errors)")
  }
}
