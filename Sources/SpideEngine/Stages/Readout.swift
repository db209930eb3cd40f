/// The classes of one sample, and the gradient that starts the backward stage (TheMethod.md, "Readout").
public struct Readout: Sendable, Equatable {
  /// `z = C a_{N-1} + c`, one number for each class.
  public let logits: [Float]
  /// `softmax(z)`.
  public let probabilities: [Float]

  /// Scores the classes from the `rate` of the last layer, `a_{N-1}` in engine order.
  public init(network: PackedNetwork, rate: [Float]) {
    var logits = network.classifier.bias ?? [Float](repeating: 0, count: network.plan.classes)
    logits.withUnsafeMutableBufferPointer { buffer in
      guard let target = buffer.baseAddress else { return }
      network.classifier.map.addValues(
        rate, .forward, weights: network.classifier.forward.values, to: target)
    }
    self.init(logits: logits)
  }

  /// The classes from their scores.
  init(logits: [Float]) {
    self.logits = logits
    let largest = logits.max() ?? 0
    let powers = logits.map { Elementary.exp($0 - largest) }
    let sum = powers.reduce(0, +)
    probabilities = powers.map { $0 / sum }
  }

  /// The class with the highest score; the first of equals.
  public var prediction: Int {
    logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
  }

  /// How many classes come before one: those with a higher score, and of equals the first ones.
  func rank(of label: Int) -> Int {
    logits.indices.count {
      logits[$0] > logits[label] || (logits[$0] == logits[label] && $0 < label)
    }
  }

  /// Cross-entropy of the label, without the loss scale.
  public func loss(label: Int) -> Float {
    let largest = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + Elementary.exp($1 - largest) }
    return Elementary.log(sum) + largest - logits[label]
  }

  /// `s_c / batch · (softmax(z) - onehot)`, one number for each class: the gradient of the classifier's bias.
  public func logitGradient(label: Int, scale: Float) -> [Float] {
    probabilities.indices.map { scale * (probabilities[$0] - ($0 == label ? 1 : 0)) }
  }

  /// `g = Cᵀ · logitGradient`, for each unit of the last layer in engine order.
  public static func outputGradient(network: PackedNetwork, logitGradient: [Float]) -> [Float] {
    var gradient = [Float](repeating: 0, count: network.classifier.map.source.count)
    gradient.withUnsafeMutableBufferPointer { buffer in
      guard let target = buffer.baseAddress else { return }
      network.classifier.map.addValues(
        logitGradient, .backward, weights: network.classifier.backward.values, to: target)
    }
    return gradient
  }
}
