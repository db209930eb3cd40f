import SpideConfiguration
import SpideEngine
import SpideExperiment

extension Model {
  /// The whole screen, and where the terminal's cursor stands while a line is typed.
  public func view() -> Frame {
    var canvas = Canvas(width: width, height: height, glyphs: glyphs)
    let layout = ExplorerLayout(self)
    for pane in layout.panes { draw(pane, on: &canvas) }
    if !layout.header.isEmpty { canvas.draw(statusLine, in: layout.header) }
    if !layout.timeline.isEmpty { canvas.draw(timelineBar, in: layout.timeline) }
    var cursor: CellPosition?
    switch overlay {
    case .none: break
    case .help(let page) where page >= helpPages - 1:
      let legend = LegendView(page: "\(helpPages)/\(helpPages)")
      canvas.lay(legend, legend.overlay(on: canvas))
    case .help(let page):
      let help = helpView(page: page)
      canvas.lay(help, help.overlay(on: canvas))
    case .question(let question):
      let box = questionBox(question)
      canvas.lay(box, box.overlay(on: canvas))
    case .presets(let entries, let selected):
      let rect = layout.menu
      let frame = Rect(
        x: rect.x - 1, y: rect.y - 1, width: rect.width + 2, height: rect.height + 2)
      canvas.fill(frame, .blank)
      canvas.frame(frame, title: "Presets", rightTitle: "Enter opens", isSelected: true)
      canvas.draw(presetMenu(entries, selected), in: rect)
    case .prompt(let prompt):
      let view = promptView(prompt)
      canvas.draw(view, in: layout.prompt)
      cursor = CellPosition(
        x: view.cursorColumn(width: width, glyphs: glyphs), y: layout.prompt.bottom - 1)
    }
    drawNote(layout, on: &canvas)
    return Frame(canvas, cursor: cursor)
  }

  /// In its row, or in a box where it must be read and is too long for one. A prompt covers it.
  private func drawNote(_ layout: ExplorerLayout, on canvas: inout Canvas) {
    if let box = noteBox {
      canvas.draw(box, in: layout.note)
    } else if let note, height >= 4, layout.prompt.isEmpty {
      let row = Rect(x: 0, y: height - 2, width: width, height: 1)
      canvas.fill(row, .blank)
      canvas.write(
        glyphs.clipped(note.text, to: width - 2), x: 1, y: row.y,
        style: Style(note.isError ? .bad : .accent, bold: true))
    }
  }

  /// The menu of presets. A file goes by its last name; where it lies is in its description.
  func presetMenu(_ entries: [PresetChoice], _ selected: Int) -> Menu {
    Menu(
      items: entries.map { entry in
        let file = entry.argument.split(separator: "/").last.map(String.init) ?? entry.argument
        let place = file == entry.argument ? "" : "  (\(entry.argument))"
        return Menu.Item(file, entry.summary + place, mark: entry.mark)
      }, selected: selected)
  }

  /// The top row. A star marks a constant that is not the preset's.
  var statusLine: StatusLine {
    let (now, given) = (dynamics, givenDynamics)
    func marked<Value: Equatable>(
      _ value: (Dynamics) -> Value, _ text: (Dynamics) -> String
    ) -> String {
      text(now) + (value(now) == value(given) ? "" : "*")
    }
    return StatusLine(
      name: "spide-tui",
      parts: [
        preset.name
          + (runs.currentRun.map { $0.name == preset.name ? "" : " run \($0.name)" } ?? ""),
        marked({ [$0.forward.leak, $0.backward.leak] }, Words.neuron),
        "reset " + marked(\.forward.reset) { Words.reset($0.forward) } + "/"
          + marked(\.backward.reset) { Words.reset($0.backward) },
        "Vth " + marked(\.forward.threshold) { Words.constant($0.forward.threshold) } + "/"
          + marked(\.backward.threshold) { Words.constant($0.backward.threshold) },
        "T " + marked(\.forwardSteps) { "\($0.forwardSteps)" } + "/"
          + marked(\.backwardSteps) { "\($0.backwardSteps)" },
      ]
        + (now.lossScale == given.lossScale ? [] : ["s_c " + Words.constant(now.lossScale) + "*"]),
      tabs: screens.map {
        StatusLine.Tab(key: $0.key.map(String.init) ?? "", title: $0.screen.title)
      },
      current: screenIndex)
  }

  /// The bottom row.
  var timelineBar: TimelineBar {
    let does: String
    var howFast = ""
    switch training.state {
    case _ where training.travel?.journey != nil:
      let journey = training.travel?.journey
      does = "going to update \(journey?.update ?? 0)"
      if let journey, journey.all > 0 { howFast = "\(journey.done) of \(journey.all) batches" }
    case .paused where training.isBehind:
      does = "update \(training.batchesDone) of \(training.recorded?.last ?? 0)"
    case .running: does = "training"
    case .pausing: does = "training stops"
    case .updating: does = "updating"
    case .diverged: does = "diverged"
    case .idle, .paused: does = ""
    }
    return TimelineBar(
      timeline: session.timeline, position: session.position, mode: mode.rawValue,
      speed: "\(speed.text) steps/s", isPlaying: isPlaying, isComputing: isComputing,
      training: does,
      trainingSpeed: training.state == .running
        ? "\(Words.count(Int(min(training.samplesPerSecond, mostSamplesPerSecond, 1e9)))) samples/s"
        : howFast)
  }

  private func draw(_ pane: ExplorerLayout.Pane, on canvas: inout Canvas) {
    // Where others are out of sight, which of them this one is.
    let place = pane.isAlone && panels.count > 1 ? "\(pane.index + 1)/\(panels.count) " : ""
    let titles = pane.panel.titles(self)
    let room = pane.outside.width - 4 - place.count
    let title = titles.first { glyphs.width($0) <= room } ?? titles[titles.count - 1]
    let rest = room - glyphs.width(title) - 3
    let rightTitle = pane.panel.rightTitles(self).first { glyphs.width($0) <= rest }
    canvas.frame(
      pane.outside, title: place + title, rightTitle: rightTitle ?? "",
      isSelected: pane.index == min(focus, panels.count - 1))
    pane.panel.draw(self, in: pane.inside, on: &canvas)
  }
}

extension Canvas {
  /// Lays a widget that draws itself in the middle of a whole screen over `rect`, the part that it covers.
  fileprivate mutating func lay(_ widget: some Widget, _ rect: Rect) {
    var own = Canvas(width: width, height: height, glyphs: glyphs)
    widget.draw(on: &own)
    paste(own.part(rect), x: rect.x, y: rect.y)
  }
}
