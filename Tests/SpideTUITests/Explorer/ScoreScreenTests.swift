import Foundation
import SpideConfiguration
import SpideEngine
import SpideTUI
import Testing

/// The stage screen's keys, driven as a person would.
@Suite struct ScoreScreenTests {
  private func spikes(_ model: Model, _ unit: UnitID) -> Int {
    var session = model.session
    session.move(to: session.end)
    return session.forwardSpikes[unit.layer].count { $0.spike(of: unit.unit) != 0 }
  }

  private func most(_ model: Model, _ layer: Int) -> Int {
    (0..<model.session.plan.layers[layer].count)
      .map { spikes(model, UnitID(layer: layer, unit: $0)) }.max() ?? 0
  }

  /// The first neuron to be looked at is one that fires most, in whatever layer.
  @Test(arguments: ["digits", "digits-conv"]) func theMostActiveNeuronIsSelected(
    _ preset: String
  ) throws {
    var driver = try Driver(preset)
    #expect(driver.model.session.position == 0)
    let first = driver.model.session.watched
    #expect(first.layer == 0 && spikes(driver.model, first) == most(driver.model, 0))
    driver.type("J")
    let second = driver.model.session.watched
    #expect(second.layer == 1 && spikes(driver.model, second) == most(driver.model, 1))
  }

  /// Along the order of activity and back, every neuron once.
  @Test func activityOrdersNeurons() throws {
    var driver = try Driver("digits-recurrent")
    driver.type("n")
    var last = spikes(driver.model, driver.model.session.watched)
    let count = driver.model.session.plan.layers[0].count
    var seen: Set<Int> = [driver.model.session.watched.unit]
    for _ in 1..<count {
      driver.type("a")
      let next = spikes(driver.model, driver.model.session.watched)
      #expect(next <= last)
      last = next
      seen.insert(driver.model.session.watched.unit)
    }
    #expect(seen.count == count)
    driver.type("a")
    #expect(driver.text.contains("no neuron of L0 is less active"))
    driver.type("A")
    #expect(spikes(driver.model, driver.model.session.watched) >= last)
  }

  @Test func wrongSamplesAreFound() throws {
    var driver = try Driver("digits-recurrent")
    for _ in 0..<3 {
      driver.type("x")
      let readout = try #require(driver.model.session.readout)
      #expect(driver.model.session.moment == .readout)
      #expect(readout.prediction != driver.model.session.label)
    }
  }

  /// Esc gives a search up, and stops it; its late answer changes nothing.
  @Test func aSearchCanBeGivenUp() throws {
    var driver = try Driver("digits-recurrent")
    driver.carriesOutSearches = false
    driver.type("x")
    #expect(driver.text.contains("looking for a sample that is classified wrongly"))
    driver.type("<esc>")
    guard case .stopSearching? = driver.lastEffect else {
      Issue.record("nothing stopped: \(driver.effects)")
      return
    }
    let order = try #require(driver.lastSearch)
    driver.send(.found(order.carryOut()))
    #expect(driver.model.session.position == 0 && driver.text.contains("#0"))
    #expect(order.carryOut(while: { false }).isEmpty)
  }

