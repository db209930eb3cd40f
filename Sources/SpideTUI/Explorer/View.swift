import SpideConfiguration
import SpideEngine

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
    case .help(let page):
      let help = helpView(page: page)
      // The view draws itself in the middle of whatever it is given.
      let rect = help.overlay(on: canvas)
      var own = Canvas(width: width, height: height, glyphs: glyphs)
      help.draw(on: &own)
      canvas.paste(own.part(rect), x: rect.x, y: rect.y)
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

  /// The top row.
  var statusLine: StatusLine {
    let forward = dynamics.forward
    let backward = dynamics.backward
    return StatusLine(
      name: "spide-tui",
      parts: [
        preset.name, Words.neuron(dynamics),
        "reset \(Words.reset(forward))/\(Words.reset(backward))",
        "Vth \(Words.constant(forward.threshold))/\(Words.constant(backward.threshold))",
      ],
      tabs: screens.map {
        StatusLine.Tab(key: $0.key.map(String.init) ?? "", title: $0.screen.title)
      },
      current: screenIndex)
  }

  /// The bottom row.
  var timelineBar: TimelineBar {
    let state: String
    switch training.state {
    case .running: state = "training"
    case .pausing: state = "pausing"
    case .updating: state = "updating"
    case .idle, .paused: state = mode.rawValue
    }
    let isTraining = training.state == .running || training.state == .pausing
    return TimelineBar(
      timeline: session.timeline, position: session.position, mode: state,
      speed: isTraining
        ? "\(Words.count(Int(min(training.samplesPerSecond, 1e9)))) samples/s"
        : "\(speed.text) steps/s",
      isPlaying: isPlaying || isTraining)
  }

  private func draw(_ pane: ExplorerLayout.Pane, on canvas: inout Canvas) {
    let isFocused = pane.panel == focusedPanel
    canvas.frame(
      pane.outside, title: title(of: pane.panel), rightTitle: rightTitle(of: pane.panel),
      isSelected: isFocused)
    draw(pane.panel, in: pane.inside, on: &canvas)
  }

  private func draw(_ panel: Panel, in rect: Rect, on canvas: inout Canvas) {
    switch panel {
    case .network: canvas.draw(networkMap, in: rect)
    case .forwardRaster: canvas.draw(spikeRaster(.binary, height: rect.height), in: rect)
    case .backwardRaster: canvas.draw(spikeRaster(.ternary, height: rect.height), in: rect)
    case .membrane, .neuronPotential: canvas.draw(potentialTrace, in: rect)
    case .input: drawInput(in: rect, on: &canvas)
    case .classes: canvas.draw(classBars, in: rect)
    case .rateError: canvas.draw(rateErrorPlot, in: rect)
    case .betaError: canvas.draw(betaErrorPlot, in: rect)
    case .leftover: canvas.draw(leftoverHistogram, in: rect)
    case .resetTable: canvas.draw(resetTable, in: rect)
    case .loss: canvas.draw(lossPlot, in: rect)
    case .accuracy: canvas.draw(accuracyPlot, in: rect)
    case .forwardRates: canvas.draw(ratePlot(\.forwardRate, \.forwardRate), in: rect)
    case .backwardRates: canvas.draw(ratePlot(\.backwardRate, \.backwardRate), in: rect)
    case .progress: drawProgress(in: rect, on: &canvas)
    case .confusion: drawConfusion(in: rect, on: &canvas)
    case .neuronSpikes: drawNeuronSpikes(in: rect, on: &canvas)
    case .neuronRate: canvas.draw(neuronRatePlot, in: rect)
    case .neuronBeta: canvas.draw(neuronBetaPlot, in: rect)
    case .neuronWeights: drawNeuronWeights(in: rect, on: &canvas)
    case .neuronFacts: canvas.draw(neuronFacts, in: rect)
    }
  }

  /// What a panel's frame says at its left.
  private func title(of panel: Panel) -> String {
    let layer = "L\(unit.layer) \(plan.layers[unit.layer]) neurons"
    switch panel {
    case .forwardRaster: return "Forward spikes  \(layer)"
    case .backwardRaster:
      return "Backward spikes  \(layer)   + \(glyphs.positive)  − \(glyphs.negative)"
    case .membrane, .neuronPotential: return "Membrane potential  \(Words.unit(unit, plan))"
    case .neuronSpikes: return "Spikes  \(Words.unit(unit, plan))"
    case .neuronWeights: return "Weights into \(Words.unit(unit, plan))"
    case .input:
      let label = session.label.map { "  label \(source.classNames[$0])" } ?? ""
      let part = sample.part == .test ? "" : "train "
      return "\(part)#\(sample.index)\(label)"
    case .rateError: return "Rate error  mean |a(t) − a*|"
    case .betaError: return "Error of β  ‖β(t) − β‖ / ‖β‖"
    case .leftover: return "Leftover potential"
    case .resetTable: return "Three resets, \(basisWords)"
    default: return panel.title
    }
  }

  /// What a panel's frame says at its right.
  private func rightTitle(of panel: Panel) -> String {
    switch panel {
    case .forwardRaster, .backwardRaster:
      return rasters.unitsPerRow.map { $0 == 1 ? "1 a row" : "\($0) a row" } ?? ""
    case .classes:
      guard let readout = session.readout, let label = session.label else { return "" }
      return "loss \(NumberText.fixed(Double(readout.loss(label: label)), decimals: 3))"
    case .resetTable: return "b changes"
    case .network: return weightsOrigin.hasPrefix("fresh") ? "untrained" : ""
    default: return ""
    }
  }

  var basisWords: String { basis == .sameDrop ? "same V" : "same threshold" }
}
