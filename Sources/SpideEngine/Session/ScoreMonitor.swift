/// What a score of all layers shows, counted as the steps are computed, so that drawing need not look at neurons again.
///
/// A channel is a feature map; in a flat layer every unit is one.
public struct ScoreMonitor: Monitor, Equatable {
  /// One layer in one stage.
  public struct Layer: Sendable, Equatable {
    /// Channels of the layer.
    public let channels: Int
    /// Positive spikes of each channel: `[step][channel]` in a row, step 1 first.
    public private(set) var positive: [UInt16] = []
    /// Negative spikes likewise; empty in the forward stage.
    public private(set) var negative: [UInt16] = []
    /// Spikes of the layer at each step: positive and negative ones.
    public private(set) var totals: [(positive: Int, negative: Int)] = []
    /// Spikes of either sign of the layer up to and with each step.
    public private(set) var sums: [Int] = []
    /// Largest `|u|` after the reset up to and with each step of the backward stage; empty in the forward one.
    public private(set) var largest: [Float] = []
    /// Spikes of either sign of each unit, in engine order, in all steps recorded.
    public private(set) var counts: [Int32]
    /// The same of each channel.
    public private(set) var channelCounts: [Int]

    /// A layer of which nothing was recorded.
    package init(_ shape: LayerShape) {
      channels = shape.channels
      counts = [Int32](repeating: 0, count: shape.count)
      channelCounts = [Int](repeating: 0, count: shape.channels)
    }

    /// Steps recorded.
    public var steps: Int { totals.count }

    /// Whether the same was recorded.
    public static func == (a: Layer, b: Layer) -> Bool {
      a.positive == b.positive && a.negative == b.negative && a.largest == b.largest
        && a.counts == b.counts
    }

    /// Takes in the spikes of a step; `largest` is the largest `|u|` after it, which counts in the backward stage.
    package mutating func record(_ spikes: SpikeEvents, _ stage: Stage, largest: Float) {
      let first = positive.count
      positive.append(contentsOf: repeatElement(0, count: channels))
      if stage == .backward { negative.append(contentsOf: repeatElement(0, count: channels)) }
      var total = (positive: 0, negative: 0)
      spikes.forEach { unit, sign in
        counts[unit] += 1
        let channel = unit % channels
        channelCounts[channel] += 1
        let place = first + channel
        if sign > 0 {
          total.positive += 1
          if positive[place] < .max { positive[place] += 1 }
        } else {
          total.negative += 1
          if negative[place] < .max { negative[place] += 1 }
        }
      }
      totals.append(total)
      sums.append((sums.last ?? 0) + total.positive + total.negative)
      if stage == .backward { self.largest.append(max(largest, self.largest.last ?? 0)) }
    }
  }

  /// The layers in the forward stage.
  public private(set) var forward: [Layer] = []
  /// The layers in the backward stage.
  public private(set) var backward: [Layer] = []

  /// A monitor that has seen nothing.
  public init() {}

  /// Begins with the layers of another network.
  public mutating func begin(_ network: PackedNetwork) {
    forward = network.plan.layers.map { Layer($0) }
    backward = forward
  }

  /// Takes in the spikes and potentials of a step.
  public mutating func record(_ state: SampleState) {
    if let stage = state.backward {
      for (index, layer) in stage.layers.enumerated() {
        var largest: Float = 0
        for potential in layer.potential { largest = max(largest, abs(potential)) }
        backward[index].record(layer.spikes, .backward, largest: largest)
      }
    } else {
      for (index, layer) in state.forward.layers.enumerated() {
        forward[index].record(layer.spikes, .forward, largest: 0)
      }
    }
  }
}

extension MonitorName<ScoreMonitor> {
  /// What the score draws.
  public static var score: Self { Self("score") }
}