  /// The loss scale that is told makes the silent layer fire; a smaller one does not.
  @Test func theLossScaleThatIsToldFiresTheLayer() throws {
    var driver = try Driver("digits", overrides: ["training.loss-scale=2"], width: 160)
    driver.type("f")
    let text = driver.text
    #expect(text.contains("silent: largest |u|"), "\(text)")
    let silent = try #require(
      driver.model.session.backward?.layers.lastIndex { $0.spikeTotal == 0 })
    driver.type("/L\(silent)<enter>")
    #expect(driver.text.contains("would fire with loss scale"), "\(driver.text)")
    driver.type("g")
    #expect(driver.text.contains("loss scale"))
    let state = try #require(driver.model.session.backward)
    #expect(state.layers[silent].spikeTotal > 0)
    // It is marked as no constant of the preset's file, and can be taken back to the one that was set before.
    let top = { (text: String) in String(text.prefix { $0 != "\n" }) }
    #expect(top(text).contains("s_c 2.0*"))
    #expect(top(driver.text).contains("s_c ") && !top(driver.text).contains("s_c 2.0*"))
    driver.type("g")
    #expect(driver.text.contains("loss scale 2.0 again; the sample was run again"))
    #expect(top(driver.text).contains("s_c 2.0*"))
    #expect(driver.model.session.backward?.layers[silent].spikeTotal == 0)
  }

  /// Leaving a training that runs says that it is paused.
  @Test func leavingATrainingIsTold() throws {
    var driver = try Driver()
    driver.trainsBatches = false
    driver.type("4:train 50<enter>")
    driver.type("i")
    #expect(driver.text.contains("training paused before all 50 batches were done; t goes on"))
  }

  /// The help explains the letters on the screens.
  @Test func wordsAreExplained() throws {
    var driver = try Driver()
    driver.type("?")
    for _ in 0..<4 where !driver.text.contains("Words") { driver.type("<pagedown>") }
    #expect(driver.text.contains("Words") && driver.text.contains("membrane potential of a neuron"))
    driver.type("<pagedown>")
    #expect(driver.text.contains("Colours and marks"))
  }

  /// Nothing is said of silence before the backward stage, and not too much amid it.
  @Test func silenceIsToldInItsTime() throws {
    var driver = try Driver("digits", overrides: ["training.loss-scale=2"], width: 160)
    driver.type("n")
    #expect(!driver.text.contains("silent") && !driver.text.contains("no spike"))
    driver.type("nss")
    #expect(
      driver.text.contains("no spike so far: largest |u|") && !driver.text.contains("silent:"))
  }

  /// A channel as rows or as its map, and channels in either order.
  @Test func channelsHaveMaps() throws {
    var driver = try Driver("digits-conv", width: 160, height: 50)
    driver.type("n")
    let staff = driver.text
    driver.type("m")
    #expect(driver.text != staff && driver.text.contains("map"))
    driver.type("m")
    #expect(driver.text == staff)
    driver.type("c")
    #expect(driver.text.contains("strongest channel first"))
    driver.type("c<esc>")
    #expect(driver.text == staff)
    var flat = try Driver("digits")
    flat.type("m")
    #expect(flat.text.contains("is flat and has no map"))
  }

  /// Down a layer neuron by neuron, and into the next one at its end.
  @Test func arrowsGoThroughAllLayers() throws {
    var driver = try Driver("digits")
    driver.type("/L0 127<enter>j")
    #expect(driver.model.session.watched == UnitID(layer: 1, unit: 0))
    driver.type("k")
    #expect(driver.model.session.watched == UnitID(layer: 0, unit: 127))
    driver.type("k")
    #expect(driver.model.session.watched == UnitID(layer: 0, unit: 126))
  }

  /// Gates that differ from those at equilibrium are marked from the readout on, as many as there are.
  @Test func gatesThatDifferAreCounted() throws {
    var driver = try Driver("digits-conv", width: 160)
    driver.type("nN")
    #expect(!driver.text.contains("≠"))
    driver.type("n")
    let session = driver.model.session
    let gates = try #require(session.sources?.gates)
    let exact = try #require(session.equilibrium()?.values)
    var flips = 0
    for (layer, rates) in exact.enumerated() {
      for (unit, rate) in rates.enumerated()
      where (rate > 0 && rate < 1) != (gates[layer][unit] == 1) {
        flips += 1
      }
    }
    #expect(flips > 0)
    let told = driver.text.split(separator: "\n").compactMap { line -> Int? in
      guard let mark = line.range(of: "≠ ") else { return nil }
      return Int(line[mark.upperBound...].prefix { $0.isNumber })
    }
    #expect(told.reduce(0, +) == flips, "\(driver.text)")
  }

  /// A pinned raster shows its layer, whichever is selected, and says so where there is none.
  @Test func pinnedPanelsStay() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("spide-pins-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let parts = [0, 1, 7].map { "{ panel: forward-raster, layer: \($0) }" }.joined(separator: ", ")
    try "name: pins\ntitle: Pins\nkey: 9\nlayout: { rows: [ \(parts) ] }\n"
      .write(to: folder.appendingPathComponent("pins.yaml"), atomically: true, encoding: .utf8)
    let screens = Driver.library(userDirectory: folder.path).arranged()
    var driver = try Driver(screens: screens)
    for keys in ["9", "/L1<enter>"] {
      driver.type(keys)
      #expect(driver.text.contains("L0 128") && driver.text.contains("L1 64"))
      #expect(driver.text.contains("no layer L7 in this network"))
    }
  }
}
