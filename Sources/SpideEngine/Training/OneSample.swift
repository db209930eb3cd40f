/// A set of one sample.
package struct OneSample: SampleSource {
  package let shape: LayerShape
  package let classNames: [String]
  private let input: InputSignal
  private let only: Int

  /// A sample of a network's input, with its class.
  package init(_ input: InputSignal, label: Int, _ plan: NetworkPlan) {
    self.input = input
    shape = plan.inputShape
    classNames = (0..<plan.classes).map(String.init)
    only = label
  }

  package var count: Int { 1 }
  package var frames: Int {
    if case .varying(let frames) = input { return frames.count }
    return 1
  }

  package func label(_ index: Int) -> Int { only }

  package func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
    switch input {
    case .constant(let values): buffer = values
    case .varying(let frames): buffer = frames.flatMap { $0 }
    }
  }
}
