import SpideEngine

/// Metrics records as the rows of a CSV file: one column a number, `forward_rate_0`, `forward_rate_1` … for the layers,
/// `accumulates_forward` … for the stages.
struct MetricsTable: Sendable {
  /// The columns, the same for epoch and batch records.
  let columns: [String]

  /// The columns for a network.
  ///
  /// - Parameters:
  ///   - layers: layers `0 … N-1`.
  ///   - hasTop5: whether there are so many classes that the first five are told.
  ///   - isEarlier: whether they are those that files had before operations were told by stage. Such a file goes on as
  ///     it began.
  init(layers: Int, hasTop5: Bool, isEarlier: Bool = false) {
    func perLayer(_ name: String) -> [String] { (0..<layers).map { "\(name)_\($0)" } }
    var columns = [
      "kind", "epoch", "batch", "learning_rate", "train_loss", "train_accuracy", "test_loss",
      "test_accuracy",
    ]
    if hasTop5, !isEarlier { columns.append("test_top5_accuracy") }
    columns += perLayer("forward_rate") + perLayer("backward_rate")
    if !isEarlier {
      columns += perLayer("test_forward_rate") + ["mean_forward_rate", "mean_backward_rate"]
    }
    columns += ["samples_per_second", "seconds", "synaptic_operations"]
    if !isEarlier {
      columns += StageOperations.keys.flatMap { key, stages in
        stages.isEmpty ? [key] : stages.map { "\(key)_\($0)" }
      }
    }
    self.columns = columns + ["samples"]
  }

  /// The first line.
  var header: String { columns.joined(separator: ",") }

  /// The cells of a line.
  func cells(_ line: ArraySlice<UInt8>) -> [String] { MetricsTable.texts(line) }

  private static func texts(_ line: ArraySlice<UInt8>) -> [String] {
    line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// A record's line; what it does not have, or has as null, is left empty.
  func row(_ record: JSON) -> String {
    guard case .object(let members) = record else { return "" }
    var cells: [String: String] = [:]
    for (key, value) in members {
      switch value {
      case .array(let values):
        for (index, value) in values.enumerated() { cells["\(key)_\(index)"] = cell(value) }
      case .object(let parts):
        for (part, value) in parts { cells["\(key)_\(part)"] = cell(value) }
      default: cells[key] = cell(value)
      }
    }
    return columns.map { cells[$0] ?? "" }.joined(separator: ",")
  }

  /// The columns that the first line of a file names; nil where they are no record's.
  init?(header: ArraySlice<UInt8>) {
    columns = MetricsTable.texts(header)
    let needed = ["kind", "epoch", "batch", "train_loss", "train_accuracy"]
    guard needed.allSatisfy(columns.contains) else { return nil }
  }

  /// The record that a line holds, of which empty cells are null; nil where it has too few or too many cells, or one that
  /// is no value.
  func record(_ line: ArraySlice<UInt8>) -> JSON? {
    let cells = cells(line)
    guard cells.count == columns.count else { return nil }
    var members: [(String, JSON)] = []
    /// Adds to a member that has parts, or makes it.
    func add(to name: String, _ add: (JSON?) -> JSON) {
      if let place = members.firstIndex(where: { $0.0 == name }) {
        members[place].1 = add(members[place].1)
      } else {
        members.append((name, add(nil)))
      }
    }
    for (column, cell) in zip(columns, cells) {
      guard let value = MetricsTable.value(cell) else { return nil }
      let parts = StageOperations.keys.first { column.hasPrefix($0.0 + "_") && !$0.1.isEmpty }
      if let (name, _) = parts {
        add(to: name) {
          guard value != .null else { return $0 ?? .null }
          let part = (String(column.dropFirst(name.count + 1)), value)
          guard case .object(let others)? = $0 else { return .object([part]) }
          return .object(others + [part])
        }
      } else if let end = column.lastIndex(of: "_"), Int(column[end...].dropFirst()) != nil {
        add(to: String(column[..<end])) {
          guard case .array(let others)? = $0 else { return .array([value]) }
          return .array(others + [value])
        }
      } else {
        members.append((column, value))
      }
    }
    // Rates of a test that was not made are empty cells: there is no such array.
    members.removeAll { name, value in
      guard name == "test_forward_rate", case .array(let values) = value else { return false }
      return values.allSatisfy { $0 == .null }
    }
    return .object(members)
  }

  private static func value(_ cell: String) -> JSON? {
    switch cell {
    case "": .null
    case "epoch", "batch": .string(cell)
    default: try? JSON(parsing: Array(cell.utf8)[...])
    }
  }

  /// Records hold numbers, null and plain words, none of which needs quotes.
  private func cell(_ value: JSON) -> String {
    if case .string(let word) = value { return word }
    let text = value.description
    return text == "null" ? "" : text
  }
}
