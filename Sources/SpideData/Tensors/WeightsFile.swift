import SpideEngine

/// A network's weights as safetensors, in PyTorch's layouts. A checkpoint can be read as weights too.
public enum WeightsFile {
  /// Tensors whose names begin so are the optimizer's and no weights.
  public static let optimizerPrefix = "optimizer."

  /// Writes weights under their names, in the order of ``NetworkPlan/parameters``.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public static func save(
    _ parameters: Parameters, metadata: [String: String] = [:], to path: String
  ) throws(DataError) {
    var writer = SafetensorsWriter(metadata: metadata)
    writer.add(parameters)
    try writer.write(to: path)
  }

  /// Reads the weights of `plan` from a file, or from the newest `*.safetensors` of a folder.
  ///
  /// - Throws: ``DataError`` of kind `missingInput`, or `badData` that names the tensor which is missing, does not
  ///   belong to the network, has another shape or type, or is not finite.
  public static func load(_ path: String, plan: NetworkPlan) throws(DataError) -> Parameters {
    try weights(in: open(path), plan: plan)
  }

  /// Opens a file, or the newest `*.safetensors` of a folder, for its metadata and other tensors.
  ///
  /// - Throws: ``DataError`` of kind `missingInput` or `badData`.
  public static func open(_ path: String) throws(DataError) -> SafetensorsFile {
    try SafetensorsFile(path: NewestFile.resolve(path, suffix: ".safetensors"))
  }

  /// The weights of `plan` in a file that is open; the optimizer's tensors are passed over.
  ///
  /// - Throws: ``DataError`` of kind `badData`, as ``load(_:plan:)``.
  public static func weights(
    in file: SafetensorsFile, plan: NetworkPlan
  ) throws(DataError) -> Parameters {
    let parameters = try file.parameters(of: plan)
    let names = Set(parameters.specifications.map(\.name))
    for tensor in file.tensors
    where !tensor.name.hasPrefix(optimizerPrefix) && !names.contains(tensor.name) {
      throw file.wrong(
        "tensor \(tensor.name.shown) does not belong to this network",
        "only \(parameters.specifications.map(\.name).joined(separator: ", "))")
    }
    return parameters
  }
}

extension SafetensorsWriter {
  /// Adds every tensor of `parameters`, with `prefix` before its name: `optimizer.momentum.` for the optimizer's.
  public mutating func add(_ parameters: Parameters, prefix: String = "") {
    for (specification, values) in zip(parameters.specifications, parameters.values) {
      add(name: prefix + specification.name, shape: specification.shape, floats: values)
    }
  }
}

extension SafetensorsFile {
  /// One F32 tensor for each of the plan's parameters, found under `prefix` and its name.
  ///
  /// - Throws: ``DataError`` of kind `badData` where one is missing, has another shape or type, or is not finite.
  public func parameters(
    of plan: NetworkPlan, prefix: String = ""
  ) throws(DataError) -> Parameters {
    // All shapes come first: a file of another network is best told by them.
    for specification in plan.parameters {
      let name = prefix + specification.name
      guard let tensor = self[name] else {
        throw wrong("tensor \(name) is missing", "it, of shape \(specification.shape)")
      }
      guard tensor.shape == specification.shape else {
        throw wrong("tensor \(name) is \(tensor.shape.description.shown)", "\(specification.shape)")
      }
    }
    var parameters = Parameters(zerosFor: plan)
    for (index, specification) in parameters.specifications.enumerated() {
      parameters.values[index] = try finiteFloats(prefix + specification.name)
    }
    return parameters
  }
}
