import Foundation
import SpideEngine
import SpideTUI
import Synchronization
import Testing

/// The keys that go to where the twins spike differently.
@Suite struct TwinDifferenceTests {
  /// Moments at which any neuron differs, found neuron by neuron.
  private func moments(_ model: Model) throws -> [(moment: Moment, unit: UnitID, count: Int)] {
    var one = model.session
    var other = try #require(model.twinSession)
    one.move(to: one.end)
    other.move(to: other.end)
    var found: [(Moment, UnitID, Int)] = []
    for stage in Stage.allCases {
      let pair =
        stage == .forward
        ? (one.forwardSpikes, other.forwardSpikes) : (one.backwardSpikes, other.backwardSpikes)
      for step in 0..<min(pair.0[0].count, pair.1[0].count) {
        var units: [UnitID] = []
        for (layer, shape) in one.plan.layers.enumerated() {
          for unit in 0..<shape.count
          where pair.0[layer][step].spike(of: unit) != pair.1[layer][step].spike(of: unit) {
            units.append(UnitID(layer: layer, unit: unit))
          }
        }
        guard let first = units.first else { continue }
        found.append(
          (stage == .forward ? .forward(step + 1) : .backward(step + 1), first, units.count))
      }
    }
    return found
  }

  /// From anywhere, computed or not, to the first of all; then on and back, one by one.
  @Test(arguments: ["", "sss", "n", "f", "fF"], ["reset=zero", "backward.threshold=0.52"])
  func goesToEach(_ before: String, _ words: String) throws {
    var driver = try Driver(width: 160)
    driver.type("\(before):twin \(words)<enter>")
    let all = try moments(driver.model)
    try #require(all.count > 3)
    func expect(_ place: Int, _ what: String) {
      let (moment, unit, count) = all[place]
      #expect(driver.model.session.moment == moment, "\(what) \(place)")
      #expect(driver.model.twinSession?.moment == moment)
      #expect(driver.model.session.watched == unit && driver.model.twinSession?.watched == unit)
      #expect(driver.text.contains("\(what) difference: "), "\(driver.text)")
      #expect(count == 1 || driver.text.contains("; \(count) neurons differ at this step"))
    }
    driver.type(";")
    expect(0, "first")
    for place in 1...3 {
      driver.type(".")
      expect(place, "next")
    }
    for place in [2, 1, 0] {
      driver.type(",")
      expect(place, "previous")
    }
    driver.type(",")
    #expect(driver.text.contains("no difference before this moment"))
    #expect(driver.model.session.moment == all[0].moment)
    driver.type("f")
    driver.type(".")
    #expect(driver.text.contains("no difference after this moment"))
    #expect(driver.model.session.moment == .update)
    driver.type(",")
    expect(all.count - 1, "previous")
    driver.type(".")
    #expect(driver.model.session.moment == all[all.count - 1].moment)
  }

  @Test func saysWhichHasTheSpike() throws {
    var driver = try Driver(width: 160)
    driver.type(":twin reset=zero<enter>;")
    let (moment, unit, _) = try moments(driver.model)[0]
    guard case .forward(let step) = moment else {
      Issue.record("\(moment)")
      return
    }
    let index = driver.model.session.plan.layers[unit.layer].channelsFirstIndex(unit.unit)
    let isHere = driver.model.session.forwardSpikes[unit.layer][step - 1].spike(of: unit.unit) != 0
    let place = "first difference: F\(step) L\(unit.layer) #\(index), "
    #expect(
      driver.text.contains(
        place + (isHere ? "spikes here, not in the twin" : "spikes in the twin, not here")),
      "\(driver.text)")
    driver.type(":twin backward.threshold=0.52<enter>;")
    #expect(driver.text.contains(" here, ") && driver.text.contains(" in the twin"))
    #expect(driver.text.contains("first difference: B"))
  }

  /// Twins that spike alike: the cursor stays where it was.
  @Test(arguments: ["", "nns", "f"]) func noDifference(_ before: String) throws {
    var driver = try Driver()
    driver.type("\(before):twin reset=minus-threshold<enter>")
    let position = driver.model.session.position
    driver.type(";")
    #expect(driver.text.contains("the twins spike alike"))
    #expect(driver.model.session.position == position)
    #expect(driver.model.twinSession?.moment == driver.model.session.moment)
    #expect(driver.text.contains("same constants"))
  }

  @Test func withoutATwin() throws {
    var driver = try Driver()
    for key in [";", ",", "."] {
      driver.type(key)
      #expect(driver.text.contains("no twin to differ from"))
      driver.type("<esc>")
    }
  }

  /// Breakpoints are for time that goes on, not for a jump.
  @Test func breakpointsDoNotStopIt() throws {
    var driver = try Driver()
    driver.type(":twin backward.threshold=0.52<enter>:break F3<enter>;")
    guard case .backward = driver.model.session.moment else {
      Issue.record("\(driver.model.session.moment)")
      return
    }
    driver.type("F;")
    #expect(driver.text.contains("first difference"))
  }

  /// On a thread of its own, with what was typed meanwhile held until it has come to the difference.
  @Test func onTheThread() throws {
    let preset = try Driver.preset(
      "digits", overrides: ["steps.forward=300", "steps.backward=300"])
    var model = Model(
      Model.Setup(preset: preset, data: try Driver.data(preset), seed: 1),
      screens: Driver.screens, width: 120, height: 36)
    let answers = Mutex<[SimulationAnswer]>([])
    let came = DispatchSemaphore(value: 0)
    let thread = SimulationThread { answer in
      answers.withLock { $0.append(answer) }
      came.signal()
    }
    func send(_ message: Message) {
      for case .simulate(let order) in model.update(message) { thread.take(order) }
    }
    func type(_ keys: String) { for key in keys { send(.input(.key(.character(key)))) } }
    func settle() throws {
      while !model.isSettled {
        try #require(came.wait(timeout: .now() + 60) == .success)
        for answer in answers.withLock({ all in
          defer { all = [] }
          return all
        }) { send(.simulated(answer)) }
      }
    }
    type(":twin backward.threshold=0.55")
    send(.input(.key(.enter)))
    type(";ss>nr")
    try settle()
    // The two steps, the next sample, its readout and the reset were done behind the difference, which lies backward.
    #expect(model.session.moment == .readout && model.session.dynamics.forward.reset == .zero)
    let data = try Driver.data(preset)
    #expect(model.session.input == data.test.signal(1))
    let twin = try #require(model.twinSession)
    let straight = try TwinTests.straight(model) { $0.backward.threshold = 0.55 }
    #expect(twin.forwardSpikes == straight.forwardSpikes && twin.moment == straight.moment)
    type("<;")
    try settle()
    guard case .backward = model.session.moment else {
      Issue.record("\(model.session.moment)")
      return
    }
    #expect(model.view().canvas.text.contains("first difference: B"))
  }
}
