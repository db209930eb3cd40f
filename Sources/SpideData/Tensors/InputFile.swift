import SpideEngine

/// The input of one run from a file, used as it is.
public enum InputFile {
  /// Reads the F32 tensor `input`: the shape of the plan's input, or that behind an axis of `forwardSteps` frames.
  ///
  /// - Throws: ``DataError`` of kind `missingInput`, or `badData` for another shape or type and for values that
  ///   are not finite.
  public static func load(
    _ path: String, plan: NetworkPlan, forwardSteps: Int
  ) throws(DataError) -> InputSignal {
    let file = try SafetensorsFile(path: path)
    let constant = plan.inputShape.dimensions
    let varying = [forwardSteps] + constant
    let expected = "\(constant), or \(varying) for an input that varies"
    guard let tensor = file["input"] else {
      throw file.wrong("tensor input is missing", "it, of shape \(expected)")
    }
    guard tensor.shape == constant || tensor.shape == varying else {
      throw file.wrong("tensor input is \(tensor.shape.description.shown)", expected)
    }
    let values = try file.finiteFloats("input")
    if tensor.shape == constant { return .constant(values) }
    let size = plan.inputShape.count
    return .varying((0..<forwardSteps).map { Array(values[$0 * size..<($0 + 1) * size]) })
  }
}
