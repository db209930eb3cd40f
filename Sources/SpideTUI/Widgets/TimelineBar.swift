import SpideEngine

/// The timeline of a sample in one row: forward bar, readout, backward bar, update, and how its time moves. Before
/// that, where it has a word, what training does meanwhile.
public struct TimelineBar: Widget {
  /// The steps of both stages.
  public var timeline: Timeline
  /// The cursor, as a position of ``timeline``.
  public var position: Int
  /// `inspect` or `train`.
  public var mode: String
  /// Speed of play, such as `20 steps/s`.
  public var speed: String
  /// Whether time moves by itself.
  public var isPlaying: Bool
  /// Whether the sample is still on its way to what was asked for.
  public var isComputing: Bool
  /// What training does, such as `training`; empty where it does nothing.
  public var training: String
  /// How fast it does, such as `9,300 samples/s`.
  public var trainingSpeed: String

  /// A bar.
  public init(
    timeline: Timeline, position: Int, mode: String = "", speed: String = "",
    isPlaying: Bool = false, isComputing: Bool = false, training: String = "",
    trainingSpeed: String = ""
  ) {
    self.timeline = timeline
    self.position = position
    self.mode = mode
    self.speed = speed
    self.isPlaying = isPlaying
    self.isComputing = isComputing
    self.training = training
    self.trainingSpeed = trainingSpeed
  }

  /// The position that a click on `column` of a bar of `width` columns means; nil off the timeline.
  public func position(atColumn column: Int, width: Int) -> Int? {
    let frame = Frame(self, width: width, glyphs: .braille)
    func step(_ range: Range<Int>, _ steps: Int) -> Int {
      max(1, ((column - range.lowerBound + 1) * steps + range.count - 1) / range.count)
    }
    if frame.start.contains(column) { return 0 }
    if frame.forward.contains(column) {
      return min(timeline.forwardSteps, step(frame.forward, timeline.forwardSteps))
    }
    if frame.readout.contains(column) { return timeline.position(of: .readout) }
    if frame.backward.contains(column) {
      let step = min(timeline.backwardSteps, step(frame.backward, timeline.backwardSteps))
      return timeline.position(of: .backward(step))
    }
    if frame.update.contains(column) { return timeline.position(of: .update) }
    return nil
  }

  /// Whether the word that says if time moves stands at a column of a bar of `width` columns.
  public func isPlayState(atColumn column: Int, width: Int, glyphs: Glyphs) -> Bool {
    guard let word = Frame(self, width: width, glyphs: glyphs).info.last, word.isPlayState else {
      return false
    }
    return (width - 1 - glyphs.width(word.text)..<width - 1).contains(column)
  }

  package func draw(on canvas: inout Canvas) {
    let frame = Frame(self, width: canvas.width, glyphs: canvas.glyphs)
    let (forward, backward) = stepsDone
    let current = currentLetter
    func style(_ name: Character) -> Style {
      name == current ? Style(.accent, bold: true) : Style(.faint)
    }
    func point(_ name: Character, _ range: Range<Int>, isDone: Bool, on canvas: inout Canvas) {
      guard let x = range.first else { return }
      canvas[x, 0] = Cell(name, style(name))
      if range.count >= 3 {
        canvas[x + 2, 0] = Cell(isDone ? canvas.glyphs.done : canvas.glyphs.dot, style(name))
      }
    }
    if let x = frame.start.first { canvas[x, 0] = Cell("F", style("F")) }
    canvas.drawSteps(forward, of: timeline.forwardSteps, in: frame.forward, tone: .spike)
    point("R", frame.readout, isDone: position >= timeline.position(of: .readout), on: &canvas)
    if let x = frame.backwardLetter { canvas[x, 0] = Cell("B", style("B")) }
    canvas.drawSteps(backward, of: timeline.backwardSteps, in: frame.backward, tone: .positive)
    point("U", frame.update, isDone: position >= timeline.end, on: &canvas)
    if frame.hasCounts {
      canvas.write(
        "\(forward)/\(timeline.forwardSteps)", x: frame.forward.upperBound + 1, y: 0,
        style: current == "F" ? .plain : Style(.faint))
      canvas.write(
        "\(backward)/\(timeline.backwardSteps)", x: frame.backward.upperBound + 1, y: 0,
        style: current == "B" ? .plain : Style(.faint))
    }
    var x = canvas.width - frame.infoWidth - (frame.infoWidth < canvas.width ? 1 : 0)
    for word in frame.info {
      x = canvas.write(word.text, x: x, y: 0, style: word.style) + word.gap
    }
  }

  private var currentLetter: Character {
    switch timeline.moment(at: position) {
    case .start, .forward: "F"
    case .readout: "R"
    case .backward: "B"
    case .update: "U"
    }
  }

  private var stepsDone: (forward: Int, backward: Int) {
    switch timeline.moment(at: position) {
    case .start: (0, 0)
    case .forward(let step): (step, 0)
    case .readout: (timeline.forwardSteps, 0)
    case .backward(let step): (timeline.forwardSteps, step)
    case .update: (timeline.forwardSteps, timeline.backwardSteps)
    }
  }
}

