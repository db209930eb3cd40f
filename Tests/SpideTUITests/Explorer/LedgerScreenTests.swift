import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// The ledger screen against the ledger that commands print.
@Suite struct LedgerScreenTests {
  /// A sample's ledger and figures as JSON, computed without the explorer.
  private struct Expected {
    let ledger: JSON
    let figures: JSON

    init(
      _ tally: Tally, _ driver: Driver, parameters: Parameters, constants: EnergyConstants = .init()
    ) {
      let ledger = Ledger(tally, plan: driver.model.preset.network, isVarying: false)
      self.ledger = ledger.json(constants)
      figures = NeuroBenchFigures(parameters: parameters, tally: tally, ledger: ledger).json
    }

    func number(_ path: String...) -> Double? {
      var value: JSON? = ledger
      for key in path { value = value?[key] }
      return LedgerScreenTests.number(value)
    }

    /// A link's number in a stage.
    func number(_ link: Int, _ stage: String, _ key: String) -> Double? {
      guard case .array(let links)? = ledger["links"] else { return nil }
      return LedgerScreenTests.number(links[link][stage]?[key])
    }
  }

  private static func number(_ value: JSON?) -> Double? {
    switch value {
    case .int(let value)?: Double(value)
    case .double(let value)?: value
    default: nil
    }
  }

  private func parameters(_ driver: Driver) -> Parameters {
    Parameters(
      initial: driver.model.preset.training.initialWeights, plan: driver.model.preset.network,
      seed: 1)
  }

