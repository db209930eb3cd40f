import SpideEngine
import SpideTUI
import Testing

/// What the score says is what the data say.
@Suite struct ScoreTests {
  /// A column stands for equally many steps, steps lie in order, and nothing lies outside.
  @Test(arguments: [(1, 1), (5, 5), (10, 12), (30, 100), (30, 250), (100, 3), (2000, 2000)])
  func everyStepHasItsColumn(_ forward: Int, _ backward: Int) {
    for columns in [3, 8, 24, 45, 68, 133, 144, 200] {
      let axis = ScoreAxis(forwardSteps: forward, backwardSteps: backward, columns: columns)
      #expect(axis.width <= columns, "\(columns)")
      var last = -1
      for step in 1...forward {
        let column = axis.column(.forward(step)) ?? -1
        #expect(column >= last && column < axis.readout)
        last = column
      }
      last = axis.readout
      for step in 1...backward {
        let column = axis.column(.backward(step)) ?? -1
        #expect(column >= last && column < axis.width)
        last = column
      }
      for scale in [axis.forward, axis.backward] {
        let counts = Dictionary(grouping: 1...scale.steps, by: scale.column).values.map(\.count)
        #expect(counts.filter { $0 != scale.stepsPerColumn }.count <= 1)
        #expect((1...3).contains(scale.columnsPerStep))
        for column in 0..<scale.width {
          let step = scale.step(at: column)
          #expect(column - scale.column(step) < scale.columnsPerStep)
        }
      }
    }
  }

  /// No screen is half empty: wherever the steps allow it, more than two thirds of the columns are in use.
  @Test func theAxisFillsItsColumns() {
    let stages: [(Int, Int)] = [(30, 100), (30, 250), (10, 40), (50, 60)]
    for (forward, backward) in stages {
      for columns in 30...200 where columns <= 3 * (forward + backward) {
        let axis = ScoreAxis(forwardSteps: forward, backwardSteps: backward, columns: columns)
        #expect(axis.width * 3 > columns * 2, "\(forward)/\(backward) in \(columns): \(axis.width)")
      }
    }
  }

