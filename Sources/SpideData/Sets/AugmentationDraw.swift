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
    var generator = SeededGenerator(seed: seed)
    func next(below bound: Int) -> Int {
      Int(generator.next().multipliedFullWidth(by: UInt64(bound)).high)
    }
    let places = 2 * augmentation.cropPadding + 1
    rowShift = next(below: places) - augmentation.cropPadding
    columnShift = next(below: places) - augmentation.cropPadding
    isFlipped = next(below: 2) == 1 && augmentation.horizontalFlip
  }
}
