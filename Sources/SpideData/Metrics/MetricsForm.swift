import SpideEngine

/// The two forms of a metrics file: how a record becomes a line, and what a line is the record of.
enum MetricsForm {
  case jsonLines
  case csv(MetricsTable)

  /// Keys whose values differ between two runs that train alike.
  private static let times: Set<String> = ["samples_per_second", "seconds"]

  /// Whether a name is one that the first records did not have.
  static func isLater(_ name: String) -> Bool {
    let names =
      ["test_top5_accuracy", "test_forward_rate", "mean_forward_rate", "mean_backward_rate"]
      + StageOperations.keys.map(\.0)
    return names.contains(name)
  }

  /// A record as a line, without its end.
  func line(_ record: JSON) -> String {
    switch self {
    case .jsonLines: return record.description
    case .csv(let table): return table.row(record)
    }
  }

  /// What a line is the record of; nil for anything else.
  func key(_ line: ArraySlice<UInt8>) -> MetricsKey? {
    switch self {
    case .jsonLines:
      guard let json = try? JSON(parsing: line), let epoch = json["epoch"]?.integer else {
        return nil
      }
      return MetricsKey(kind: json["kind"]?.text, epoch: epoch, batch: json["batch"]?.integer)
    case .csv(let table):
      let cells = table.cells(line)
      // Of a batch all cells but the last may be there.
      guard cells.count == table.columns.count, let epoch = Int(cells[1]),
        cells[0] != "batch" || cells.last != ""
      else { return nil }
      return MetricsKey(kind: cells[0], epoch: epoch, batch: Int(cells[2]))
    }
  }

  /// The values of a record's line by their names, as text and without times.
  func values(_ line: ArraySlice<UInt8>) -> [(name: String, value: String)] {
    let all: [(String, String)]
    switch self {
    case .jsonLines:
      guard case .object(let members)? = try? JSON(parsing: line) else { return [] }
      all = members.map { ($0, $1.description) }
    case .csv(let table): all = Array(zip(table.columns, table.cells(line)))
    }
    return all.filter { !MetricsForm.times.contains($0.0) }
  }

  /// Whether a line that has no end is the beginning of a record and no more. A power failure may leave zeros instead.
  func isCut(_ line: ArraySlice<UInt8>) -> Bool {
    if line.contains(0) { return true }
    let beginnings: [String]
    switch self {
    case .jsonLines: beginnings = [#"{"kind":"epoch","#, #"{"kind":"batch","#]
    case .csv: beginnings = ["epoch,", "batch,"]
    }
    return key(line) == nil && beginnings.contains { zip($0.utf8, line).allSatisfy(==) }
  }
}

/// Which record of a run a line is.
enum MetricsKey: Hashable {
  /// An epoch, from 1.
  case epoch(Int)
  /// A batch, from 1 over the whole run, and the epoch that it belongs to.
  case batch(Int, epoch: Int)

  init?(kind: String?, epoch: Int, batch: Int?) {
    switch (kind, batch) {
    case ("epoch", _): self = .epoch(epoch)
    case ("batch", let batch?): self = .batch(batch, epoch: epoch)
    default: return nil
    }
  }

  /// Whether a run that has completed so many epochs and batches has come past it.
  func isDone(epochs: Int, batches: Int) -> Bool {
    switch self {
    case .epoch(let epoch): return epoch <= epochs
    case .batch(let batch, _): return batch <= batches
    }
  }
}
