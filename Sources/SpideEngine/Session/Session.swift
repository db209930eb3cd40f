/// One sample on the timeline `F1 … F_TF · readout · B1 … B_TB · update`, with a cursor that moves both ways.
///
/// A value: a copy keeps its place. Steps are computed when the cursor first gets there, and stepping back shows the
/// very same numbers, because states are kept (every one where that fits in ``memoryLimit``, else every few steps,
/// from which the same arithmetic runs again).
public struct Session: Sendable {
  /// Weights and constants in use.
  public private(set) var network: PackedNetwork
  /// The input of the sample.
  public let input: InputSignal
  /// Its class; without one the timeline still has its backward part, but the cursor stops at the readout.
  public let label: Int?
  /// Samples of the batch that the sample stands for: the method's divisor of `g`.
  public let batch: Int
  /// The cursor: a position on ``timeline``.
  public private(set) var position = 0

  private var monitors: Monitors
  /// What reaches the layers without spikes.
  let inputCurrent: InputCurrent
  /// The last position that has been computed.
  public private(set) var frontier = 0
  private var keyframes: [Int: SampleState] = [:]
  private var current: SampleState
  private var scored: Scored?
  private let memoryLimit: Int
  private let interval: Int

  /// What the cursor may keep in memory for stepping back, in bytes, unless said otherwise.
  public static let memoryLimit = 64 << 20

  /// A sample before its first step.
  ///
  /// - Parameters:
  ///   - network: weights and constants.
  ///   - input: channels-first numbers of the network's input shape.
  ///   - label: its class; without one the cursor stops at the readout.
  ///   - batch: samples of the batch that it stands for.
  ///   - monitors: what is recorded of it.
  ///   - memoryLimit: bytes that the states kept for stepping back may take, roughly.
  public init(
    network: PackedNetwork, input: InputSignal, label: Int?, batch: Int = 1, monitors: Monitors,
    memoryLimit: Int = Session.memoryLimit
  ) {
    self.network = network
    self.memoryLimit = memoryLimit
    self.input = input
    self.label = label
    self.batch = batch
    self.monitors = monitors
    self.monitors.begin(network)
    inputCurrent = InputCurrent(network: network, input: input)
    let start = ForwardStage(network).start()
    current = SampleState(forward: start, backward: nil)
    keyframes[0] = current
    let dynamics = network.dynamics
    let bytes = network.plan.neuronCount * 16 * (dynamics.forwardSteps + dynamics.backwardSteps)
    interval = bytes / max(1, memoryLimit) + 1
  }

  /// The shapes.
  public var plan: NetworkPlan { network.plan }
  /// The constants in use.
  public var dynamics: Dynamics { network.dynamics }
  /// The order of moments.
  public var timeline: Timeline {
    Timeline(forwardSteps: dynamics.forwardSteps, backwardSteps: dynamics.backwardSteps)
  }
  /// Where the cursor stands.
  public var moment: Moment { timeline.moment(at: position) }
  /// The last position that the cursor can reach.
  public var end: Int { label == nil ? timeline.position(of: .readout) : timeline.end }

  /// The forward stage at the cursor; once past it, its end.
  public var forward: StageState { current.forward }
  /// The backward stage at the cursor; nil before its first step.
  public var backward: StageState? { current.backward }
  /// The scores, once the cursor has reached the readout.
  public var readout: Readout? {
    position >= timeline.position(of: .readout) ? scored?.readout : nil
  }
  /// What starts and gates the backward stage, once the cursor has reached the readout of a labelled sample.
  public var sources: BackwardStage.Sources? { readout == nil ? nil : scored?.sources }

  /// The gradient of the logits; empty before the readout and without a label.
  var logitGradient: [Float] { readout == nil ? [] : scored?.logitGradient ?? [] }