  /// A cell is underlined where a spike of it is not the other run's, and marked where the other run alone has one.
  @Test(arguments: UInt64(1)...4) func marksAreWhereSpikesDiffer(_ seed: UInt64) throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(units: 3), classes: 2, input: Link(.dense(units: 5)), links: [],
      feedback: Link(.dense(units: 5), hasBias: false))
    let weights = Parameters(initial: .kaiming, plan: plan, seed: seed)
    func run(_ reset: ResetMode) -> Session {
      let neuron = NeuronParameters(reset: reset)
      let dynamics = Dynamics(
        forward: neuron, backward: NeuronParameters(threshold: 0.5, reset: reset),
        forwardSteps: 9, backwardSteps: 12, lossScale: 5)
      var session = Session(
        network: PackedNetwork(plan: plan, parameters: weights, dynamics: dynamics),
        input: .constant([1.5, -2, 2]), label: 1)
      session.move(to: session.end)
      return session
    }
    let runs = [run(.minusThreshold), run(.zero)]
    var differences = SpikeDifferences(plan)
    differences.add(runs[0], runs[1])
    #expect(!differences.firsts.isEmpty)
    for (own, other) in [(runs[0], runs[1]), (runs[1], runs[0])] {
      let counted = try #require(own[.score])
      var layer = Score.Layer(
        name: "L0", shape: plan.layers[0], link: "dense", forward: counted.forward[0],
        backward: counted.backward[0])
      layer.differences = (differences.forward[0], differences.backward[0])
      let score = Score(
        input: "input", layers: [layer], forwardSteps: 9, backwardSteps: 12, moment: .update)
      var (marked, missing) = (0, 0)
      for (mine, theirs) in [
        (own.forwardSpikes[0], other.forwardSpikes[0]),
        (own.backwardSpikes[0], other.backwardSpikes[0]),
      ] {
        for (step, spikes) in mine.enumerated() {
          for unit in 0..<5 where spikes.spike(of: unit) != theirs[step].spike(of: unit) {
            if spikes.spike(of: unit) != 0 { marked += 1 } else { missing += 1 }
          }
        }
      }
      for glyphs in [Glyphs.block, .ascii] {
        let canvas = picture(score, glyphs, 70, 12)
        #expect(canvas.cells.count { $0.style.isUnderlined } == marked, "\(canvas.text)")
        let mark = glyphs.missing
        #expect(
          canvas.cells.count { $0 == Cell(mark, Style(.faint)) } == missing, "\(canvas.text)")
      }
    }
  }

  /// At any place of the mouse and of the cursor the axis says the same.
  @Test func columnsAndPlacesAgree() {
    let axis = ScoreAxis(forwardSteps: 30, backwardSteps: 100, columns: 70)
    #expect(axis.place(at: -1) == nil && axis.place(at: axis.width) == nil)
    #expect(axis.place(at: axis.readout) == .readout)
    for step in 1...30 {
      guard case .forward(let found)? = axis.place(at: axis.column(.forward(step)) ?? -1) else {
        Issue.record("no forward step at the column of \(step)")
        return
      }
      #expect(axis.column(.forward(found)) == axis.column(.forward(step)))
    }
  }

  /// Where every neuron has a place and every step a column, each forward spike is a dot.
  @Test func everyForwardSpikeIsADot() {
    let sample = ScoreSample(units: [16, 8], forwardSteps: 20, backwardSteps: 20)
    var score = sample.score
    score.potential = nil
    let canvas = picture(score, .braille, 80, 14)
    var dots = 0
    for cell in canvas.cells where cell.style.tone == .spike {
      guard let code = cell.character.unicodeScalars.first?.value else { continue }
      if (0x2800...0x28FF).contains(code) { dots += (code - 0x2800).nonzeroBitCount }
    }
    var spikes = 0
    for layer in sample.forward { for step in layer { spikes += step.count } }
    #expect(dots == spikes)
  }

  /// A row a neuron, a column a step: a mark for each spike, with its sign in colour and in shape.
  @Test(arguments: Glyphs.allCases) func everyBackwardSpikeHasItsSign(_ glyphs: Glyphs) {
    let sample = ScoreSample(units: [12], forwardSteps: 12, backwardSteps: 30)
    var score = sample.score
    score.potential = nil
    score.voicesPerRow = 1
    let canvas = picture(score, glyphs, 80, 20)
    let signs = sample.backward[0].flatMap { $0.codes.map(SpikeEvents.sign) }
    let up = canvas.cells.filter { $0.style.tone == .positive }
    let down = canvas.cells.filter { $0.style.tone == .negative }
    #expect(up.count == signs.count { $0 > 0 } && !up.isEmpty)
    #expect(down.count == signs.count { $0 < 0 } && !down.isEmpty)
    #expect(Set(up.map(\.character)).isDisjoint(with: down.map(\.character)))
  }

  /// Shape and colour are the net sign's; what has both signs is never bright.
  @Test func theNetSignShowsAndWhatCancelsIsDim() throws {
    /// The backward cell of a channel of nine positions of which so many spike, beside one in which eight do.
    func style(_ positive: Int, _ negative: Int) throws -> Style {
      let codes = (0..<positive + negative).map { $0 < positive ? Int32($0) : ~Int32($0) }
      let sample = ScoreSample(
        LayerShape(channels: 1, height: 3, width: 3), forward: [SpikeEvents()],
        backward: [SpikeEvents(codes: codes), SpikeEvents(codes: (0..<8).map { Int32($0) })])
      let canvas = picture(sample.score, .braille, 30, 3)
      let marks =
        canvas.glyphs.positiveLevels + canvas.glyphs.negativeLevels + canvas.glyphs.mixedLevels
      return try #require(canvas.cells.first { marks.contains($0.character) }).style
    }
    let (up, down, mostlyUp) = (try style(8, 0), try style(0, 8), try style(8, 1))
    #expect(up.tone == .positive && up.isBold)
    #expect(down.tone == .negative && down.isBold)
    #expect(mostlyUp.tone == .positive && !mostlyUp.isBold)
    let (few, both) = (try style(1, 0), try style(4, 4))
    #expect(few.isDim && !few.isBold)
    #expect(both.tone == .faint && !both.isBold)
  }

  /// Steps after the cursor are blank, in every staff and in the potential.
  @Test func nothingIsShownOfTheFuture() {
    let sample = ScoreSample(units: [16, 8], forwardSteps: 20, backwardSteps: 20)
    var score = sample.score
    score.moment = .forward(7)
    let canvas = picture(score, .braille, 80, 20)
    let layout = ScoreAxis(forwardSteps: 20, backwardSteps: 20, columns: 60)
    let last = (layout.column(.forward(7)) ?? 0)
    let spikes = canvas.cells.enumerated().filter { $0.element.style.tone == .spike }
      .map { $0.offset % 80 }
    #expect(!spikes.isEmpty)
    // The gutter takes what the axis does not.
    let gutter = 80 - layout.width
    #expect(spikes.allSatisfy { $0 <= gutter + last + 2 })
    #expect(!canvas.cells.contains { $0.style.tone == .positive || $0.style.tone == .negative })
  }

  /// The words of an empty staff stand in it, whole where there is room.
  @Test func silenceIsExplained() {
    let sample = ScoreSample(units: [16, 8], forwardSteps: 20, backwardSteps: 20)
    var score = sample.score
    score.layers[0].silence = "silent: largest |u| .15 of .5; would fire with loss scale × 3.4"
    let words = picture(score, .braille, 120, 24).text.split(separator: "\n").joined(separator: " ")
    for word in ["silent:", ".15", ".5;", "3.4"] { #expect(words.contains(word)) }
  }

  /// Every layer is in sight, or a sign that there are more; the selected one always is.
  @Test func theSelectedLayerIsInSight() {
    let sample = ScoreSample(
      units: [Int](repeating: 8, count: 12), forwardSteps: 10, backwardSteps: 10)
    for height in 1...40 {
      for selected in [0, 5, 11] {
        var score = sample.score
        score.selected = (selected, 3)
        #expect(picture(score, .braille, 60, height).text.contains("L\(selected)"), "\(height)")
      }
    }
  }

  /// Channels in the order of their numbers, or with the one that spikes most first.
  @Test func channelsStandInEitherOrder() {
    let shape = LayerShape(channels: 6, height: 2, width: 2)
    let codes: [Int32] = [2, 5, 8, 11, 12, 17, 23]
    let sample = ScoreSample(
      shape, forward: [SpikeEvents(codes: codes)], backward: [SpikeEvents()])
    var score = sample.score
    // A place of its own for each of the first rows: engine units are channels-last.
    func first(_ score: Score) -> Int? {
      StaffRows(score, 0, rows: 3, glyphs: .braille).channels(atRow: 1)?.first
    }
    #expect(first(score) == 0)
    score.isStrongestFirst = true
    score.selected.voice = 5
    #expect(first(score) == 5)
    #expect(StaffRows(score, 0, rows: 9, glyphs: .braille).order == [5, 2, 0, 1, 3, 4])
  }

  /// Which channel spikes most is told by both stages, and by spikes of either sign.
  @Test func bothStagesTellWhichChannelIsStrongest() {
    let shape = LayerShape(channels: 3, height: 2, width: 1)
    // Channel 0 spikes twice forward; channel 1 once forward and twice backward, channel 2 once and negative.
    let sample = ScoreSample(
      shape, forward: [SpikeEvents(codes: [0, 1, 3])],
      backward: [SpikeEvents(codes: [1, ~2]), SpikeEvents(codes: [~4])])
    var score = sample.score
    score.isStrongestFirst = true
    #expect(StaffRows(score, 0, rows: 9, glyphs: .braille).order == [1, 0, 2])
  }

  @Test func itLooksLikeThis() {
    let sample = ScoreSample(units: [24, 12], forwardSteps: 15, backwardSteps: 30)
    var silent = sample.score
    silent.layers[0].silence = "silent: largest |u| .15 of .5; would fire with loss scale × 3.4"
    silent.layers[1].gateFlips = [0, 1, 1] + [Int](repeating: 0, count: 9)
    silent.front = .layer(1)
    silent.moment = .backward(12)
    expectGolden(
      [
        ("whole", picture(sample.score, .braille, 90, 20)),
        ("silent", picture(silent, .braille, 70, 16)),
        ("ASCII", picture(silent, .ascii, 60, 14)),
        ("small", picture(sample.score, .braille, 30, 5)),
      ], "score")
  }
}
