import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// What the screens say of two runs is what the runs are.
@Suite struct TwinScreenTests {
  private func rows(_ driver: Driver, _ name: String) -> [String] {
    driver.text.split(separator: "\n").map(String.init).filter { $0.contains(name) }
  }

  /// The numbers of the table, read off the screen.
  @Test func theTableIsRight() throws {
    var driver = try Driver(width: 160, height: 48)
    driver.type(":screen twin<enter>:twin reset=zero<enter>f")
    let session = driver.model.session
    let twin = try #require(driver.model.twinSession)
    let label = try #require(session.label)
    func expect(_ name: String, _ values: [String]) throws {
      let row = try #require(rows(driver, "│\(name) ").last, "\(name): \(driver.text)")
      let cells = row.components(after: name)
      #expect(Array(cells.prefix(values.count)) == values, "\(row)")
    }
    let readouts = [try #require(session.readout), try #require(twin.readout)]
    try expect("loss", readouts.map { NumberText.short(Double($0.loss(label: label))) })
    for layer in session.plan.layers.indices {
      let size = session.plan.layers[layer].count
      func differing(_ one: [[SpikeEvents]], _ other: [[SpikeEvents]]) -> Int {
        one[layer].indices.reduce(0) { sum, step in
          sum
            + (0..<size).count {
              one[layer][step].spike(of: $0) != other[layer][step].spike(of: $0)
            }
        }
      }
      func rate(_ all: [[SpikeEvents]]) -> String {
        let spikes = all[layer].reduce(0) { $0 + $1.count }
        return NumberText.rate(Double(spikes) / Double(all[layer].count * size))
      }
      try expect(
        "L\(layer) rate F",
        [
          rate(session.forwardSpikes), rate(twin.forwardSpikes),
          Words.count(differing(session.forwardSpikes, twin.forwardSpikes)),
        ])
      try expect(
        "L\(layer) rate B",
        [
          rate(session.backwardSpikes), rate(twin.backwardSpikes),
          Words.count(differing(session.backwardSpikes, twin.backwardSpikes)),
        ])
    }
    let ledgers = [try #require(session.ledger), try #require(twin.ledger)]
    for (name, stage) in [("adds F", LedgerStage.forward), ("adds B", .backward)] {
      try expect(name, ledgers.map { NumberText.amount($0.total(stage).done.accumulates) })
    }
    try expect(
      "energy µJ",
      ledgers.map { NumberText.short(EnergyConstants().microjoules($0.total.done)) })
  }

  /// Differing spikes are counted up to the cursor, as the rates are.
  @Test func theTableFollowsTheCursor() throws {
    var driver = try Driver(width: 160, height: 48)
    driver.type(":screen twin<enter>:twin reset=zero<enter>;")
    let text = try #require(rows(driver, "L0 rate F").last)
    driver.type("n")
    #expect(rows(driver, "L0 rate F").last != text)
    driver.type("F")
    #expect(
      rows(driver, "L0 rate F").last?.components(after: "L0 rate F").prefix(3) == ["–", "–", "–"])
  }

  /// Beside any screen with a score, at any size, and never on others.
  @Test(arguments: [(80, 24), (120, 36), (200, 60), (130, 20), (59, 15), (1, 1)])
  func standsBesideTheScore(_ width: Int, _ height: Int) throws {
    var driver = try Driver(width: width, height: height)
    driver.type(":twin reset=zero<enter>n")
    if width >= 60, height >= 16 {
      #expect(driver.text.contains("twin · "), "\(driver.text)")
      #expect(driver.text.contains("reset 0/0"), "\(driver.text)")
    }
    driver.type("3")
    #expect(!driver.text.contains("twin · "))
    driver.type("9z<tab><tab><tab><tab>")
  }

  /// The same channels stand in the same rows, also where the strongest come first and the twin has others.
  @Test func rowsAreThoseOfTheSample() throws {
    var driver = try Driver("digits-conv", width: 120, height: 60)
    driver.type(":twin threshold=3/0.2<enter>fcJ")
    let lines = driver.text.split(separator: "\n").map(String.init)
    // What stands last before the axis is the number of a row's channel.
    let found = lines.indices.filter { lines[$0].contains("L1 16×4×4") }.map { start in
      lines[start + 1..<start + 10].compactMap { line in
        let gutter = line.dropFirst(3).split(separator: "│").first ?? ""
        let last = gutter.split(separator: " ").last ?? ""
        return last.contains { "./".contains($0) } ? nil : String(last.filter(\.isNumber))
      }
    }
    try #require(found.count == 2, "\(driver.text)")
    #expect(found[0] == found[1] && Set(found[0]).count > 5, "\(found)")
  }

  /// A click into the twin's score moves both; at a step that the sample has not, to its last.
  @Test func aClickMovesBoth() throws {
    var driver = try Driver(width: 160, height: 36)
    driver.type(":twin steps=60/100<enter>")
    let lines = driver.text.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    let top = try #require(lines.firstIndex { String($0).contains("twin · ") })
    let axis = lines[top + 1]
    let first = try #require(axis.firstIndex(of: "F"))
    let readout = try #require(axis.lastIndex(of: "R"))
    var last = 0
    for x in first..<readout - 1 {
      driver.send(.input(.mouse(MouseEvent(.press, button: .left, x: x, y: top + 3))))
      guard case .forward(let step) = driver.model.session.moment else {
        Issue.record("\(driver.model.session.moment) at column \(x)")
        return
      }
      #expect(step >= last && driver.model.twinSession?.moment == .forward(step))
      last = step
    }
    #expect(last == 30)
    driver.send(.input(.mouse(MouseEvent(.press, button: .left, x: readout, y: top + 3))))
    #expect(driver.model.session.moment == .readout)
    #expect(driver.model.twinSession?.moment == .readout)
  }

  /// Both potentials lie on one axis, and the score leaves its own out.
  @Test func bothPotentials() throws {
    var driver = try Driver(width: 160, height: 48)
    driver.type(":screen twin<enter>:twin reset=zero threshold=1.5/0.5<enter>;")
    #expect(driver.text.contains("Membrane potential u of L"))
    #expect(driver.text.contains("Vth 1.0, reset −1.0"), "\(driver.text)")
    #expect(driver.text.contains("twin Vth 1.5, reset 0"), "\(driver.text)")
    #expect(!driver.text.contains(" gate "))
    let twin = try #require(driver.model.twinSession)
    let step = try #require(twin.history.forwardPotential.indices.last)
    guard case .forward(let now) = twin.moment else {
      Issue.record("\(twin.moment)")
      return
    }
    #expect(step + 1 >= now)
    let value = NumberText.short(Double(twin.history.forwardPotential[now - 1]))
    #expect(driver.text.contains("twin \(value)"), "\(driver.text)")
  }

  @Test func withoutATwinItSaysHow() throws {
    var driver = try Driver()
    driver.type(":screen twin<enter>")
    #expect(driver.text.contains(":twin reset=zero"), "\(driver.text)")
  }

  /// While training runs it shows newest weights, and keys that need them to stand still say so.
  @Test func whileTraining() throws {
    var driver = try Driver()
    driver.type(":twin reset=zero<enter>t")
    guard case .training(.run(let start))? = driver.lastEffect else {
      Issue.record("t started nothing")
      return
    }
    driver.train(start, batches: 5, goesOn: true)
    try TwinTests.expectTwin(driver, "while training")
    driver.type(";")
    #expect(driver.text.contains("training moves the weights"))
  }

  /// What was done is played again.
  @Test func theLogPlaysIt() throws {
    let explorer = try HeadlessExplorerTests.play(
      "s s s\n:twin reset=zero\n; . . ,\nr n\n:twin threshold=2/1\n;")
    let again = try HeadlessExplorerTests.play(explorer.model.log.text)
    #expect(again.model.view().canvas == explorer.model.view().canvas)
    #expect(again.model.twinSession?.dynamics.forward.threshold == 2)
  }

  @Test func completes() throws {
    func line(_ keys: String) throws -> Substring? {
      var driver = try Driver()
      driver.type(keys)
      return driver.text.split(separator: "\n", omittingEmptySubsequences: false).last
    }
    #expect(try line(":tw<tab>") == ":twin")
    #expect(try line(":twin r<tab><tab>") == ":twin reset=minus-threshold")
    #expect(try line(":twin th<tab>") == ":twin threshold=")
    #expect(try line(":twin reset=zero same-t<tab>") == ":twin reset=zero same-threshold")
    #expect(try line(":twin o<tab>") == ":twin o")
    #expect(try line(":twin leak=1<enter>:twin o<tab>") == ":twin off")
  }
}

extension String {
  /// The words behind a name in it.
  fileprivate func components(after name: String) -> [String] {
    guard let range = range(of: name) else { return [] }
    return self[range.upperBound...].split(separator: " ").map(String.init)
  }

  private func range(of name: String) -> Range<String.Index>? { ranges(of: name).last }
}
