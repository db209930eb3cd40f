/// What a person looks at: the spikes of all layers and the trajectory of one neuron.
extension Session {
  /// A sample before its first step, with the monitors of a person who looks at it (``MonitorName/spikes``,
  /// ``MonitorName/unit``, ``MonitorName/score``).
  ///
  /// - Parameters:
  ///   - network: weights and constants.
  ///   - input: channels-first numbers of the network's input shape.
  ///   - label: its class; without one the cursor stops at the readout.
  ///   - batch: samples of the batch that it stands for.
  ///   - unit: the neuron that is watched.
  ///   - memoryLimit: bytes that the states kept for stepping back may take, roughly.
  public init(
    network: PackedNetwork, input: InputSignal, label: Int?, batch: Int = 1,
    watching unit: UnitID = UnitID(), memoryLimit: Int = Session.memoryLimit
  ) {
    var monitors = Monitors()
    monitors[.spikes] = SpikeMonitor()
    monitors[.unit] = UnitMonitor(unit)
    monitors[.score] = ScoreMonitor()
    self.init(
      network: network, input: input, label: label, batch: batch, monitors: monitors,
      memoryLimit: memoryLimit)
  }

  /// Spikes of the forward stage so far: `[layer][step]`; empty where they are not recorded.
  public var forwardSpikes: [[SpikeEvents]] { self[.spikes]?.forward ?? [] }
  /// Spikes of the backward stage so far: `[layer][step]`; empty where they are not recorded.
  public var backwardSpikes: [[SpikeEvents]] { self[.spikes]?.backward ?? [] }
  /// The watched neuron's trajectory as far as the sample has been computed.
  public var history: UnitMonitor { self[.unit] ?? UnitMonitor(UnitID()) }
  /// The neuron that is watched.
  public var watched: UnitID { history.unit }

  /// Watches another neuron; its trajectory so far is collected again, for as long as that is wanted.
  ///
  /// - Parameters:
  ///   - unit: the neuron, or the nearest that the network has.
  ///   - isWanted: asked before every step.
  /// - Returns: whether it was wanted to the end; if not, the neuron before is still watched.
  @discardableResult
  public mutating func watch(_ unit: UnitID, while isWanted: () -> Bool = { true }) -> Bool {
    let unit = unit.clamped(to: plan)
    return unit == self[.unit]?.unit || attach(UnitMonitor(unit), as: .unit, while: isWanted)
  }
}
