import SpideTUI
import Testing

/// Curves of several runs over each other.
@Suite struct RunCurvesTests {
  private static let session =
    "8\n:train 46\n:goto update 20\n:fork zero reset=zero\n:train 40\n:fork slow lr=0.005\n:train 30"

  private func scenes(
    _ more: String, glyphs: Glyphs = .braille, sizes: [(Int, Int)] = [(80, 24), (120, 36)]
  ) throws -> [(String, Canvas)] {
    try sizes.map { width, height in
      let explorer = try HeadlessExplorerTests.play(
        Self.session + "\n" + more + "\nEsc", width: width, height: height, glyphs: glyphs)
      return ("\(width)×\(height)", explorer.model.view().canvas)
    }
  }

  @Test func theScreenOfRuns() throws {
    expectGolden(try scenes("Up", sizes: [(80, 24), (120, 36), (200, 60)]), "screen-runs")
  }

  @Test func theScreenOfRunsInASCII() throws {
    expectGolden(try scenes(":run pin zero\nm", glyphs: .ascii), "screen-runs-ascii")
  }

  @Test func readOnALogarithmicAxis() throws {
    expectGolden(try scenes(":curves updates log error at 30"), "screen-runs-log")
  }

  @Test func onTheScreenOfTraining() throws {
    expectGolden(try scenes("4\nX\nX"), "screen-train-runs")
  }

  /// Without colour each run has its mark in the list and at the end of its curve.
  @Test func runsAreToldApartWithoutColour() throws {
    let text = try scenes("", sizes: [(120, 36)])[0].1.text
    for (mark, name) in [("●", "digits"), ("◆", "zero"), ("▲", "slow")] {
      // In the list, in the legends of two plots, and at the ends of two curves.
      #expect(text.split(separator: Character(mark)).count > 4, "\(name)\n\(text)")
      #expect(text.contains("\(mark) \(name)"))
    }
  }

  /// A run keeps its colour and its mark, whichever is current and whichever are closed.
  @Test func aRunKeepsItsColour() throws {
    var explorer = try HeadlessExplorerTests.play(Self.session)
    func colours() -> [String: Style] {
      let canvas = explorer.model.view().canvas
      var found: [String: Style] = [:]
      for (mark, name) in [("●", "digits"), ("◆", "zero"), ("▲", "slow")] {
        found[name] = canvas.cells.first { $0.character == Character(mark) }?.style
      }
      return found
    }
    let before = colours()
    #expect(Set(before.values).count == 3)
    for name in ["digits", "zero", "slow"] {
      try explorer.playOn(":run \(name)\nEsc")
      #expect(colours() == before)
    }
    try explorer.playOn(":run close zero\ny\nEsc")
    #expect(colours()["slow"] == before["slow"] && colours()["zero"] == nil)
    // The colour is free for the next run.
    try explorer.playOn(":fork new Vth=1.1\nEsc")
    #expect(colours()["zero"] == before["zero"])
  }

  /// `o` leaves a run's curves out, `O` lays them on top; the current run's are always drawn.
  @Test func runsAreChosen() throws {
    var explorer = try HeadlessExplorerTests.play(Self.session + "\nUp\no\nEsc")
    func legend() -> Substring? {
      explorer.text.split(separator: "\n").first { $0.contains("▲ slow ") }
    }
    #expect(legend()?.contains("◆ zero") == false, "\(explorer.text)")
    try explorer.playOn("o\nEsc")
    #expect(legend()?.contains("◆ zero") == true)
    try explorer.playOn("O\nEsc")
    let order = try #require(legend())
    let (zero, slow) = (order.firstIndex(of: "◆"), order.firstIndex(of: "▲"))
    #expect(try #require(zero) < #require(slow), "\(explorer.text)")
    #expect(explorer.text.contains("2 zero (top)"))
  }

  /// Seconds of training rise with the batches, go on over a checkpoint, and are cut with the rest.
  @Test func secondsOfTraining() throws {
    var explorer = try HeadlessExplorerTests.play("4\n:train 46\nX\nX\nEsc")
    // 2876 samples at 10,000 a second.
    #expect(explorer.text.contains(" seconds"), "\(explorer.text)")
    try explorer.playOn(":curves at 0.2876\nEsc")
    #expect(explorer.text.contains("at 0.288 s"), "\(explorer.text)")
    try explorer.playOn(")\n)")
    #expect(explorer.text.contains("curves are read at their ends"), "\(explorer.text)")
    try explorer.playOn("(\n(")
    #expect(explorer.text.contains("at 0.276 s"), "\(explorer.text)")
  }

  /// What the legend tells is the value of each run there; past the end of one it has none.
  @Test func curvesAreReadAtAPlace() throws {
    let explorer = try HeadlessExplorerTests.play(
      Self.session + "\n:curves updates test at 50\nEsc", width: 160)
    let lines = explorer.text.split(separator: "\n")
    let legend = try #require(lines.first { $0.contains("at update 50") && $0.contains("zero") })
    // digits ends at update 46.
    let digits = try #require(legend.split(separator: "●").last)
    #expect(
      digits.hasPrefix(" digits ") && !digits.prefix { $0 != "◆" && $0 != "▲" }.contains("."),
      "\(explorer.text)")
    let zero = try #require(
      legend.split(separator: "◆").last?.split(separator: " ").dropFirst().first?.dropLast())
    #expect(Double(zero) != nil, "\(legend)")
  }
}
