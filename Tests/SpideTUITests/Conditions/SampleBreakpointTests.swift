import Foundation
import SpideConfiguration
import SpideEngine
import SpideTUI
import Testing

/// Conditions about a sample, as they are typed, stop time exactly where they hold.
@Suite struct SampleBreakpointTests {
  /// A condition and what it means, at the end of a step.
  struct Kind: CustomTestStringConvertible, Sendable {
    let text: String
    let holds: @Sendable (Session) -> Bool
    var testDescription: String { text }
  }

  /// The state of the stage that has just been stepped.
  private static func stage(_ session: Session, _ wanted: Stage? = nil) -> StageState? {
    switch session.moment {
    case .forward: wanted == .backward ? nil : session.forward
    case .backward: wanted == .forward ? nil : session.backward
    case .start, .readout, .update: nil
    }
  }

  private static func spike(_ session: Session, _ layer: Int, _ unit: Int, _ wanted: Stage? = nil)
    -> Int
  {
    stage(session, wanted)?.layers[layer].spikes.spike(of: unit) ?? 0
  }

  private static func potential(
    _ session: Session, _ layer: Int, _ unit: Int, _ wanted: Stage? = nil
  ) -> Float? {
    stage(session, wanted)?.layers[layer].potential[unit]
  }

  static let kinds: [Kind] = [
    Kind(text: "L1 17") { spike($0, 1, 17) != 0 },
    Kind(text: "B L0 7 -1") { spike($0, 0, 7, .backward) == -1 },
    Kind(text: "B L0 #7 +1") { spike($0, 0, 7, .backward) == 1 },
    Kind(text: "F L0 7") { spike($0, 0, 7, .forward) != 0 },
    Kind(text: "|u| L0 3 > 0.9*Vth") { (potential($0, 0, 3).map { abs($0) } ?? 0) > 0.9 },
    Kind(text: "B |u| L0 3 >= 0.5 * Vth,b") {
      (potential($0, 0, 3, .backward).map { abs($0) } ?? 0) >= 0.25
    },
    Kind(text: "u L0 3 < -0.25*V") { (potential($0, 0, 3) ?? 0) < -0.5 },
    Kind(text: "u L1 3 < -Vth,b*0.1") { (potential($0, 1, 3) ?? 0) < -0.05 },
    Kind(text: "rate L1 7 > 40%") { (stage($0)?.rate(1, unit: 7) ?? 0) > 0.4 },
    Kind(text: "spikes L0 > 20") { (stage($0)?.layers[0].spikes.codes.count ?? 0) > 20 },
    Kind(text: "B spikes L1 != 0") {
      (stage($0, .backward)?.layers[1].spikes.codes.count ?? 0) != 0
    },
    Kind(text: "silent L0") { session in
      switch session.moment {
      case .forward(session.dynamics.forwardSteps): session.forward.layers[0].spikeTotal == 0
      case .backward(session.dynamics.backwardSteps): session.backward?.layers[0].spikeTotal == 0
      default: false
      }
    },
    Kind(text: "B30") { $0.moment == .backward(30) }, Kind(text: "F7") { $0.moment == .forward(7) },
    Kind(text: "readout") { $0.moment == .readout },
  ]

  private func explorer(_ session: String) throws -> HeadlessExplorer {
    try HeadlessExplorerTests.play(session)
  }

  /// Where a condition holds, of all positions.
  private func places(_ kind: Kind, _ session: Session) -> [Int] {
    var session = session
    return (1...session.end).filter { position in
      session.move(to: position)
      return kind.holds(session)
    }
  }

  /// From the start to the end, each time that it is asked to finish: it stops at every place, and counts them.
  @Test(arguments: kinds, [":train 3\ni\n", ":set training.loss-scale=1e-9\n"])
  func finishingStopsAtEveryPlace(_ kind: Kind, _ before: String) throws {
    var explorer = try explorer(before + ":break \(kind.text)")
    let places = places(kind, explorer.model.session)
    for (index, place) in places.enumerated() {
      try explorer.playOn("f")
      #expect(explorer.model.session.position == place, "\(kind.text)")
      #expect(explorer.text.contains("stopped at "), "\(explorer.text)")
      #expect(explorer.text.contains(kind.text))
      if index == 4 { break }
    }
    if places.count < 5 {
      try explorer.playOn("f")
      #expect(explorer.model.session.position == explorer.model.session.end)
    }
    // Going back stops nowhere, and going on again stops there again.
    try explorer.playOn("F")
    if let first = places.first {
      try explorer.playOn("n")
      let readout = explorer.model.session.timeline.position(of: .readout)
      #expect(explorer.model.session.position == min(first, readout))
    }
    try explorer.playOn("Esc\n:breaks")
    let hits = min(5, places.count) + ((places.first ?? 1000) <= 31 ? 1 : 0)
    #expect(explorer.text.contains(hits == 1 ? "1 hit" : "\(hits) hits"), "\(explorer.text)")
  }

