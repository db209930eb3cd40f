import SpideEngine

/// Every spike, potential, rate and gradient of one sample as safetensors, in the layouts of PyTorch (channels first).
public enum TraceFile {
  /// Writes the trace of a whole sample, wherever its cursor stands. Without a label: the forward part alone.
  ///
  /// `loss` is the cross-entropy without the loss scale; gradients have it, divided by the session's batch size.
  /// `equilibrium.i` and `implicit.i` are left out where the input varies or the iteration does not converge.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`, and `outOfMemory` before anything is collected.
  public static func write(session: Session, metadata: [String: String], to path: String)
    throws(DataError)
  {
    var frames = 1
    if case .varying(let list) = session.input { frames = list.count }
    try MachineMemory.here.require(
      .tracing(
        session.plan, dynamics: session.dynamics, frames: frames, hasLabel: session.label != nil),
      for: "the trace of a sample", of: path)
    var session = session
    if session[.spikes] == nil { session.attach(SpikeMonitor(), as: .spikes) }
    session.attach(PotentialMonitor(), as: .potentials)
    session.move(to: session.end)
    var writer = SafetensorsWriter(metadata: metadata)
    let plan = session.plan
    let potentials = session[.potentials] ?? PotentialMonitor()
    for (layer, shape) in plan.layers.enumerated() {
      let steps = session.dynamics.forwardSteps
      writer.add(
        name: "forward.\(layer).spikes", shape: [steps] + shape.dimensions,
        uint8s: dense(session.forwardSpikes[layer], shape) { UInt8($0) })
      writer.add(
        name: "forward.\(layer).potential", shape: [steps] + shape.dimensions,
        floats: potentials.forward[layer])
      add(&writer, "forward.\(layer).rate", shape, session.forward.rate(layer))
    }
    if let equilibrium = session.equilibrium()?.values {
      for (layer, shape) in plan.layers.enumerated() {
        add(&writer, "equilibrium.\(layer)", shape, equilibrium[layer])
      }
    }
    if let readout = session.readout {
      writer.add(name: "logits", shape: [plan.classes], floats: readout.logits)
      if let label = session.label {
        writer.add(name: "loss", shape: [1], floats: [readout.loss(label: label)])
      }
    }
    if let backward = session.backward, let sources = session.sources {
      addBackward(&writer, session, backward, sources, potentials)
    }
    if let gradients = session.gradients { writer.add(gradients, prefix: "gradient.") }
    try writer.write(to: path)
  }

  private static func addBackward(
    _ writer: inout SafetensorsWriter, _ session: Session, _ backward: StageState,
    _ sources: BackwardStage.Sources, _ potentials: PotentialMonitor
  ) {
    let stage = BackwardStage(session.network)
    let steps = session.dynamics.backwardSteps
    let shapes = session.plan.layers
    add(&writer, "output-gradient", shapes[shapes.count - 1], sources.outputGradient)
    for (layer, shape) in shapes.enumerated() {
      writer.add(
        name: "backward.\(layer).spikes", shape: [steps] + shape.dimensions,
        int8s: dense(session.backwardSpikes[layer], shape) { Int8($0) })
      writer.add(
        name: "backward.\(layer).potential", shape: [steps] + shape.dimensions,
        floats: potentials.backward[layer])
      add(&writer, "backward.\(layer).beta", shape, stage.beta(backward, layer))
    }
    if let implicit = session.implicitDifferentiation()?.values {
      for (layer, shape) in shapes.enumerated() {
        add(&writer, "implicit.\(layer)", shape, implicit[layer])
      }
    }
  }

  private static func add(
    _ writer: inout SafetensorsWriter, _ name: String, _ shape: LayerShape, _ values: [Float]
  ) {
    writer.add(name: name, shape: shape.dimensions, floats: shape.channelsFirst(values))
  }

  /// Spikes of all steps as one array `[T, S]`, units channels-first.
  private static func dense<Element: ExpressibleByIntegerLiteral>(
    _ steps: [SpikeEvents], _ shape: LayerShape, _ element: (Int) -> Element
  ) -> [Element] {
    var values = [Element](repeating: 0, count: steps.count * shape.count)
    for (step, events) in steps.enumerated() {
      events.forEach { unit, sign in
        values[step * shape.count + shape.channelsFirstIndex(unit)] = element(sign)
      }
    }
    return values
  }
}

/// Potentials of all steps, `[layer][T · S]`, units channels-first.
private struct PotentialMonitor: Monitor {
  private(set) var forward: [[Float]] = []
  private(set) var backward: [[Float]] = []
  private var shapes: [LayerShape] = []

  mutating func begin(_ network: PackedNetwork) {
    shapes = network.plan.layers
    forward = Array(repeating: [], count: shapes.count)
    backward = forward
  }

  mutating func record(_ state: SampleState) {
    for (layer, shape) in shapes.enumerated() {
      if let stage = state.backward {
        backward[layer] += shape.channelsFirst(stage.layers[layer].potential)
      } else {
        forward[layer] += shape.channelsFirst(state.forward.layers[layer].potential)
      }
    }
  }
}

extension MonitorName<PotentialMonitor> {
  /// The potentials of all neurons.
  fileprivate static var potentials: Self { Self("potentials") }
}
