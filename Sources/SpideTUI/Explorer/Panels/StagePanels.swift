import SpideEngine
import SpideExperiment

extension Model {
  /// The network with the rates at the cursor.
  var networkMap: NetworkMap {
    let layers = plan.layers.indices.map { index in
      let shape = plan.layers[index]
      let link = index == 0 ? plan.input : plan.links[index - 1]
      let forward = session.forward
      return NetworkMap.Layer(
        name: "L\(index)", size: shape.description, link: link.kind.label,
        forwardRate: forward.step > 0 ? share(forward, index) : nil,
        backwardRate: session.backward.map { share($0, index) })
    }
    return NetworkMap(
      input: "input \(plan.inputShape)", layers: layers,
      feedback: plan.feedback?.kind.label, selected: unit.layer)
  }

  /// Share of (step, neuron) pairs with a spike so far.
  private func share(_ state: StageState, _ layer: Int) -> Double {
    Double(state.layers[layer].spikeTotal)
      / Double(max(1, state.step * plan.layers[layer].count))
  }

  /// The raster of the selected layer, neurons in file order.
  func spikeRaster(_ kind: SpikeRaster.Kind, height: Int) -> SpikeRaster {
    let shape = plan.layers[unit.layer]
    let recorded =
      kind == .binary ? session.forwardSpikes[unit.layer] : session.backwardSpikes[unit.layer]
    let stepCount = kind == .binary ? dynamics.forwardSteps : dynamics.backwardSteps
    let cursor: Int?
    let done: Int
    switch (session.moment, kind) {
    case (.forward(let step), .binary), (.backward(let step), .ternary):
      cursor = step
      done = step
    case (.start, _), (.forward, .ternary), (.readout, .ternary):
      cursor = nil
      done = 0
    case (.readout, .binary), (.backward, .binary), (.update, _):
      cursor = nil
      done = stepCount
    }
    return SpikeRaster(
      kind: kind, steps: recorded.prefix(done).map { inFileOrder($0, shape) },
      stepCount: stepCount, cursor: cursor, unitCount: shape.count, firstUnit: rasters.firstUnit,
      unitsPerRow: rasters.unitsPerRow
        ?? SpikeRaster.fittingZoom(unitCount: shape.count, height: height),
      selectedUnit: selectedIndex)
  }

  private func inFileOrder(_ events: SpikeEvents, _ shape: LayerShape) -> SpikeEvents {
    if shape.places == 1 || shape.channels == 1 { return events }
    let codes = events.codes.map { code in
      let index = Int32(shape.channelsFirstIndex(SpikeEvents.unit(code)))
      return code < 0 ? ~index : index
    }
    return SpikeEvents(codes: codes.sorted { SpikeEvents.unit($0) < SpikeEvents.unit($1) })
  }

  /// Steps of both stages that the cursor has passed.
  var stepsShown: (forward: Int, backward: Int) {
    switch session.moment {
    case .start: return (0, 0)
    case .forward(let step): return (step, 0)
    case .readout: return (dynamics.forwardSteps, 0)
    case .backward(let step): return (dynamics.forwardSteps, step)
    case .update: return (dynamics.forwardSteps, dynamics.backwardSteps)
    }
  }

  /// The selected neuron's potential through both stages.
  var potentialTrace: PotentialTrace {
    let history = session.history
    let shown = stepsShown
    func segment(
      _ label: String, _ potential: [Float], _ spikes: [Int], _ done: Int, _ count: Int,
      _ levels: [PotentialTrace.Level], isCurrent: Bool
    ) -> PotentialTrace.Segment {
      PotentialTrace.Segment(
        label: label, values: potential.prefix(done).map(Double.init),
        spikes: Array(spikes.prefix(done)), stepCount: count, levels: levels,
        cursor: isCurrent && done > 0 ? done : nil)
    }
    let forward = dynamics.forward
    let backward = dynamics.backward
    let reset = Double(forward.resetPotential)
    let threshold = Double(backward.threshold)
    var backwardLevels = [
      PotentialTrace.Level(.threshold, threshold, label: "Vth,b"),
      PotentialTrace.Level(.threshold, -threshold, label: "−Vth,b"),
    ]
    // With SPIDE's reset the couple's resets lie on each other's thresholds.
    if abs(backward.resetPotential) != backward.threshold {
      backwardLevels.append(.init(.reset, Double(backward.resetPotential), label: "reset"))
      if backward.resetPotential != 0 {
        backwardLevels.append(.init(.reset, -Double(backward.resetPotential), label: "−reset"))
      }
    }
    return PotentialTrace(segments: [
      segment(
        "forward", history.forwardPotential, history.forwardSpikes, shown.forward,
        dynamics.forwardSteps,
        [
          .init(.threshold, Double(forward.threshold), label: "Vth"),
          .init(.reset, reset, label: "reset"),
        ], isCurrent: shown.backward == 0),
      segment(
        "backward", history.backwardPotential, history.backwardSpikes, shown.backward,
        dynamics.backwardSteps, backwardLevels, isCurrent: shown.backward > 0),
    ])
  }

  /// The input, its channels side by side where there are several.
  func drawInput(in rect: Rect, on canvas: inout Canvas) {
    let shape = plan.inputShape
    let values = session.input.mean
    if shape.isFlat {
      canvas.draw(HeatMap(columns: shape.count, rows: 1, values: values), in: rect)
      return
    }
    guard shape.channels > 1 else {
      canvas.draw(Picture(columns: shape.width, rows: shape.height, values: values), in: rect)
      return
    }
    // Brightness: the mean over channels.
    let gray = (0..<shape.places).map { place in
      (0..<shape.channels).reduce(Float(0)) { $0 + values[$1 * shape.places + place] }
        / Float(shape.channels)
    }
    canvas.draw(Picture(columns: shape.width, rows: shape.height, values: gray), in: rect)
  }

  /// The class scores, or a hint before the readout.
  var classBars: BarList {
    let names = source.classNames
    let readout = session.readout
    return BarList(
      items: (0..<plan.classes).map { index in
        let probability = readout.map { Double($0.probabilities[index]) } ?? 0
        return BarList.Item(
          index < names.count ? names[index] : "\(index)", value: probability,
          text: readout == nil ? "" : NumberText.rate(probability),
          isChecked: session.label == index, isHighlighted: readout?.prediction == index)
      })
  }
}