  /// The gradients of the sample alone, once the cursor has reached the update.
  public var gradients: Parameters? {
    guard moment == .update, let scored, let sources = scored.sources, let backward else {
      return nil
    }
    var sums = Gradients(network: network)
    sums.add(
      network: network, inputCurrent: inputCurrent, forward: forward, backward: backward,
      sources: sources, rate: scored.rate, logitGradient: scored.logitGradient)
    return sums.parameters(network: network)
  }

  // MARK: Moving

  /// Puts the cursor at a position, clamped to `0 … end`.
  public mutating func move(to target: Int) {
    let target = min(max(target, 0), end)
    if target <= frontier {
      current = state(at: target)
    } else {
      if position != frontier { current = state(at: frontier) }
      while frontier < target { computeNext() }
    }
    position = target
  }

  /// Runs the sample again under other weights or constants, to the same moment (or the nearest that the new timeline has).
  ///
  /// `reframed` is the sample for another `T_F`, which an input that varies needs.
  public mutating func change(network changed: PackedNetwork, input reframed: InputSignal? = nil) {
    let moment = moment
    var next = Session(
      network: changed, input: reframed ?? input, label: label, batch: batch, monitors: monitors,
      memoryLimit: memoryLimit)
    next.move(to: next.timeline.position(nearest: moment))
    self = next
  }

  // MARK: Recording

  /// The monitor of that name; nil where none was asked for.
  public subscript<Kind: Monitor>(name: MonitorName<Kind>) -> Kind? { monitors[name] }

  /// Records more: the monitor, in the place of one of the same name, is shown every step that has been computed, for as
  /// long as that is wanted, and from now on every step when it is first computed.
  ///
  /// - Parameters:
  ///   - monitor: what is shown the steps.
  ///   - name: what it is asked for by.
  ///   - isWanted: asked before every step.
  /// - Returns: whether it was wanted to the end; if not, what was recorded under the name before still is.
  @discardableResult
  public mutating func attach<Kind: Monitor>(
    _ monitor: Kind, as name: MonitorName<Kind>, while isWanted: () -> Bool = { true }
  ) -> Bool {
    var monitor = monitor
    monitor.begin(network)
    guard forEachState(while: isWanted, { monitor.record($0) }) else { return false }
    monitors[name] = monitor
    return true
  }

  /// Calls `body` with the state after every step that has been computed, in order, for as long as that is wanted.
  private func forEachState(while isWanted: () -> Bool, _ body: (SampleState) -> Void) -> Bool {
    guard frontier > 0 else { return true }
    var state = keyframes[0] ?? current
    for position in 1...frontier {
      guard isWanted() else { return false }
      if let kept = keyframes[position] {
        state = kept
      } else {
        advance(&state, to: position)
      }
      if timeline.moment(at: position).isStep { body(state) }
    }
    return true
  }

  // MARK: Computing

  private func state(at target: Int) -> SampleState {
    var from = target
    while from > 0, from != position, keyframes[from] == nil { from -= 1 }
    guard var state = from == position ? current : keyframes[from] else {
      preconditionFailure("no state kept before \(from)")
    }
    while from < target {
      from += 1
      advance(&state, to: from)
    }
    return state
  }

  /// One step of the state on the timeline.
  private func advance(_ state: inout SampleState, to position: Int) {
    switch timeline.moment(at: position) {
    case .forward: ForwardStage(network).step(&state.forward, inputCurrent)
    case .backward:
      guard let sources = scored?.sources else { return }
      let stage = BackwardStage(network)
      var backward = state.backward ?? stage.start()
      state.backward = nil
      stage.step(&backward, sources)
      state.backward = backward
    case .start, .readout, .update: break
    }
  }

  private mutating func computeNext() {
    frontier += 1
    let moment = timeline.moment(at: frontier)
    if moment == .readout {
      scored = Scored(network: network, current.forward, inputCurrent, label, batch)
    }
    advance(&current, to: frontier)
    if moment.isStep { monitors.record(current) }
    if frontier % interval == 0 { keyframes[frontier] = current }
  }
}