extension TimelineBar {
  /// One of the words at the right end.
  struct Word {
    var text: String
    var style = Style.plain
    /// Blanks after it.
    var gap = 3
    /// Whether it says if time moves.
    var isPlayState = false
  }

  /// What may stand at the right end, from the most to the least: first training's words, then the sample's.
  private func wordings(_ glyphs: Glyphs) -> [[Word]] {
    let state =
      isComputing
      ? Word(text: "computing", style: Style(.accent, bold: true), isPlayState: true)
      : Word(
        text: isPlaying ? "\(glyphs.play) playing" : "\(glyphs.pause) paused",
        style: Style(isPlaying ? .good : .warning, bold: true), isPlayState: true)
    guard !training.isEmpty else {
      return [
        [Word(text: mode), Word(text: speed), state], [Word(text: mode), state], [state], [],
      ]
    }
    let does = Word(text: training, style: Style(.good, bold: true), gap: 1)
    let how = Word(text: trainingSpeed, gap: 1)
    let between = Word(text: String(glyphs.vertical), style: Style(.faint), gap: 1)
    let sample = Word(text: "sample", gap: 1)
    return [
      [does, how, between, sample, Word(text: speed, gap: 1), state],
      [does, how, between, sample, state], [does, between, sample, state],
      [does, how], [does],
    ]
  }

  /// Which columns mean what. The words at the right go first, then the counts, then the letters of the points; but the
  /// word for training goes last.
  private struct Frame {
    var start = 0..<0
    var forward = 0..<0
    var readout = 0..<0
    var backwardLetter: Int?
    var backward = 0..<0
    var update = 0..<0
    var hasCounts = false
    var info: [Word] = []
    var infoWidth = 0

    init(_ bar: TimelineBar, width: Int, glyphs: Glyphs) {
      let counts = "\(bar.timeline.forwardSteps)".count + "\(bar.timeline.backwardSteps)".count
      let wordings = bar.wordings(glyphs)
      for words in wordings {
        use(words, glyphs)
        let taken = (info.isEmpty ? 0 : infoWidth + 4) + 2 * counts + 4
        if place(width - taken, countWidths: bar.countWidths, least: 7) { return }
      }
      use(wordings[wordings.count - 1], glyphs)
      let taken = info.isEmpty ? 0 : infoWidth + 3
      if place(width - taken, countWidths: nil, least: 4) { return }
      if !info.isEmpty, width >= infoWidth { return }
      use([], glyphs)
      if place(width, countWidths: nil, least: 4) { return }
      // Nothing but the two bars.
      forward = 0..<max(0, width / 2)
      backward = forward.upperBound..<max(0, width)
    }

    private mutating func use(_ words: [Word], _ glyphs: Glyphs) {
      info = words.filter { !$0.text.isEmpty }
      infoWidth =
        info.map { glyphs.width($0.text) + $0.gap }.reduce(0, +) - (info.last?.gap ?? 0)
    }

    /// Lays the parts out with bars that fill `room` columns; false where they would be shorter than `least`.
    private mutating func place(_ room: Int, countWidths: (Int, Int)?, least: Int) -> Bool {
      let isRoomy = countWidths != nil
      // " F ", "   R ·   B ", "   U ·" around the bars, or "F ", " R B ", " U".
      let fixed = isRoomy ? 3 + 11 + 6 : 2 + 5 + 2
      let bars = room - fixed
      guard bars / 2 >= least else { return false }
      hasCounts = isRoomy
      var x = isRoomy ? 1 : 0
      start = x..<x + 2
      x += 2
      forward = x..<x + bars / 2
      x = forward.upperBound + (countWidths.map { $0.0 + 1 } ?? 0) + (isRoomy ? 3 : 1)
      readout = x..<x + (isRoomy ? 3 : 1)
      x = readout.upperBound + (isRoomy ? 3 : 1)
      backwardLetter = x
      x += 2
      backward = x..<x + bars - bars / 2
      x = backward.upperBound + (countWidths.map { $0.1 + 1 } ?? 0) + (isRoomy ? 3 : 1)
      update = x..<x + (isRoomy ? 3 : 1)
      return true
    }
  }

  private var countWidths: (Int, Int) {
    (2 * "\(timeline.forwardSteps)".count + 1, 2 * "\(timeline.backwardSteps)".count + 1)
  }
}

extension Canvas {
  /// A bar of whole columns that is full at the last step only and empty before the first only.
  fileprivate mutating func drawSteps(_ done: Int, of count: Int, in range: Range<Int>, tone: Tone)
  {
    guard !range.isEmpty, count > 0 else { return }
    let filled = done == 0 ? 0 : max(1, done * range.count / count)
    for (index, x) in range.enumerated() {
      self[x, 0] =
        index < filled ? Cell(glyphs.full, Style(tone)) : Cell(glyphs.track, Style(.faint))
    }
  }
}
