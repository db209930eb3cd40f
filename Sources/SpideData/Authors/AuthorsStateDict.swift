import SpideEngine

/// The state dict that the authors' PyTorch program has for a network: under which names each weight stands there.
///
/// Their model holds every link three times: as an attribute of its own (`network_x`, `network_s1` …), in the list of
/// `snn_func`, and in that of `snn_spide_conv.snn_func`. The attributes count the links that have weights, from 1; the
/// lists count all links, from 0. The feedback comes last in both; where it is the only link, its attribute has no
/// number. Shapes and layouts are the program's own.
public struct AuthorsStateDict: Sendable {
  /// For each of ``NetworkPlan/parameters``, in their order: every name of the tensor, that of the attribute first.
  public let names: [[String]]
  private let plan: NetworkPlan

  /// The names for a network.
  ///
  /// - Parameter network: what error messages call it.
  /// - Throws: ``DataError`` of kind `badData` for a network that their models cannot express: the input link must be a
  ///   convolution; links may be convolutions, dense, or pools of 2; the feedback must be a convolution, a transposed
  ///   one or dense, and its norm must be limited.
  public init(_ plan: NetworkPlan, network: String) throws(DataError) {
    func refusal(_ problem: String, _ expected: String) -> DataError {
      DataError(
        .badData, path: network, problem: "\(problem), which the authors' program cannot express",
        expected: expected)
    }
    var names: [String: [String]] = [:]
    var weighted = 0
    for id in plan.allLinks {
      guard let link = plan.link(id) else { continue }
      if let expected = AuthorsStateDict.expectation(id, link.kind) {
        throw refusal("\(id.name) is \(link.kind.label)", expected)
      }
      guard let layer = AuthorsStateDict.layer(link.kind) else { continue }
      let attribute: String
      let entry: String
      var weight = "weight"
      switch id {
      case .input:
        attribute = "network_x"
        entry = "network_x"
      case .link(let index):
        weighted += 1
        attribute = "network_s\(weighted)"
        entry = "network_s_list.\(index)"
      case .feedback:
        guard plan.feedbackMaxNorm != nil else {
          throw refusal("feedback has no max-norm", "max-norm, as 2")
        }
        attribute = plan.links.isEmpty ? "network_s" : "network_s\(weighted + 1)"
        entry = "network_s_list.\(plan.links.count)"
        // The stored weight; their `weight` is what the norm has left of it.
        weight = "weight_w"
      }
      for (ours, theirs) in [("weight", weight), ("bias", "bias")] {
        names["\(id.name).\(ours)"] = [
          attribute, "snn_func.\(entry)", "snn_spide_conv.snn_func.\(entry)",
        ].map { "\($0).\(layer).\(theirs)" }
      }
    }
    self.plan = plan
    // The classifier stands there once, under its own name.
    self.names = plan.parameters.map { names[$0.name] ?? [$0.name] }
  }

  /// Writes weights under all their names. A dictionary of these alone lacks PyTorch's metadata, without which their
  /// feedback refuses to be loaded: it has to update the model's own.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func save(
    _ parameters: Parameters, metadata: [String: String] = [:], to path: String
  ) throws(DataError) {
    var writer = SafetensorsWriter(metadata: metadata)
    for (index, specification) in parameters.specifications.enumerated() {
      for name in names[index] {
        writer.add(name: name, shape: specification.shape, floats: parameters.values[index])
      }
    }
    try writer.write(to: path)
  }

  /// Reads weights. Of a tensor's names one is enough; under several, its values must be the same. All names may begin
  /// with `module.`, as PyTorch's data parallelism has them.
  ///
  /// - Throws: ``DataError`` of kind `missingInput`, or `badData` that names the tensors which are missing, unequal, of
  ///   another shape or type, not finite, or not the network's.
  public func load(_ path: String) throws(DataError) -> Parameters {
    let file = try SafetensorsFile(path: path)
    let isParallel = file.tensors.allSatisfy { $0.name.hasPrefix("module.") }
    let prefix = isParallel && !file.tensors.isEmpty ? "module." : ""
    var parameters = Parameters(zerosFor: plan)
    var found: [[String]] = []
    // All shapes come first: a file of another network is best told by them.
    for (names, specification) in zip(names, parameters.specifications) {
      let present = names.map { prefix + $0 }.filter { file[$0] != nil }
      guard !present.isEmpty else {
        let copies = names.dropFirst().map { " or \(prefix)\($0)" }.joined()
        throw file.wrong(
          "tensor \(prefix)\(names[0]) is missing", "it\(copies), of shape \(specification.shape)")
      }
      for name in present {
        guard let shape = file[name]?.shape, shape != specification.shape else { continue }
        throw file.wrong("tensor \(name) is \(shape.description.shown)", "\(specification.shape)")
      }
      found.append(present)
    }
    for (index, names) in found.enumerated() {
      let values = try file.finiteFloats(names[0])
      for copy in names.dropFirst() where try file.finiteFloats(copy) != values {
        throw file.wrong(
          "tensors \(names[0]) and \(copy) differ", "the same values, as both are one weight")
      }
      parameters.values[index] = values
    }
    let known = Set(found.joined())
    for tensor in file.tensors where !known.contains(tensor.name) {
      throw file.wrong(
        "tensor \(tensor.name.shown) does not belong to this network",
        "only \(names.map { prefix + $0[0] }.joined(separator: ", ")) and their copies")
    }
    return parameters
  }

  /// What would have to stand at a link instead; nil where their models can have that kind there.
  private static func expectation(_ link: LinkID, _ kind: AnyLinkKind) -> String? {
    let (own, isConvolution) = (kind.base, kind.base is Convolution)
    switch link {
    case .input: return isConvolution ? nil : "a convolution"
    case .link:
      return isConvolution || own is Dense || kind == .averagePool(size: 2)
        ? nil : "a convolution, a dense link or a pool of 2"
    case .feedback:
      return isConvolution || own is TransposedConvolution || own is Dense
        ? nil : "a convolution, a transposed convolution or a dense link"
    }
  }

  /// What their module of that kind calls the layer that has the weight; nil where there is none.
  private static func layer(_ kind: AnyLinkKind) -> String? {
    switch kind.base {
    case is Dense: return "fc"
    case is Convolution: return "conv"
    case is TransposedConvolution: return "convT"
    default: return nil
    }
  }
}
