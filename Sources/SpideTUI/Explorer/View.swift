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
        preset.name, marked({ [$0.forward.leak, $0.backward.leak] }, Words.neuron),
        "reset " + marked(\.forward.reset) { Words.reset($0.forward) } + "/"
          + marked(\.backward.reset) { Words.reset($0.backward) },
        "Vth " + marked(\.forward.threshold) { Words.constant($0.forward.threshold) } + "/"
          + marked(\.backward.threshold) { Words.constant($0.backward.threshold) },
        "T " + marked(\.forwardSteps) { "\($0.forwardSteps)" } + "/"
          + marked(\.backwardSteps) { "\($0.backwardSteps)" },
      ],
      tabs: screens.map {
        StatusLine.Tab(key: $0.key.map(String.init) ?? "", title: $0.screen.title)
      },
      current: screenIndex)
  }

  /// The bottom row.
  var timelineBar: TimelineBar {
    let does: String
    switch training.state {
    case .running: does = "training"
    case .pausing: does = "training stops"
    case .updating: does = "updating"
    case .diverged: does = "diverged"
    case .idle, .paused: does = ""
    }
    return TimelineBar(
      timeline: session.timeline, position: session.position, mode: mode.rawValue,
      speed: "\(speed.text) steps/s", isPlaying: isPlaying, training: does,
      trainingSpeed: training.state == .running
        ? "\(Words.count(Int(min(training.samplesPerSecond, 1e9)))) samples/s" : "")
  }

  private func draw(_ pane: ExplorerLayout.Pane, on canvas: inout Canvas) {
    let isFocused = pane.panel == focusedPanel
    // Where others are out of sight, which of them this one is.
    let place = pane.isAlone && panels.count > 1 ? "\(pane.index + 1)/\(panels.count) " : ""
    let titles = [title(of: pane.panel)] + shorterTitles(of: pane.panel)
    let room = pane.outside.width - 4 - place.count
    let title = titles.first { glyphs.width($0) <= room } ?? titles[titles.count - 1]
    canvas.frame(
      pane.outside, title: place + title, rightTitle: rightTitle(of: pane.panel),
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
    case .leftover: canvas.draw(residualHistogram, in: rect)
    case .resetTable: canvas.draw(resetTable, in: rect)
    case .loss: canvas.draw(lossPlot, in: rect)
    case .accuracy: canvas.draw(accuracyPlot, in: rect)
    case .forwardRates: canvas.draw(ratePlot(\.forwardRates), in: rect)
    case .backwardRates: canvas.draw(ratePlot(\.backwardRates), in: rect)
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
    let shape = plan.layers[unit.layer]
    let layer = "L\(unit.layer) \(shape) \(shape.count == 1 ? "neuron" : "neurons")"
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
    case .leftover: return "Residual potential, by reset"
    case .resetTable: return "Three resets, \(basisWords)"
    case .confusion:
      guard training.loadedTest == .done, let accuracy = training.testAccuracy else {
        return panel.title
      }
      return "\(panel.title) \(NumberText.percent(accuracy))  \(loadedFile)"
    default: return panel.title
    }
  }

  /// What it says where that has no room: which neurons and what their signs look like stay longest.
  private func shorterTitles(of panel: Panel) -> [String] {
    let unit = Words.unit(self.unit, plan)
    let layer = "L\(self.unit.layer) \(plan.layers[self.unit.layer])"
    let signs = "+\(glyphs.positive) −\(glyphs.negative)"
    switch panel {
    case .forwardRaster: return ["Forward \(layer) neurons", "Forward \(layer)", layer]
    case .backwardRaster:
      return [
        "Backward spikes  \(layer)  \(signs)", "Backward \(layer) \(signs)", "\(layer) \(signs)",
      ]
    case .membrane, .neuronPotential: return ["Potential  \(unit)", unit]
    case .neuronSpikes, .neuronWeights: return [unit]
    case .input:
      let part = sample.part == .test ? "" : "train "
      return [
        part + "#\(sample.index)" + (session.label.map { ": \(source.classNames[$0])" } ?? "")
      ]
    default: return []
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

extension Canvas {
  /// Lays a widget that draws itself in the middle of a whole screen over `rect`, the part that it covers.
  fileprivate mutating func lay(_ widget: some Widget, _ rect: Rect) {
    var own = Canvas(width: width, height: height, glyphs: glyphs)
    widget.draw(on: &own)
    paste(own.part(rect), x: rect.x, y: rect.y)
  }
}