  /// Enough of the kinds hold somewhere, so that this is no test of nothing.
  @Test func theKindsHoldSomewhere() throws {
    let session = try explorer(":train 3\ni").model.session
    let idle = Self.kinds.filter { places($0, session).isEmpty }
    #expect(idle.count <= 1, "\(idle.map(\.text))")
    let silent = try explorer(":set training.loss-scale=1e-9").model.session
    #expect(places(Self.kinds[11], silent).contains(silent.timeline.end - 1))
  }

  /// Playing stops there at every speed, also at many steps a tick.
  @Test(arguments: ["5", "20", "333", "1000"]) func playingStopsThere(_ speed: String) throws {
    var explorer = try explorer(":train 40\ni\n:speed \(speed)\n:break L1 17")
    let place = try #require(places(Self.kinds[0], explorer.model.session).first)
    try explorer.playOn("space\nwait 30")
    #expect(explorer.model.session.position == place && explorer.model.tickInterval == nil)
    #expect(explorer.text.contains("stopped at ") && explorer.text.contains(": L1 17"))
    try explorer.playOn("S S")
    #expect(explorer.model.session.position == max(0, place - 2))
    #expect(!explorer.text.contains("stopped at "))
    try explorer.playOn("s s")
    #expect(place < 2 || explorer.text.contains("stopped at "))
    // Without it nothing stops.
    try explorer.playOn(":unbreak 1\nF\nspace\nwait 60")
    #expect(explorer.model.session.position == explorer.model.session.end)
  }

  /// The value follows the constants in use.
  @Test func aMultipleOfAConstantFollowsIt() throws {
    var explorer = try explorer(":train 40\ni\n:break |u| L0 3 > 0.9*Vth")
    try explorer.playOn(":set neuron.threshold=2\nF\nf")
    var session = explorer.model.session
    #expect(session.dynamics.forward.threshold == 2)
    let stopped = session.position
    session.move(to: 0)
    while session.position < session.end {
      session.move(to: session.position + 1)
      if abs(Self.potential(session, 0, 3) ?? 0) > 1.8 { break }
    }
    #expect(stopped == session.position)
  }

  @Test func untilGoesOnAndStopsOnce() throws {
    var explorer = try explorer(":train 40\ni\n:until L1 17")
    let places = places(Self.kinds[0], explorer.model.session)
    #expect(explorer.model.session.position == places[0])
    try explorer.playOn("f")
    #expect(explorer.model.session.position == explorer.model.session.end)
    try explorer.playOn("F\n:until silent L0\n:breaks")
    #expect(explorer.text.contains("no breakpoints"))
    try explorer.playOn("Esc\nf\ncolon u n t i l space F 3 Enter")
    #expect(explorer.text.contains("this is the end of the sample"))
  }

  /// The key sets one on the selected neuron and takes it away again.
  @Test func aKeyTogglesOne() throws {
    var explorer = try explorer(":train 40\ni\n:goto L1 17\nB")
    #expect(explorer.text.contains("breakpoint 1: L1 17"))
    try explorer.playOn("f")
    #expect(explorer.model.session.position == places(Self.kinds[0], explorer.model.session)[0])
    try explorer.playOn("B")
    #expect(explorer.text.contains("breakpoint 1 is gone"))
    try explorer.playOn("f")
    #expect(explorer.model.session.position == explorer.model.session.end)
  }

  /// Layers with maps name neurons as everywhere.
  @Test func channelsHavePlaces() throws {
    var explorer = try explorer(
      ":preset digits-conv\ncolon b r e a k space L 0 space 2 , 4 , 1 Enter")
    let shape = explorer.model.preset.network.layers[0]
    let index = (2 * shape.height + 4) * shape.width + 1
    #expect(explorer.text.contains("breakpoint 1: L0 2,4,1"))
    try explorer.playOn("Esc\n:goto L0 \(index)\nB")
    #expect(explorer.text.contains("breakpoint 1 is gone: L0 2,4,1"))
  }

