/// The first samples of a set, so that a test of them does not take long.
public struct FirstSamples: SampleSource {
  private let whole: any SampleSource
  /// Samples.
  public let count: Int

  /// At most `count` samples of `set`.
  public init(_ count: Int, of set: any SampleSource) {
    whole = set
    self.count = min(count, set.count)
  }

  /// Shape of one frame.
  public var shape: LayerShape { whole.shape }
  /// Names of the classes.
  public var classNames: [String] { whole.classNames }
  /// Frames of a sample.
  public var frames: Int { whole.frames }
  /// The label of a sample.
  public func label(_ index: Int) -> Int { whole.label(index) }
  /// Writes a sample.
  public func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
    whole.read(index, augmentation: augmentation, into: &buffer)
  }
}
