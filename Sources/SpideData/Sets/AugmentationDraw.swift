import SpideEngine

/// One random crop and flip. The same seed gives the same one on every machine.
public struct AugmentationDraw: Equatable, Sendable {
  /// Rows by which the window lies below the image's own place; negative for above.
  public let rowShift: Int
  /// Columns by which the window lies to the right of the image's own place; negative for left.
  public let columnShift: Int
  /// Whether the window is then mirrored left to right.
  public let isFlipped: Bool

  /// Draws shifts uniformly from `-cropPadding … cropPadding`, and the flip from two equal chances where it is wanted.
  public init(_ augmentation: Augmentation, seed: UInt64) {
    // Always three draws, so that one setting does not change what another draws.
    var state = seed
    func next(below bound: Int) -> Int {
      Int(AugmentationDraw.splitMix(&state).multipliedFullWidth(by: UInt64(bound)).high)
    }
    let places = 2 * augmentation.cropPadding + 1
    rowShift = next(below: places) - augmentation.cropPadding
    columnShift = next(below: places) - augmentation.cropPadding
    isFlipped = next(below: 2) == 1 && augmentation.horizontalFlip
  }

  /// SplitMix64 (Steele, Lea, Flood 2014): seeds that differ by 1, as sample numbers do, give unrelated numbers.
  private static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
