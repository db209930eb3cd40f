/// Name and shape of one learnable tensor, in PyTorch's layout.
public struct ParameterSpecification: Hashable, Sendable {
  /// `input.weight`, `links.0.bias`, `feedback.weight`, `classifier.weight`, …
  public let name: String
  /// Dense `[out, in]`, convolution `[out, in, k, k]`, transposed convolution `[in, out, k, k]`, bias `[out]`.
  public let shape: [Int]

  /// Numbers in the tensor.
  public var count: Int { shape.reduce(1, *) }
}

/// All learnable tensors of a network, in file order and PyTorch's layout.
///
/// Gradients and the optimizer's state have the same form.
public struct Parameters: Sendable, Equatable {
  /// Names and shapes.
  public let specifications: [ParameterSpecification]
  /// One flat row-major array for each specification.
  public var values: [[Float]]

  /// All zeros.
  public init(zerosFor plan: NetworkPlan) {
    specifications = plan.parameters
    values = specifications.map { [Float](repeating: 0, count: $0.count) }
  }

  /// The tensor of that name; nil where there is none.
  public subscript(name: String) -> [Float]? {
    get { specifications.firstIndex { $0.name == name }.map { values[$0] } }
    set {
      guard let newValue, let index = specifications.firstIndex(where: { $0.name == name }) else {
        preconditionFailure("no parameter is called \(name)")
      }
      precondition(
        newValue.count == specifications[index].count,
        "\(name) has \(specifications[index].count) values, not \(newValue.count)")
      values[index] = newValue
    }
  }

  /// Changes the tensor of that name in place.
  mutating func withValues(of name: String, _ body: (inout [Float]) -> Void) {
    guard let index = specifications.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("no parameter is called \(name)")
    }
    body(&values[index])
  }
}

extension NetworkPlan {
  /// Every learnable tensor in file order: input, links, feedback, classifier; weight before bias.
  public var parameters: [ParameterSpecification] {
    var list: [ParameterSpecification] = []
    for id in allLinks {
      guard let link = link(id) else { continue }
      let kind = link.kind.base
      guard let outputs = type(of: kind).outputDimension else { continue }
      let shape = kind.weightShape(source: source(of: id))
      list.append(.init(name: id.name + ".weight", shape: shape))
      if link.hasBias {
        list.append(.init(name: id.name + ".bias", shape: [shape[outputs]]))
      }
    }
    list.append(.init(name: "classifier.weight", shape: [classes, layers[layers.count - 1].count]))
    list.append(.init(name: "classifier.bias", shape: [classes]))
    return list
  }
}
