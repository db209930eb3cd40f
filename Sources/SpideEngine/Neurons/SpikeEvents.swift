/// The spikes of one layer at one time step as a list of events, ascending by unit: what links read and rasters draw.
///
/// A positive spike of unit `i` is stored as `i`, a negative one as `~i`, so that one list of 32-bit words
/// serves binary and ternary neurons. Units are in engine order (channels-last).
public struct SpikeEvents: Sendable, Equatable {
  /// The encoded events.
  public internal(set) var codes: [Int32]

  /// No spikes.
  public init() { codes = [] }

  /// Events from encoded words, ascending by unit.
  public init(codes: [Int32]) { self.codes = codes }

  /// Spikes at this step.
  public var count: Int { codes.count }

  /// The unit of an encoded event.
  @inlinable public static func unit(_ code: Int32) -> Int { Int(code ^ (code >> 31)) }

  /// `+1` or `-1`.
  @inlinable public static func sign(_ code: Int32) -> Int { code < 0 ? -1 : 1 }

  /// The spike of a unit: -1, 0 or +1. Binary search.
  public func spike(of unit: Int) -> Int {
    var low = 0
    var high = codes.count
    while low < high {
      let middle = (low + high) / 2
      if SpikeEvents.unit(codes[middle]) < unit { low = middle + 1 } else { high = middle }
    }
    guard low < codes.count, SpikeEvents.unit(codes[low]) == unit else { return 0 }
    return SpikeEvents.sign(codes[low])
  }

  /// Calls `body` with the unit and the sign of every spike, ascending by unit.
  @inlinable public func forEach(_ body: (_ unit: Int, _ sign: Int) -> Void) {
    for code in codes { body(SpikeEvents.unit(code), SpikeEvents.sign(code)) }
  }
}