  private func sample(_ driver: Driver, constants: EnergyConstants = .init()) throws -> Expected {
    var session = driver.model.session
    session.move(to: session.end)
    return Expected(
      try #require(session.tally), driver, parameters: parameters(driver), constants: constants)
  }

  /// The words of the line that begins so.
  private func words(_ text: String, _ start: String) throws -> [String] {
    let lines = text.split(separator: "\n").map { line in
      line.split(separator: " ").map { $0.filter { !"│┃".contains($0) } }.filter { !$0.isEmpty }
    }
    return try #require(lines.first { $0.first == start }, "no \(start) in\n\(text)")
  }

  /// Whether a panel's line begins with a name and has a value, before the frame of the next.
  private func says(_ text: String, _ name: String, _ value: String) -> Bool {
    text.split(separator: "\n").contains { line in
      line.split { "│┃".contains($0) }.contains { $0.hasPrefix(name) && $0.contains(" " + value) }
    }
  }

  /// Every number of the table is one of the JSON's, link by link and stage by stage.
  @Test func theTableIsTheLedger() throws {
    var driver = try Driver(width: 200, height: 60)
    driver.type("6")
    try expectTable(driver, sample(driver))
    driver.type("<down>")
    let data = try Driver.data(driver.model.preset)
    let session = driver.model.session
    let mean = Tally(
      first: 64, of: data.test, plan: session.plan, parameters: parameters(driver),
      dynamics: session.dynamics, batch: 64)
    #expect(mean.samples == 64 && driver.text.contains("mean of 64 test samples"))
    try expectTable(driver, Expected(mean, driver, parameters: parameters(driver)))
  }

  private func expectTable(_ driver: Driver, _ expected: Expected) throws {
    let text = driver.text
    let lines = text.split(separator: "\n").map { line in
      line.split(separator: " ").map { $0.filter { !"│┃".contains($0) } }.filter { !$0.isEmpty }
    }
    for (link, name) in ["input", "links.0", "feedback", "classifier"].enumerated() {
      let first = try #require(lines.firstIndex { $0.first == name }, "\(text)")
      let stages = name == "input" ? ["forward", "gradient"] : ["forward", "backward", "gradient"]
      for (row, stage) in stages.enumerated() {
        let cells = row == 0 ? Array(lines[first][1...]) : lines[first + row]
        #expect(cells[0] == stage)
        let sums = try #require(expected.number(link, stage, "accumulates"))
        let products = try #require(expected.number(link, stage, "multiply_accumulates"))
        let dense = try #require(expected.number(link, stage, "dense"))
        let adds = stage != "gradient" && ["links.0", "feedback"].contains(name)
        #expect(cells[1] == (adds ? NumberText.amount(sums) + "+" : "–"), "\(name) \(stage)")
        #expect(cells[2] == (adds ? "–" : NumberText.amount(products) + "×"))
        #expect(cells[3] == NumberText.amount(dense) + (adds ? "+" : "×"))
        #expect(cells[4] == NumberText.percent((sums + products) / dense))
        #expect(cells[6] == NumberText.short((0.9 * sums + 4.6 * products) * 1e-6))
      }
    }
    let ordinary = try #require(expected.number("ordinary_network", "multiply_accumulates"))
    let all = try words(text, "all")
    #expect(all[7] == NumberText.amount(ordinary) + "×", "\(all)")
    for (name, key) in [
      ("forward", "forward"), ("backward", "backward"), ("gradient", "gradient"),
      ("dense", "dense"), ("ordinary", "ordinary_network"),
    ] {
      let energy = try #require(expected.number("energy_uJ", key))
      #expect(says(text, name, "\(NumberText.short(energy)) µJ"), "\(name) \(energy) in\n\(text)")
    }
    for stage in ["forward", "backward"] {
      let updates = try #require(expected.number("neuron_updates", stage))
      #expect(text.contains("\(NumberText.amount(updates)) \(stage)"))
    }
    for (name, key) in [
      ("effective ACs", "effective_acs"), ("effective MACs", "effective_macs"), ("dense", "dense"),
      ("parameter count", "parameter_count"), ("footprint, bytes", "footprint_bytes"),
    ] {
      let value = try #require(LedgerScreenTests.number(expected.figures[key]))
      #expect(says(text, name, NumberText.amount(value)), "\(name) \(value)")
    }
    for (name, key) in [
      ("activation sparsity", "activation_sparsity"),
      ("connection sparsity", "connection_sparsity"),
    ] {
      let value = try #require(LedgerScreenTests.number(expected.figures[key]))
      #expect(says(text, name, NumberText.fixed(value, decimals: 3)), "\(name) \(value)")
    }
  }

  /// What is said of the numbers stands on the screen at every size, and constants that are set are used and said.
  @Test(arguments: [(80, 24), (120, 36), (200, 60)]) func energyWithOtherConstants(
    width: Int, height: Int
  ) throws {
    var driver = try Driver(width: width, height: height)
    driver.type("6:energy accumulate 2.5<enter>:energy multiply 10<enter>")
    let constants = EnergyConstants(accumulate: 2.5, multiplyAccumulate: 10)
    let expected = try sample(driver, constants: constants)
    let text = driver.text
    #expect(text.contains("2.5 pJ an accumulate") && text.contains("10.0 pJ a"))
    for key in ["forward", "backward", "gradient", "dense", "ordinary_network"] {
      let energy = try #require(expected.number("energy_uJ", key))
      #expect(text.contains(" \(NumberText.short(energy)) µJ"), "\(key) in\n\(text)")
    }
    let words = text.split { !$0.isLetter }.joined(separator: " ")
    #expect(words.contains("Memory traffic and neuron"), "\(words)")
    driver.type(":energy default<enter>")
    let energy = try #require(try sample(driver).number("energy_uJ", "dense"))
    #expect(driver.text.contains(" \(NumberText.short(energy)) µJ"))
  }

  @Test func whatCannotBeSetIsSaid() throws {
    var driver = try Driver()
    for (line, said) in [
      ("energy", "usage: energy"), ("energy accumulate", "usage: energy"),
      ("energy accumulate x", "usage: energy"), ("energy add 2", "usage: energy"),
      ("energy multiply -1", "-1 pJ is not"), ("energy multiply inf", "usage: energy"),
      ("ledger", "usage: ledger"), ("ledger all", "usage: ledger"),
    ] {
      driver.type(":\(line)<enter>")
      #expect(driver.text.contains(said), "\(line): \(driver.text)")
      driver.type("<esc><esc>")
    }
    driver.type("6:ledger training<enter>")
    #expect(driver.text.contains("t starts training"))
  }

  /// What operations take, and whose ledger is shown, is the person's choice and not the preset's.
  @Test func anotherPresetKeepsTheChoice() throws {
    var driver = try Driver()
    driver.type("6:energy accumulate 2.5<enter>:ledger samples<enter>")
    try driver.open("digits-recurrent")
    #expect(driver.model.preset.name == "digits-recurrent")
    #expect(driver.text.contains("2.5 pJ an accumulate"), "\(driver.text)")
    #expect(driver.text.contains("mean of 64 test samples"))
  }

  /// The mean over all batches, and what all of them took.
  @Test func overTraining() throws {
    var driver = try Driver(width: 200, height: 60)
    driver.type("6:ledger training<enter>")
    driver.type("t")
    guard case .training(.run(let start))? = driver.lastEffect else {
      Issue.record("t started nothing")
      return
    }
    driver.train(start, batches: 30)
    let trainer = start.trainer(threads: 1)
    var tally = Tally(plan: start.preset.network)
    while trainer.batchesDone < 30 {
      if trainer.epochIsComplete { _ = trainer.finishEpoch() }
      tally += trainer.trainBatch().tally
    }
    let expected = Expected(tally, driver, parameters: trainer.parameters)
    try expectTable(driver, expected)
    #expect(driver.text.contains("mean of \(Words.counted(tally.samples, "trained sample"))"))
    let all = EnergyConstants().microjoules(StageOperations(tally).total)
    #expect(driver.text.contains("all \(NumberText.short(all)) µJ"), "\(all)")
  }
}
