/// Where two runs of one sample through one network spike differently: the same weights under two sets of constants, say.
///
/// Steps are compared by their numbers, as far as both runs have them: a run of 60 forward steps beside one of 30 is
/// compared over 30. Like a recording it grows with what has been computed, and every step is looked at once.
public struct SpikeDifferences: Sendable, Equatable {
  /// One layer in one stage.
  public struct Layer: Sendable, Equatable {
    /// Channels of the layer; in a flat one every unit is one.
    public let channels: Int
    /// Units of each channel that spike differently: `[step][channel]` in a row, step 1 first.
    public private(set) var counts: [UInt16] = []
    /// Units of the layer that do, up to and with each step.
    public private(set) var sums: [Int] = []

    /// A layer of which nothing has been compared.
    init(_ shape: LayerShape) { channels = shape.channels }

    /// Steps compared.
    public var steps: Int { sums.count }

    /// Units that differ at a step, counted from 1.
    public func total(_ step: Int) -> Int { sums[step - 1] - (step > 1 ? sums[step - 2] : 0) }

    /// Compares the spikes of the step that comes next.
    ///
    /// - Returns: the first unit that differs, in engine order, with its spikes; nil where none does.
    fileprivate mutating func add(
      _ one: SpikeEvents, _ other: SpikeEvents
    ) -> (unit: Int, one: Int, other: Int)? {
      let start = counts.count
      counts.append(contentsOf: repeatElement(0, count: channels))
      var total = 0
      var first: (unit: Int, one: Int, other: Int)?
      SpikeEvents.forEachDifference(one, other) { unit, one, other in
        total += 1
        let place = start + unit % channels
        if counts[place] < .max { counts[place] += 1 }
        if first == nil { first = (unit, one, other) }
      }
      sums.append((sums.last ?? 0) + total)
      return first
    }
  }

  /// The layers in the forward stage.
  public private(set) var forward: [Layer]
  /// The layers in the backward stage.
  public private(set) var backward: [Layer]
  /// Of each step that has any, the first: that of the lowest layer and unit; ascending in time.
  public private(set) var firsts: [SpikeDifference] = []

  /// Nothing compared yet.
  public init(_ plan: NetworkPlan) {
    forward = plan.layers.map { Layer($0) }
    backward = forward
  }

  /// The layers in a stage.
  public subscript(stage: Stage) -> [Layer] { stage == .forward ? forward : backward }

  /// The first difference at a step of a stage; nil where there is none, or the step has not been compared.
  public func first(at moment: Moment) -> SpikeDifference? { firsts.first { $0.moment == moment } }

  /// Neurons that differ at a moment, over all layers; 0 at one that is no step.
  public func total(at moment: Moment) -> Int {
    switch moment {
    case .forward(let step): total(forward, step)
    case .backward(let step): total(backward, step)
    case .start, .readout, .update: 0
    }
  }

  private func total(_ layers: [Layer], _ step: Int) -> Int {
    layers.reduce(0) { $0 + ($1.steps >= step ? $1.total(step) : 0) }
  }

  /// Compares the steps that both runs have computed since the last time. Both record spikes (``MonitorName/spikes``).
  ///
  /// - Precondition: they are runs of the same network shape, and go on from what was compared before.
  public mutating func add(_ one: Session, _ other: Session) {
    firsts += Self.add(.forward, to: &forward, one.forwardSpikes, other.forwardSpikes)
    firsts += Self.add(.backward, to: &backward, one.backwardSpikes, other.backwardSpikes)
  }

  /// Compares the steps of a stage that are new.
  ///
  /// - Returns: the first difference of each that has one.
  private static func add(
    _ stage: Stage, to layers: inout [Layer], _ one: [[SpikeEvents]], _ other: [[SpikeEvents]]
  ) -> [SpikeDifference] {
    precondition(
      one.count == layers.count && other.count == layers.count,
      "spikes of \(one.count) and \(other.count) layers, not \(layers.count)")
    let known = layers.first?.steps ?? 0
    let steps = min(one.first?.count ?? 0, other.first?.count ?? 0)
    guard known < steps else { return [] }
    var firsts: [SpikeDifference] = []
    for step in known..<steps {
      var first: SpikeDifference?
      for layer in layers.indices {
        let found = layers[layer].add(one[layer][step], other[layer][step])
        if let found, first == nil {
          first = SpikeDifference(
            stage, step: step + 1, unit: UnitID(layer: layer, unit: found.unit), one: found.one,
            other: found.other)
        }
      }
      if let first { firsts.append(first) }
    }
    return firsts
  }
}

extension SpikeEvents {
  /// Calls `body` with every unit whose spikes differ in two lists, ascending by unit.
  fileprivate static func forEachDifference(
    _ one: SpikeEvents, _ other: SpikeEvents,
    _ body: (_ unit: Int, _ one: Int, _ other: Int) -> Void
  ) {
    var (i, j) = (0, 0)
    while i < one.count || j < other.count {
      let a = i < one.count ? unit(one.codes[i]) : .max
      let b = j < other.count ? unit(other.codes[j]) : .max
      if a < b {
        body(a, sign(one.codes[i]), 0)
        i += 1
      } else if b < a {
        body(b, 0, sign(other.codes[j]))
        j += 1
      } else {
        if one.codes[i] != other.codes[j] { body(a, sign(one.codes[i]), sign(other.codes[j])) }
        i += 1
        j += 1
      }
    }
  }
}
