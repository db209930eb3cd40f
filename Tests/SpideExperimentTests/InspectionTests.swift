import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import Testing

/// What `inspect` prints.
@Suite struct InspectionTests {
  private func inspection(_ name: String, _ samples: Range<Int>) throws -> Inspection {
    try inspection(PresetLibrary.ofTests.find(name), samples)
  }

  private func inspection(_ preset: Preset, _ samples: Range<Int>) throws -> Inspection {
    let data = try preset.loadData(from: nil, environment: [:])
    let parameters = Experiment(preset: preset, data: data, seed: 1).parameters
    let network = PackedNetwork(
      plan: preset.network, parameters: parameters, dynamics: preset.dynamics)
    let found = try #require(
      GradientInspection(
        network: network, samples: data.test, indices: samples, batch: preset.training.batch,
        threads: 2))
    return Inspection(found, preset: preset, parameters: parameters, isVarying: false)
  }

  private func keys(_ json: JSON?) -> [String] {
    guard case .object(let members)? = json else { return [] }
    return members.map(\.0)
  }

  private func elements(_ json: JSON?) -> [JSON] {
    guard case .array(let values)? = json else { return [] }
    return values
  }

  /// Keys to the letter, in order.
  @Test(arguments: [("digits", 0..<1), ("digits-conv", 0..<3), ("digits-recurrent", 3..<4)])
  func keysAndTypes(_ preset: String, _ samples: Range<Int>) throws {
    let inspection = try inspection(preset, samples)
    let json = inspection.json
    #expect(try JSON(parsing: json.description.utf8) == json)
    #expect(
      keys(json) == [
        "preset", "samples", "loss", "accuracy", "layers", "parameters", "loop", "ledger",
        "neurobench",
      ])
    #expect(json["preset"] == .string(preset) && json["samples"] == .int(samples.count))
    for (number, layer) in elements(json["layers"]).enumerated() {
      #expect(
        keys(layer) == [
          "name", "neurons", "forward_rate", "backward_rate", "rate_error", "rate_bias",
          "gate_flips", "beta_error", "silent", "resolution", "below_resolution", "saturated",
          "largest_potential",
        ])
      #expect(layer["name"] == .string("L\(number)"))
      #expect(layer["neurons"] == .int(inspection.plan.layers[number].count))
      for key in keys(layer).dropFirst(2) {
        guard case .double? = layer[key] else {
          Issue.record("\(key): \(String(describing: layer[key]))")
          continue
        }
      }
    }
    #expect(elements(json["layers"]).count == inspection.plan.layers.count)
    #expect(
      elements(json["parameters"]).map { $0["name"] }
        == inspection.plan.parameters.map { .string($0.name) })
    for parameter in elements(json["parameters"]) {
      #expect(
        keys(parameter) == [
          "name", "gradient_norm", "exact_norm", "cosine", "relative_error", "error_forward",
          "error_gates", "error_backward",
        ])
    }
    #expect(
      keys(json["loop"]) == [
        "spectral_radius", "gates", "feedback_norm", "feedback_limit", "iterations",
      ])
    #expect(json["loop"]?["gates"] == .string("equilibrium"))
    #expect(
      keys(json["ledger"]) == [
        "constants", "links", "neuron_updates", "ordinary_network", "energy_uJ",
      ])
    #expect(keys(json["ledger"]?["constants"]) == ["accumulate_pJ", "multiply_accumulate_pJ"])
    #expect(
      keys(elements(json["ledger"]?["links"]).first) == ["name", "forward", "backward", "gradient"])
    #expect(
      keys(elements(json["ledger"]?["links"]).first?["gradient"]) == [
        "accumulates", "multiply_accumulates", "dense",
      ])
    #expect(keys(json["ledger"]?["neuron_updates"]) == ["forward", "backward"])
    #expect(keys(json["ledger"]?["ordinary_network"]) == ["multiply_accumulates"])
    #expect(
      keys(json["ledger"]?["energy_uJ"]) == [
        "forward", "backward", "gradient", "dense", "ordinary_network",
      ])
    #expect(
      keys(json["neurobench"]) == [
        "parameter_count", "footprint_bytes", "connection_sparsity", "activation_sparsity",
        "effective_acs", "effective_macs", "dense",
      ])
  }

  /// Without feedback there is no loop, and where nothing settles what depends on it is null.
  @Test func whatDoesNotExistIsNull() throws {
    let digits = try PresetLibrary.ofTests.find("digits")
    let text = digits.text.split(separator: "\n").filter { !$0.contains("feedback:") }
    let preset = try Preset(
      text: text.joined(separator: "\n"), file: "digits.yaml", dataSets: DataSet.forms)
    #expect(preset.network.feedback == nil)
    let inspection = try inspection(preset, 0..<1)
    #expect(inspection.json["loop"] == .null)
    #expect(elements(inspection.json["parameters"]).allSatisfy { $0["cosine"] != .null })
  }

  @Test func theTextHasTheNumbers() throws {
    let inspection = try inspection("digits", 0..<2)
    let text = inspection.text(subject: "test samples 0 to 1").joined(separator: "\n")
    for error in inspection.found.parameters {
      #expect(text.contains(error.name))
      for value in [error.relativeError, error.forward, error.gates, error.backward] {
        #expect(text.contains(NumberText.short(try #require(value))))
      }
    }
    for word in ["test samples 0 to 1", "all 2 samples", "spectral radius", "NeuroBench", "µJ"] {
      #expect(text.contains(word), "\(text)")
    }
    #expect(text.split(separator: "\n").allSatisfy { !$0.hasSuffix(" ") })
  }

  /// Every number stands below the name of what it is.
  @Test func numbersStandInTheirColumns() throws {
    let inspection = try inspection("digits", 0..<2)
    let rows = inspection.text(subject: "test samples 0 to 1").map {
      $0.split(separator: "  ").map { $0.filter { $0 != " " } }
    }
    func short(_ value: Double?) -> String { value.map(NumberText.short) ?? "–" }
    func percent(_ value: Double?) -> String {
      value.map { NumberText.percent($0).filter { $0 != " " } } ?? "–"
    }
    /// The row of a name in the table with these columns.
    func row(_ name: String, _ columns: [String]) throws -> [String] {
      let head = try #require(rows.firstIndex { $0 == columns })
      return try #require(rows[head...].first { $0.first == name })
    }
    for error in inspection.found.parameters {
      let columns = [
        "gradient", "‖spikes‖", "‖exact‖", "cosine", "error", "forward", "gates", "backward",
      ]
      #expect(
        try row(error.name, columns) == [
          error.name, short(error.gradientNorm), short(error.exactNorm), short(error.cosine),
          short(error.relativeError), short(error.forward), short(error.gates),
          short(error.backward),
        ])
    }
    for (number, measure) in inspection.found.layers.enumerated() {
      let neurons = String(inspection.plan.layers[number].count)
      let rates = [
        "layer", "neurons", "arate", "βrate", "|a−a*|", "a−a*", "gateflips", "βerror",
      ]
      #expect(
        try row("L\(number)", rates) == [
          "L\(number)", neurons, short(measure.forwardRate), short(measure.backwardRate),
          short(measure.rateError), short(measure.rateBias), percent(measure.gateFlips),
          short(measure.betaError),
        ])
      let betas = [
        "layer", "silent", "resolution", "|β*|belowhalf", "saturated", "max|u|/Vth,b", "max|β*|",
      ]
      #expect(
        try row("L\(number)", betas) == [
          "L\(number)", percent(measure.silent), short(inspection.found.resolution),
          percent(measure.belowResolution), percent(measure.saturated),
          short(measure.largestPotential), short(measure.exactBetas?.largest),
        ])
    }
    let mean = inspection.ledger.mean
    let costs = ["asample", "forward", "dense", "backward", "dense", "gradient", "dense"]
    for link in mean.links {
      let counts = LedgerStage.allCases.flatMap { stage in
        [link[stage].done.total, link[stage].dense.total].map { Words.count(Int($0.rounded())) }
      }
      #expect(
        try row(link.name, costs) == [link.name] + counts.map { $0.filter { $0 != " " } })
    }
  }

  @Test func rangesOfSamples() {
    #expect(SampleRange("0..63")?.indices == 0..<64)
    #expect(SampleRange("7..7")?.indices == 7..<8)
    #expect(SampleRange(5).indices == 5..<6)
    for text in [
      "", "..", "1", "1..", "..3", "3..1", "1...3", "-1..3", "a..b", "1..2..3", "0x1..2", "1 ..2",
      "0..9223372036854775807", "0..99999999999999999999",
    ] {
      #expect(SampleRange(text) == nil, "\(text)")
    }
  }
}
