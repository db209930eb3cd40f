import CSpikeKernels

/// A small generator whose numbers depend on nothing but the seed (SplitMix64): the same on every machine.
///
/// Every use has its own stream, made with ``stream(_:_:)``, so that no thread ever waits for another's draw.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  /// Where the stream stands; storing and restoring it continues the stream.
  public private(set) var state: UInt64

  /// A stream.
  public init(seed: UInt64) { state = seed }

  /// A seed for one purpose of many, from a seed and up to three numbers that name the purpose.
  public static func stream(_ seed: UInt64, _ names: UInt64...) -> UInt64 {
    var generator = SeededGenerator(seed: seed)
    var mixed = generator.next()
    for name in names {
      generator = SeededGenerator(seed: mixed ^ (name &* 0xD6E8_FEB8_6659_FD93))
      mixed = generator.next()
    }
    return mixed
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in `0 ..< 1`, a multiple of 2⁻²⁴.
  public mutating func unit() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// Draws a mask: for each unit of a layer one ``unit()``, which drops it where it is below `dropout`.
  ///
  /// - Parameters:
  ///   - mask: a bit for each unit, 1 for those that are kept; positions are `stride` bits apart, a multiple of 8.
  mutating func drawMask(
    _ shape: LayerShape, stride: Int, dropout: Float, into mask: UnsafeMutablePointer<UInt8>
  ) {
    let dropped = UInt32((Double(dropout) * 0x1p24).rounded(.up))
    state = spike_draw_mask(
      state, dropped, Int32(shape.positions), Int32(shape.channels), Int32(stride), mask)
  }

  /// Uniform in `0 ..< bound`, without bias.
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "below(\(bound))")
    let bound = UInt64(bound)
    let limit = UInt64.max - UInt64.max % bound
    while true {
      let value = next()
      if value < limit { return Int(value % bound) }
    }
  }
}
