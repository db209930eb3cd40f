import Foundation
import SpideData
import Testing

@Suite(.serialized) struct EvaluateTests {
  /// The numbers are those of the training's last test, whatever stands for the checkpoint; its file has the preset.
  @Test func measuresWhatTrainingMeasured() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path("a")
    let trained = try ResumeTests.succeed(
      ResumeTests.train(path, epochs: 2, "--json") + ResumeTests.small)
    guard case .array(let epochs)? = try ResumeTests.json(trained.output)["epochs"] else {
      Issue.record("no epochs in \(trained.output)")
      return
    }
    for (arguments, record) in [
      (["--checkpoint", path], epochs[1]),
      (["--checkpoint", "\(path)/batch-00000023.safetensors", "--threads", "1"], epochs[0]),
      (["--checkpoint", path, "--preset", "digits"] + ResumeTests.small, epochs[1]),
    ] {
      let result = try ResumeTests.json(
        try ResumeTests.succeed(["evaluate", "--json"] + arguments).output)
      guard case .object(let members) = result else { return }
      let names = [
        "accuracy", "loss", "samples", "forward_rate", "ledger", "neurobench", "seconds",
      ]
      #expect(members.map(\.0) == names)
      #expect(result["accuracy"] == record["test_accuracy"])
      #expect(result["loss"] == record["test_loss"])
      #expect(result["samples"] == .int(359))
      guard case .array(let rates)? = result["forward_rate"] else { return }
      #expect(rates.count == 2 && result["forward_rate"] == record["test_forward_rate"])
      try ledgerIsOfTheForwardStage(result)
    }
    let text = try ResumeTests.succeed(["evaluate", "--checkpoint", path]).output
    #expect(text.contains("samples       359") && text.contains("preset        digits"))
    let refused = try Program.run(["evaluate", "--checkpoint", path, "--preset", "digits"])
    #expect(refused.exitCode == 65 && refused.output.isEmpty)
    #expect(refused.errors.contains("input.weight is [12, 64]; expected [128, 64]"))
  }

  /// Constants that somebody changed in the course of a training are those of its weights, unless others are given: in
  /// `evaluate`, `trace` and `bench`, which say so.
  @Test func constantsAreThoseOfTheTraining() throws {
    let scratch = try TemporaryFolder()
    let weights = scratch.path("w.safetensors")
    let session = try scratch.write(
      ":train 3\nr v v v v +\n:train 20\n:save \(weights)\n", "s.play")
    _ = try ResumeTests.succeed(
      ["picture", "--play", session, "--out", scratch.path("p.txt")] + ResumeTests.small)
    let said =
      "\(weights): with reset 0/−Vth, T 35/10, as it was trained; --set gives other constants\n"
    let given = ["--set", "neuron.reset=zero", "--set", "steps.forward=35"]

    func evaluate(_ arguments: String...) throws -> (result: [JSON?], errors: String) {
      let run = try ResumeTests.succeed(
        ["evaluate", "--json", "--checkpoint", weights] + arguments)
      let result = try ResumeTests.json(run.output)
      return (["accuracy", "loss", "forward_rate"].map { result[$0] }, run.errors)
    }
    let own = try evaluate()
    #expect(own.errors == said)
    let same = try evaluate(given[0], given[1], given[2], given[3])
    #expect(same.result == own.result && same.errors.isEmpty)
    let presets = try evaluate("--set", "neuron.reset=minus-threshold", "--set", "steps.forward=30")
    #expect(presets.result != own.result && presets.errors.isEmpty)
    let half = try evaluate("--set", "steps.forward=30")
    #expect(half.errors == said.replacing(", T 35/10", with: ""))
    #expect(half.result != own.result && half.result != presets.result)

    func trace(_ name: String, _ arguments: [String] = []) throws -> (Data, String) {
      let path = scratch.path(name)
      let run = try ResumeTests.succeed(
        ["trace", "--sample", "3", "--checkpoint", weights, "--out", path] + arguments)
      #expect(try SafetensorsFile(path: path)["forward.0.spikes"]?.shape == [35, 12])
      return (try Data(contentsOf: URL(fileURLWithPath: path)), run.errors)
    }
    let (traced, again) = (try trace("a"), try trace("b", given))
    #expect(traced.0 == again.0 && traced.1 == said && again.1.isEmpty)

    let bench = try ResumeTests.succeed(
      ["bench", "--json", "--checkpoint", weights, "--repeat", "1", "--batch", "4"])
    #expect(try ResumeTests.json(bench.output)["twin_steps"] == .array([.int(35), .int(10)]))
    #expect(bench.errors == said)
  }

  /// The ledger of the forward stage alone, whose sums are those of its links; the network is 64–12–8 with feedback.
  private func ledgerIsOfTheForwardStage(_ result: JSON) throws {
    func number(_ value: JSON?) throws -> Double {
      switch value {
      case .int(let value)?: return Double(value)
      case .double(let value)?: return value
      default: throw CocoaError(.coderInvalidValue)
      }
    }
    guard let ledger = result["ledger"], let figures = result["neurobench"],
      case .array(let links)? = ledger["links"]
    else { throw CocoaError(.coderInvalidValue) }
    #expect(links.allSatisfy { $0["backward"] == .null && $0["gradient"] == .null })
    let sums = try links.map { try number($0["forward"]?["accumulates"]) }
    let products = try links.map { try number($0["forward"]?["multiply_accumulates"]) }
    let dense = try links.map { try number($0["forward"]?["dense"]) }
    #expect(sums[0] == 0 && sums[1] > 0 && products[0] > 0 && products[0] <= dense[0])
    #expect(zip(zip(sums, products), dense).allSatisfy { $0.0 + $0.1 <= $1 })
    let energy = 0.9 * sums.reduce(0, +) + 4.6 * products.reduce(0, +)
    let said = try number(ledger["energy_uJ"]?["forward"])
    #expect(abs(said / (energy * 1e-6) - 1) < 1e-12)
    #expect(ledger["energy_uJ"]?["backward"] == .null)
    #expect(ledger["neuron_updates"]?["backward"] == .null)
    #expect(try number(figures["effective_acs"]) == sums.reduce(0, +))
    #expect(try number(figures["effective_macs"]) == products.reduce(0, +))
    #expect(try number(figures["dense"]) == dense.reduce(0, +))
    let parameters = try number(figures["parameter_count"])
    #expect(try number(figures["footprint_bytes"]) == 4 * parameters)
    let sparsity = try number(figures["activation_sparsity"])
    #expect((0...1).contains(sparsity))
    #expect(try number(figures["connection_sparsity"]) == 0)
  }

  /// A recording that is not one leaves nothing that looks like a result.
  @Test func aBadRecordingIsNoResult() throws {
    let scratch = try TemporaryFolder()
    func write(_ name: String, _ number: Int, _ start: String = "#!AER-DAT2.0\n") throws {
      let folder = scratch.path("cifar10-dvs/\(name)")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try (Data(start.utf8) + Data(count: 8))
        .write(to: URL(fileURLWithPath: "\(folder)/\(number).aedat"))
    }
    for name in [
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ] {
      for number in [1, 900] { try write(name, number) }
    }
    let weights = scratch.path("w.safetensors")
    let data = ["--data", scratch.path("")]
    _ = try ResumeTests.succeed(
      ResumeTests.train(
        weights, epochs: 1, "--preset", "cifar10-dvs-convnet-f",
        "--set", "network.input.convolution.channels=2",
        "--set", "network.feedback.convolution.channels=2", "--set", "steps.backward=3") + data)
    let good = try ResumeTests.succeed(["evaluate", "--json", "--checkpoint", weights] + data)
    #expect(try ResumeTests.json(good.output)["samples"] == .int(10))
    try write("frog", 900, "#!AER-DAT9.9\n")
    let bad = try Program.run(["evaluate", "--json", "--checkpoint", weights] + data)
    #expect(bad.exitCode == 65 && bad.output.isEmpty)
    #expect(bad.errors.contains("frog/900.aedat: "))
  }
}
