import SpideEngine

/// A set of one sample.
struct OneSample: SampleSource {
  let input: InputSignal
  let shape: LayerShape
  let classNames: [String]
  private let only: Int

  init(_ input: InputSignal, label: Int, _ plan: NetworkPlan) {
    self.input = input
    shape = plan.inputShape
    classNames = (0..<plan.classes).map(String.init)
    only = label
  }

  var count: Int { 1 }
  var frames: Int {
    if case .varying(let frames) = input { return frames.count }
    return 1
  }

  func label(_ index: Int) -> Int { only }

  func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
    switch input {
    case .constant(let values): buffer = values
    case .varying(let frames): buffer = frames.flatMap { $0 }
    }
  }
}
