/// The shape of a layer or of an input: `channels × height × width`, or a flat row of units.
///
/// Inside the engine a unit's index is channels-last, `(row · width + column) · channels + channel`,
/// so that one spike touches contiguous runs of weights. Files and PyTorch use channels-first order;
/// ``channelsFirst(_:)`` and ``channelsLast(_:)`` convert, and nothing else in the program does.
public struct LayerShape: Hashable, Sendable {
  /// Feature maps, or units where the layer is flat.
  public let channels: Int
  /// Rows of each feature map (1 where the layer is flat).
  public let height: Int
  /// Columns of each feature map (1 where the layer is flat).
  public let width: Int
  /// Written `[n]` instead of `[C, H, W]`.
  public let isFlat: Bool

  /// A layer of feature maps.
  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
    isFlat = false
  }

  /// A flat layer of `units`.
  public init(units: Int) {
    channels = units
    height = 1
    width = 1
    isFlat = true
  }

  /// `[n]` or `[C, H, W]`; nil for any other number of dimensions or a dimension below 1.
  public init?(dimensions: [Int]) {
    guard dimensions.allSatisfy({ $0 >= 1 }) else { return nil }
    switch dimensions.count {
    case 1: self.init(units: dimensions[0])
    case 3: self.init(channels: dimensions[0], height: dimensions[1], width: dimensions[2])
    default: return nil
    }
  }

  /// Units in the layer.
  public var count: Int { channels * height * width }

  /// Positions of each feature map.
  public var positions: Int { height * width }

  /// `[n]` or `[C, H, W]`, as files state it.
  public var dimensions: [Int] { isFlat ? [channels] : [channels, height, width] }

  /// The channels-first (file) index of a channels-last (engine) unit.
  public func channelsFirstIndex(_ unit: Int) -> Int {
    (unit % channels) * positions + unit / channels
  }

  /// The channels-last (engine) unit of a channels-first (file) index.
  public func channelsLastIndex(_ index: Int) -> Int {
    (index % positions) * channels + index / positions
  }

  /// Values in engine order, rearranged to channels-first order.
  public func channelsFirst<Element>(_ values: [Element]) -> [Element] {
    if positions == 1 || channels == 1 { return values }
    return (0..<count).map { values[channelsLastIndex($0)] }
  }

  /// Values in channels-first order, rearranged to engine order.
  public func channelsLast<Element>(_ values: [Element]) -> [Element] {
    if positions == 1 || channels == 1 { return values }
    return (0..<count).map { values[channelsFirstIndex($0)] }
  }

  /// Writes values in channels-first order to memory in engine order.
  func writeChannelsLast(_ values: ArraySlice<Float>, to memory: UnsafeMutablePointer<Float>) {
    precondition(values.count == count, "\(values.count) values for \(self)")
    values.withUnsafeBufferPointer { values in
      for channel in 0..<channels {
        for position in 0..<positions {
          memory[position * channels + channel] = values[channel * positions + position]
        }
      }
    }
  }
}

extension LayerShape: CustomStringConvertible {
  /// `64` or `3×8×8`.
  public var description: String { dimensions.map(String.init).joined(separator: "×") }
}
