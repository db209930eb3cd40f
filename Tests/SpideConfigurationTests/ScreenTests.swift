import SpideConfiguration
import Testing

@Suite struct ScreenTests {
  @Test func everyKeyArrives() throws {
    let screen = try Screen(
      text: validScreen, file: "mine.yaml", panels: somePanels, expectedName: "mine")
    #expect(screen.name == "mine")
    #expect(screen.title == "Mine")
    #expect(screen.key == 5)
    #expect(
      screen.layout
        == .columns([
          LayoutItem(.panel("network"), size: .cells(24)),
          LayoutItem(
            .rows([
              LayoutItem(.panel("membrane")), LayoutItem(.panel("loss"), size: .percent(30)),
            ])),
          LayoutItem(.panel("input"), size: .percent(20)),
        ]))
    #expect(screen.layout.panels == ["network", "membrane", "loss", "input"])
  }

  @Test func aSinglePanelIsALayout() throws {
    let text = "name: one\ntitle: One\nkey: 9\nlayout: { panel: confusion }\n"
    #expect(
      try Screen(text: text, file: "one.yaml", panels: ["loss", "confusion"]).layout
        == .panel("confusion"))
  }

  /// Which panels there are is for the front end to say.
  @Test func aPanelMustBeAmongThoseThatThereAre() throws {
    let text = "name: one\ntitle: One\nkey: 9\nlayout: { panel: los }\n"
    #expect(try Screen(text: text, file: "x", panels: ["los"]).layout == .panel("los"))
    let error = #expect(throws: ConfigurationError.self) {
      try Screen(text: text, file: "x", panels: ["network", "loss", "input"])
    }
    #expect(
      error?.description
        == #"x:4:18: layout.panel is "los"; expected network, loss or input (did you mean "loss"?)"#
    )
  }

  private func pinned(_ parts: String) throws -> Layout {
    try Screen(
      text: "name: x\ntitle: X\nkey: 9\nlayout:\n  rows: [ \(parts) ]\n", file: "x",
      panels: ["loss", "spikes"], pinnable: ["spikes"]
    ).layout
  }

  /// A panel may stand once for each layer that it is pinned to, and once for the selected one.
  @Test func panelsArePinnedToLayers() throws {
    let layout = try pinned(
      "{ panel: spikes, layer: 0 }, { height: 9, panel: spikes, layer: 12 }, { panel: spikes }")
    #expect(
      layout
        == .rows([
          LayoutItem(.panel("spikes", layer: 0)),
          LayoutItem(.panel("spikes", layer: 12), size: .cells(9)),
          LayoutItem(.panel("spikes")),
        ]))
    #expect(layout.places.map(\.layer) == [0, 12, nil])
    #expect(layout.panels == ["spikes", "spikes", "spikes"])
  }

  @Test(arguments: [
    ("{ panel: spikes, layer: -1 }", "x:5:35", "is -1"),
    ("{ panel: spikes, layer: L0 }", "x:5:35", #"is "L0""#),
    ("{ panel: spikes, layer: }", "x:5:", "expected"),
    (
      "{ panel: loss, layer: 0 }", "x:5:26",
      "loss has no layer of its own; expected a layer beside spikes"
    ),
    ("{ rows: [ { panel: loss } ], layer: 0 }", "x:5:40", "layer beside rows"),
    ("{ panel: spikes, layer: 1 }, { panel: spikes, layer: 1 }", "x:5:", "repeats spikes"),
  ])
  func wrongPinsAreOneLineAtTheirPlace(_ parts: String, _ place: String, _ says: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try pinned(parts) }
    let line = try #require(error).description
    #expect(line.hasPrefix(place) && line.contains(says), "\(line)")
  }

  @Test(arguments: [
    Fault("key: 5", "key: -1", "3:6", "from 0 to 9"),
    Fault("key: 5", "key: 10", "3:6", "from 0 to 9"),
    Fault("key: 5", "kye: 5", "3:1", #"(did you mean "key"?)"#),
    Fault("panel: membrane", "panel: membrame", "7:24", #"(did you mean "membrane"?)"#),
    Fault("panel: membrane", "panel: loss", "7:54", "repeats loss"),
    Fault("width: 24", "height: 24", "6:9", "expected panel, rows, columns, layer or width"),
    Fault("height: 30%", "width: 30%", "7:38", #"unknown key "width""#),
    Fault("width: 24", "width: 0", "6:16", "expected cells such as 24"),
    Fault("width: 24", "width: 24px", "6:16", #"is "24px""#),
    Fault("width: 24", "width: 101%", "6:16", "expected 1% to 100%"),
    Fault("width: 24", "width: 90%", "6:5", "adds up to 110%"),
    Fault("width: 24, panel: network", "width: 24", "6:7", "chooses nothing"),
    Fault("panel: network", "panel: network, rows: []", "6:36", "rows beside panel"),
    Fault("[ { panel: membrane }, { height: 30%, panel: loss } ]", "[]", "7:13", "has 0 entries"),
    Fault("title: Mine", "title: ''", "2:8", "expected one line of 1 to 24"),
  ])
  func eachFaultIsOneLineAtItsPlace(fault: Fault) throws {
    #expect(validScreen.contains(fault.old))
    let error = try #require(screenError(validScreen.replacingFirst(fault.old, fault.new)))
    #expect(error.description.hasPrefix("x.yaml:\(fault.place): "), "\(error)")
    #expect(error.description.contains(fault.says), "\(error)")
    #expect(!error.description.contains { $0.isNewline })
  }
}
