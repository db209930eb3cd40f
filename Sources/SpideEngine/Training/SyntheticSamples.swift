/// Made-up samples, normal noise about 0, where a preset's data is not at hand.
public struct SyntheticSamples: SampleSource {
  /// Samples.
  public let count: Int
  /// Shape of one frame.
  public let shape: LayerShape
  /// Numbers as names.
  public let classNames: [String]
  /// Frames of a sample.
  public let frames: Int

  /// Samples of a plan's input shape.
  public init(_ plan: NetworkPlan, count: Int, frames: Int = 1) {
    self.count = count
    self.frames = frames
    shape = plan.inputShape
    classNames = (0..<plan.classes).map(String.init)
  }

  /// Every class in turn.
  public func label(_ index: Int) -> Int { index % classNames.count }

  /// Writes sample `index`, the same at every reading.
  public func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
    var generator = SeededGenerator(seed: UInt64(index))
    for place in buffer.indices { buffer[place] = generator.normal() }
  }
}