  // MARK: The panel

  @Test func thePanelListsThem() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("spide-breakpoints-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try "name: own\ntitle: Own\nkey: 9\nlayout: { panel: breakpoints }\n"
      .write(to: folder.appendingPathComponent("own.yaml"), atomically: true, encoding: .utf8)
    let preset = try Driver.preset("digits")
    var explorer = HeadlessExplorer(
      Model(
        Model.Setup(preset: preset, data: try Driver.data(preset), seed: 1),
        screens: Driver.library(userDirectory: folder.path).arranged(), width: 80, height: 24))
    try explorer.playOn("9")
    #expect(explorer.text.contains("B stops at the neuron's spikes"))
    try explorer.playOn(":break L1 17\n:break loss < 0.5\n:break B L0 5 -1\n:until update 3")
    #expect(explorer.text.contains("L1 17") && explorer.text.contains("loss < 0.5"))
    try explorer.playOn("Down Down Enter")
    #expect(explorer.text.contains("Breakpoints 4"))
    try explorer.playOn("Delete")
    #expect(explorer.text.contains("Breakpoints 3") && !explorer.text.contains("B L0 5 -1  "))
    try explorer.playOn("click 4 5\nDelete\nEsc")
    #expect(explorer.text.contains("Breakpoints 2") && !explorer.text.contains("L1 17"))
    try explorer.playOn(":unbreak all\nEsc")
    #expect(explorer.text.contains("B stops at the neuron's spikes"))
  }

  // MARK: What is wrong

  @Test(
    arguments: [
      ("break x", 8, "x is nothing to look at"), ("break L9 1", 8, "layer 9 is not there"),
      ("break L0", 10, "something is missing"), ("break L0 999", 11, "999 is no neuron of L0"),
      ("break L0 5 2", 13, "2 is no sign of a spike"),
      ("break F L0 5 -1", 15, "forward spikes have no sign"),
      ("break |u| L0 3", 16, "something is missing"),
      ("break |u| L0 3 0.9", 17, "0.9 compares nothing"),
      ("break |u| L0 3 > 0.9*", 23, "something is missing"),
      ("break |u| L0 3 > 0.9*Vt", 23, "Vt is no value"),
      ("break |u| L0 3 > 0.9Vth", 19, "0.9Vth is no value; expected 0.9*Vth"),
      ("break   u L0 3 > Vth Vth", 23, "Vth is too much"),
      ("break rate L0 3 > Vth", 20, "Vth is no value"),
      ("break silent 3", 15, "3 is no layer"), ("break silent L0 3", 18, "3 is too much"),
      ("break F31", 8, "step 31 is not there"), ("break B", 9, "something is missing"),
      ("break B accuracy > 1", 10, "accuracy is nothing to look at"),
      ("until accuracy", 16, "something is missing"), ("until accuracy > 9x", 19, "9x is no value"),
      ("until accuracy > 95", 19, "> 95 never holds; expected a share from 0 to 1, or in %"),
      ("until cosine input.weight > 1", 30, "> 1 never holds; expected a number from -1 to 1"),
      ("break spikes L0 >= 1000", 21, ">= 1000 never holds"),
      ("until test loss < 0", 20, "< 0 never holds"),
      ("until test", 12, "something is missing"),
      ("until test speed", 13, "speed is nothing of a test"),
      ("until update", 14, "something is missing"), ("until update 0", 15, "0 is none"),
      ("until update x", 15, "x is none"), ("until epoch", 13, "something is missing"),
      ("until cosine", 14, "something is missing"),
      ("until cosine links.9.weight < 1", 15, "links.9.weight is no parameter"),
      ("until cosine input.weight", 27, "something is missing"),
      ("until loss < nan", 15, "nan is no value"), ("until loss < 1e999", 15, "1e999 is no value"),
    ] as [(String, Int, String)])
  func aWrongConditionSaysWhere(_ line: String, _ column: Int, _ problem: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try explorer("#\n:\(line)") }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("f:2:1: column \(column): \(problem)"), "\(text)")
    #expect(text.split(separator: "; expected ").count == 2, "\(text)")
    // In the prompt the cursor stands there.
    var driver = try Driver()
    driver.type(":\(line)<enter>")
    #expect(driver.model.view().cursor?.x == column - 1, "\(driver.text)")
  }
}
