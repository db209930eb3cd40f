/// Metrics records as the rows of a CSV file: one column a number, `forward_rate_0`, `forward_rate_1` … for the layers.
struct MetricsTable {
  /// The columns, the same for epoch and batch records.
  let columns: [String]

  /// The columns for a network of `layers`.
  init(layers: Int) {
    func perLayer(_ name: String) -> [String] { (0..<layers).map { "\(name)_\($0)" } }
    columns =
      [
        "kind", "epoch", "batch", "learning_rate", "train_loss", "train_accuracy", "test_loss",
        "test_accuracy",
      ] + perLayer("forward_rate") + perLayer("backward_rate")
      + ["samples_per_second", "seconds", "synaptic_operations", "samples"]
  }

  /// The first line.
  var header: String { columns.joined(separator: ",") }

  /// The cells of a line.
  func cells(_ line: ArraySlice<UInt8>) -> [String] {
    line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// A record's line; what it does not have, or has as null, is left empty.
  func row(_ record: JSON) -> String {
    guard case .object(let members) = record else { return "" }
    var cells: [String: String] = [:]
    for (key, value) in members {
      if case .array(let values) = value {
        for (index, value) in values.enumerated() { cells["\(key)_\(index)"] = cell(value) }
      } else {
        cells[key] = cell(value)
      }
    }
    return columns.map { cells[$0] ?? "" }.joined(separator: ",")
  }

  /// Records hold numbers, null and plain words, none of which needs quotes.
  private func cell(_ value: JSON) -> String {
    if case .string(let word) = value { return word }
    let text = value.description
    return text == "null" ? "" : text
  }
}
