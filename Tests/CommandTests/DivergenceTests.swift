import SpideData
import Testing

/// Numbers that are none are never a result.
@Suite(.serialized) struct DivergenceTests {
  private static let advice =
    "; expected a smaller training.learning-rate.base, or thresholds and a training.loss-scale that keep "
    + "gradients finite\n"

  /// Weights that are no numbers are not written over good ones.
  @Test func aRunThatDivergesKeepsWhatCanBeRead() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("a")
    let run = try Program.run(
      ResumeTests.train(
        path, epochs: 9, "--save-every", "1", "--set", "training.learning-rate.base=1000000",
        "--set", "training.weight-decay=1000", "--set", "training.loss-scale=1")
        + ResumeTests.small)
    #expect(run.exitCode == 65 && run.errors.contains(" is no number after "), "\(run.errors)")
    #expect(run.errors.hasSuffix(Self.advice))
    #expect(try Program.run(["evaluate", "--checkpoint", path]).exitCode == 0)
  }

  /// The loss stays finite here, since neurons whose weights are no numbers are silent.
  @Test(arguments: ["train", "bench"]) func aFiniteLossHidesNothing(_ command: String) throws {
    let run = try Program.run(
      [command, "--set", "neuron.threshold=1e-45", "--json"]
        + (command == "train" ? ["--set", "training.epochs=1"] : []))
    #expect(run.exitCode == 65 && run.output.isEmpty, "\(run.output)")
    #expect(run.errors.hasPrefix("spide-tui: digits: input.weight is no number after "))
    #expect(run.errors.hasSuffix(Self.advice), "\(run.errors)")
  }

  /// Weights may be numbers, and what comes of them none.
  @Test func scoresThatOverflowAreNoResult() throws {
    let scratch = try TemporaryFolder()
    let (good, bad) = (scratch.path("good.safetensors"), scratch.path("bad.safetensors"))
    _ = try ResumeTests.succeed(ResumeTests.train(good, epochs: 1) + ResumeTests.small)
    let file = try SafetensorsFile(path: good)
    var writer = SafetensorsWriter(metadata: file.metadata)
    for tensor in file.tensors {
      var values = try #require(file.values(of: tensor))
      if tensor.name == "classifier.bias" {
        values = .float32((0..<10).map { $0 % 2 == 0 ? 3e38 : -3e38 })
      }
      writer.add(name: tensor.name, shape: tensor.shape, values: values)
    }
    try writer.write(to: bad)
    for more in [[], ["--json"]] {
      let run = try Program.run(["evaluate", "--checkpoint", bad] + more)
      #expect(run.exitCode == 65 && run.output.isEmpty)
      #expect(run.errors.hasPrefix("spide-tui: \(bad): the loss is no number; expected"))
    }
  }
}
