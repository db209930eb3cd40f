/// What the samples of a data set look like, as a preset and a network need to know it.
public struct SampleForm: Hashable, Sendable {
  /// What presets call the data set.
  public let name: String
  /// Shape of one input frame.
  public let shape: LayerShape
  /// Classes in the set.
  public let classes: Int
  /// Whether a sample has a frame for every forward step.
  public let variesInTime: Bool

  /// A form.
  public init(name: String, shape: LayerShape, classes: Int, variesInTime: Bool = false) {
    self.name = name
    self.shape = shape
    self.classes = classes
    self.variesInTime = variesInTime
  }
}

/// One part (training or test) of a data set, as the trainer and the explorer read it.
///
/// Implementations are immutable and answer from any thread.
public protocol SampleSource: Sendable {
  /// Samples.
  var count: Int { get }
  /// Shape of one frame.
  var shape: LayerShape { get }
  /// Names of the classes, by label.
  var classNames: [String] { get }
  /// The label of a sample, in `0 ..< classNames.count`.
  func label(_ index: Int) -> Int
  /// Frames of a sample: 1 where the input is constant in time.
  var frames: Int { get }
  /// Writes a sample, normalised: `frames × C × H × W` numbers in channels-first order.
  ///
  /// `augmentation` seeds the random crop and flip of training; nil leaves the sample as it is.
  func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float])
}

/// The input of one run.
public enum InputSignal: Sendable, Equatable {
  /// The same `C × H × W` numbers (channels-first) at every step.
  case constant([Float])
  /// One frame of `C × H × W` numbers for each of the `T_F` steps.
  case varying([[Float]])

  /// The numbers as a picture shows them: the constant input, or the mean over time.
  public var mean: [Float] {
    switch self {
    case .constant(let values): return values
    case .varying(let frames):
      guard let first = frames.first else { return [] }
      var sum = [Float](repeating: 0, count: first.count)
      for frame in frames {
        for index in sum.indices { sum[index] += frame[index] }
      }
      return sum.map { $0 / Float(frames.count) }
    }
  }
}

extension InputSignal {
  /// Numbers as a ``SampleSource`` writes them: `frames` frames of `size`; a single one is constant in time.
  init(_ buffer: [Float], frames: Int, size: Int) {
    if frames == 1 {
      self = .constant(buffer)
    } else {
      self = .varying((0..<frames).map { Array(buffer[$0 * size..<($0 + 1) * size]) })
    }
  }
}

extension SampleSource {
  /// A sample as a run takes it; without a seed of its crop and flip, as it is.
  public func signal(_ index: Int, augmentation: UInt64? = nil) -> InputSignal {
    var buffer = [Float](repeating: 0, count: frames * shape.count)
    read(index, augmentation: augmentation, into: &buffer)
    return InputSignal(buffer, frames: frames, size: shape.count)
  }
}
