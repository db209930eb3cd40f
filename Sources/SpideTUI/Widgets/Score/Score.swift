import SpideEngine

/// All layers of a sample on one clock, as in a musical score: a staff for each layer, one time axis, one cursor line, and
/// beneath them the membrane potential of the selected neuron over the same columns.
package struct Score: Widget {
  /// One staff.
  package struct Layer: Sendable {
    /// Its name, such as `L0`.
    package var name: String
    /// Its shape.
    package var shape: LayerShape
    /// The link into it, such as `dense`.
    package var link: String
    /// What was counted of the forward stage.
    package var forward: ScoreMonitor.Layer
    /// What was counted of the backward stage.
    package var backward: ScoreMonitor.Layer
    /// Neurons of each channel whose gate differs from the gate at equilibrium; empty where that is not known.
    package var gateFlips: [Int]
    /// Why its backward staff is empty; empty where it is not.
    package var silence: String
    /// Spikes of each channel that rows are in the order of, where the strongest comes first; empty for its own.
    package var ranking: [Int] = []
    /// Where another run of the sample spikes differently; nil where there is none beside it.
    package var differences: (forward: SpikeDifferences.Layer, backward: SpikeDifferences.Layer)?

    /// A staff.
    package init(
      name: String, shape: LayerShape, link: String, forward: ScoreMonitor.Layer,
      backward: ScoreMonitor.Layer, gateFlips: [Int] = [], silence: String = ""
    ) {
      self.name = name
      self.shape = shape
      self.link = link
      self.forward = forward
      self.backward = backward
      self.gateFlips = gateFlips
      self.silence = silence
    }

    /// Rows of its own that a layer can have at most: channels, or neurons where it is flat.
    var voices: Int { shape.channels }
  }

  /// The membrane potential of the selected neuron.
  package struct Potential: Sendable {
    /// The neuron, such as `L1 #17`.
    package var name: String
    /// The stages, with their levels; the labels stand in the line above them.
    package var forward, backward: PotentialTrace.Segment

    /// A trace.
    package init(
      name: String, forward: PotentialTrace.Segment, backward: PotentialTrace.Segment
    ) {
      self.name = name
      self.forward = forward
      self.backward = backward
    }
  }

  /// The selected channel of the selected layer at the cursor, in place of that layer's rows.
  package struct Map: Sendable {
    /// Firing rates and β so far, row by row; β is empty before the backward stage.
    package var rates, beta: [Float]
    /// The spikes of the step at the cursor.
    package var forwardSpikes, backwardSpikes: [Int8]

    /// A map.
    package init(rates: [Float], beta: [Float], forwardSpikes: [Int8], backwardSpikes: [Int8]) {
      self.rates = rates
      self.beta = beta
      self.forwardSpikes = forwardSpikes
      self.backwardSpikes = backwardSpikes
    }
  }

  /// What is being stepped while time moves.
  package enum Front: Hashable, Sendable {
    /// A layer.
    case layer(Int)
    /// Every layer that spikes at this step: time moves too fast to follow one.
    case everywhere
    /// The feedback, on its way round.
    case feedback
  }

  /// What goes in, such as `input 8×8`.
  package var input: String
  /// From the input side.
  package var layers: [Layer]
  /// The link from the last layer back to the first; nil where there is none.
  package var feedback: String?
  /// The norm of its weight, and what bounds it.
  package var feedbackNorm = ""
  /// Steps of the stages.
  package var forwardSteps, backwardSteps: Int
  /// Where time stands: later steps are blank.
  package var moment: Moment
  /// The selected layer, and its selected channel.
  package var selected: (layer: Int, voice: Int)
  /// Channels in one row of the selected staff; nil for as many as it takes.
  package var voicesPerRow: Int?
  /// Whether channels stand with the one that spikes most first.
  package var isStrongestFirst = false
  /// The map of the selected channel, where that is to be seen.
  package var map: Map?
  /// The selected neuron.
  package var potential: Potential?
  /// The event front while time moves.
  package var front: Front?

  /// A score before its first step.
  package init(
    input: String, layers: [Layer], feedback: String? = nil, forwardSteps: Int,
    backwardSteps: Int, moment: Moment, selected: (layer: Int, voice: Int) = (0, 0)
  ) {
    self.input = input
    self.layers = layers
    self.feedback = feedback
    self.forwardSteps = forwardSteps
    self.backwardSteps = backwardSteps
    self.moment = moment
    self.selected = selected
  }

  /// Steps of both stages that the cursor has passed.
  var stepsShown: (forward: Int, backward: Int) {
    switch moment {
    case .start: return (0, 0)
    case .forward(let step): return (step, 0)
    case .readout: return (forwardSteps, 0)
    case .backward(let step): return (forwardSteps, step)
    case .update: return (forwardSteps, backwardSteps)
    }
  }

  package func draw(on canvas: inout Canvas) {
    guard canvas.width > 0, canvas.height > 0, !layers.isEmpty else { return }
    let layout = ScoreLayout(
      self, width: canvas.width, height: canvas.height, glyphs: canvas.glyphs)
    drawTime(layout, on: &canvas)
    for staff in layout.staffs {
      drawStaff(staff, layout, on: &canvas)
      drawGutter(staff, layout, on: &canvas)
    }
    drawLinks(layout, on: &canvas)
    if let potential, !layout.potential.isEmpty {
      draw(potential, layout, on: &canvas)
    }
  }

  /// The axis with its numbers, the lines between the stages, and the cursor's.
  private func drawTime(_ layout: ScoreLayout, on canvas: inout Canvas) {
    let (axis, left) = (layout.axis, layout.gutter)
    let glyphs = canvas.glyphs
    let last = layout.potential.isEmpty ? layout.staffEnd : layout.potential.bottom
    let edges = axis.gap == 3 ? [axis.readout - 1, axis.readout + 1] : [axis.readout]
    for y in 0..<last {
      for x in edges { canvas[left + x, y] = Cell(glyphs.vertical, Style(.faint)) }
    }
    if let column = axis.column(moment) {
      for y in (layout.hasAxis ? 1 : 0)..<last {
        canvas[left + column, y] = Cell(glyphs.vertical, Style(.accent, dim: true))
      }
    }
    guard layout.hasAxis else { return }
    canvas.write(glyphs.clipped(input, to: left - 1), x: 1, y: 0)
    if axis.gap == 3 {
      let isNow = moment == .readout
      canvas[left + axis.readout, 0] = Cell("R", isNow ? Style(.accent, bold: true) : Style(.faint))
    }
    var steps: (forward: Int?, backward: Int?) = (nil, nil)
    if case .forward(let step) = moment { steps.forward = step }
    if case .backward(let step) = moment { steps.backward = step }
    draw("F", axis.forward, cursor: steps.forward, x: left, on: &canvas)
    draw("B", axis.backward, cursor: steps.backward, x: left + axis.backwardStart, on: &canvas)
  }

  /// The numbers of a stage, the first with the stage's letter.
  private func draw(
    _ letter: Character, _ scale: ScoreAxis.Scale, cursor: Int?, x: Int, on canvas: inout Canvas
  ) {
    var own = Canvas(width: scale.width, height: 1, glyphs: canvas.glyphs)
    own.drawSteps(
      scale.steps, x: 1, y: 0, columns: scale.width - 1, cursor: cursor,
      column: { scale.column($0) - ($0 > 1 ? 1 : 0) })
    own[0, 0] = Cell(letter, Style(.normal, bold: true))
    canvas.paste(own, x: x, y: 0)
  }
}
