import SpideEngine
import Testing

/// The ledger of samples that were stepped, and of batches that were trained, against one that is counted connection by
/// connection.
@Suite struct LedgerTests {
  @Test(arguments: NetworkCase.Form.allCases) func everyConnectionIsCounted(
    _ form: NetworkCase.Form
  ) {
    for seed in UInt64(1)...30 {
      let sample = NetworkCase(form, seed: seed)
      let counted = PlainLedger(sample)
      let run = SampleRun(
        network: sample.network, input: sample.input, label: sample.label, masks: sample.masks)
      let ledger = Ledger(
        run.tally(sample.plan, label: sample.label), plan: sample.plan, isVarying: sample.isVarying)
      counted.expectEqual(ledger, "\(sample.testDescription), seed \(seed)")
    }
  }

  /// That the networks have something to count: each kind of link, and connections of each column that are not all of them.
  @Test func everythingIsCountedSomewhere() {
    var seen: Set<String> = []
    for form in NetworkCase.Form.allCases {
      for seed in UInt64(1)...30 {
        let sample = NetworkCase(form, seed: seed)
        let run = SampleRun(
          network: sample.network, input: sample.input, label: sample.label, masks: sample.masks)
        let ledger = Ledger(
          run.tally(sample.plan, label: sample.label), plan: sample.plan,
          isVarying: sample.isVarying)
        for (entry, link) in zip(ledger.links, sample.plan.allLinks) {
          let kind = sample.plan.link(link)?.kind.name ?? ""
          let place = link == .input ? "input" : link == .feedback ? "feedback" : "link"
          for stage in LedgerStage.allCases where entry[stage].done.total > 0 {
            if entry[stage].done.total < entry[stage].dense.total {
              seen.insert("\(place) \(kind) \(stage)")
            }
          }
        }
      }
    }
    let links = ["dense", "convolution", "transposed-convolution"].flatMap { kind in
      ["forward", "backward", "gradient"].map { "link \(kind) \($0)" }
    }
    let pools = ["forward", "backward"].map { "link average-pool \($0)" }
    let feedback = ["dense", "convolution", "transposed-convolution"].flatMap { kind in
      ["forward", "backward", "gradient"].map { "feedback \(kind) \($0)" }
    }
    let inputs = ["dense", "convolution", "transposed-convolution"].map { "input \($0) gradient" }
    for name in links + pools + feedback + inputs { #expect(seen.contains(name), "\(name)") }
  }

  /// Sums by hand: a padded convolution of 3 × 3 over 4 × 4 reaches 10 × 10 positions.
  @Test func denseFiguresByHand() throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(channels: 2, height: 4, width: 4), classes: 5,
      input: Link(.convolution(channels: 3, kernel: 3, stride: 1, padding: 1)),
      links: [Link(.averagePool(size: 2)), Link(.dense(units: 7))],
      feedback: Link(.dense(units: 48)))
    let dynamics = Dynamics(forwardSteps: 6, backwardSteps: 9)
    let network = PackedNetwork(
      plan: plan, parameters: Parameters(initial: .kaiming, plan: plan, seed: 1), dynamics: dynamics
    )
    var session = Session(
      network: network, input: .constant([Float](repeating: 0.5, count: 32)), label: 2)
    session.move(to: session.end - 1)
    #expect(session.ledger == nil)
    session.move(to: session.end)
    let ledger = try #require(session.ledger)
    func dense(_ stage: LedgerStage) -> [Double] { ledger.links.map { $0[stage].dense.total } }
    let convolution = 600.0
    #expect(ledger.links.map(\.name) == ["input", "links.0", "links.1", "feedback", "classifier"])
    #expect(ledger.links.map(\.isPool) == [false, true, false, false, false])
    // 6 steps forward and 9 backward; a pool of 48 units, 12 × 7, 7 × 48, 7 × 5.
    #expect(dense(.forward) == [convolution, 288, 504, 1680, 35])
    #expect(dense(.backward) == [0, 432, 756, 2688, 35])
    #expect(dense(.gradient) == [convolution, 0, 84, 336, 35])
    #expect(ledger.links[0].forward.done.multiplyAccumulates == convolution)
    // Twice the convolution, three times the 84, 336 and 35.
    #expect(ledger.total.ordinary == 2565)
    #expect(ledger.forwardUpdates == 402 && ledger.backwardUpdates == 603)
    let constants = EnergyConstants(accumulate: 2, multiplyAccumulate: 10)
    let energy = ledger.energy(constants)
    #expect(abs(energy.ordinaryNetwork - 0.02565) < 1e-15)
    let accumulates: Double = 288 + 504 + 1680 + 432 + 756 + 2688
    let products: Double = 600 + 35 + 35 + 600 + 84 + 336 + 35
    let all: Double = (2 * accumulates + 10 * products) * 1e-6
    #expect(abs(energy.dense - all) < 1e-15)
    let forward = ledger.total(.forward).done
    let took: Double = (2 * forward.accumulates + 10 * forward.multiplyAccumulates) * 1e-6
    #expect(abs(energy.forward - took) < 1e-15)
  }

  /// Without a label there is no backward stage, and nothing of it in any column.
  @Test func forwardAlone() throws {
    let sample = NetworkCase(.mapsWithFeedback, seed: 3)
    var session = Session(network: sample.inference, input: sample.input, label: nil)
    session.move(to: session.end)
    let ledger = try #require(session.ledger)
    for entry in ledger.links {
      #expect(entry.backward == Ledger.Cost() && entry.gradient == Ledger.Cost())
      #expect(entry.forward.dense.total > 0)
    }
    #expect(ledger.backwardUpdates == 0 && ledger.forwardUpdates > 0)
  }

  /// Ledgers add up, and the mean of as many equal ones is one of them.
  @Test func sumsAndMeans() {
    let sample = NetworkCase(.mapsWithFeedback, seed: 5)
    let run = SampleRun(
      network: sample.network, input: sample.input, label: sample.label, masks: sample.masks)
    let tally = run.tally(sample.plan, label: sample.label)
    let one = Ledger(tally, plan: sample.plan, isVarying: sample.isVarying)
    var (sum, tallies) = (one, tally)
    for _ in 0..<3 {
      sum += one
      tallies += tally
    }
    #expect(sum.samples == 4 && sum.mean == one && sum != one)
    #expect(sum == Ledger(tallies, plan: sample.plan, isVarying: sample.isVarying))
  }

  @Test func neuroBenchFigures() throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(channels: 1, height: 4, width: 4), classes: 3,
      input: Link(.convolution(channels: 2, kernel: 3, stride: 1, padding: 1), hasBias: false),
      links: [Link(.averagePool(size: 2)), Link(.dense(units: 5))])
    var parameters = Parameters(initial: .kaiming, plan: plan, seed: 1)
    parameters["links.1.weight"] =
      [Float](repeating: 0, count: 10) + [Float](repeating: 1, count: 30)
    let network = PackedNetwork(
      plan: plan, parameters: parameters, dynamics: Dynamics(forwardSteps: 10, backwardSteps: 5))
    var session = Session(
      network: network, input: .constant([Float](repeating: 1, count: 16)), label: 0)
    session.move(to: session.end)
    let (tally, ledger) = try #require(
      session.tally.flatMap { tally in session.ledger.map { (tally, $0) } })
    let figures = NeuroBenchFigures(parameters: parameters, tally: tally, ledger: ledger)
    #expect(figures.parameterCount == 18 + 40 + 5 + 15 + 3 && figures.footprintBytes == 4 * 81)
    #expect(figures.connectionSparsity == 10.0 / 73)
    let spikes = session.forward.layers.map(\.spikeTotal)
    #expect(figures.activationSparsity == 1 - Double(spikes.reduce(0, +)) / 450)
    #expect(figures.layerActivationSparsity[2] == 1 - Double(spikes[2]) / 50)
    #expect(figures.effectiveACs == Double(spikes[1] * 5))
    #expect(
      figures.effectiveMACs == ledger.links[0].forward.done.total
        + ledger.links[3].forward.done.total)
    #expect(figures.dense == 200 + 10 * 40 + 15)
  }
}
