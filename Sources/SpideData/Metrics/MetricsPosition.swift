/// How far the run has come that a metrics file ends with. A run begins where epochs or batches stop counting up.
struct MetricsPosition {
  /// The last epoch that has a record; 0 before the first.
  private(set) var epoch = 0
  /// The last batch that has one.
  private(set) var batch = 0

  /// The start of a run.
  init() {}

  /// Reads the whole lines of a file; `table` is nil for JSON lines. What is no record is passed over, and a file that
  /// cannot be read has none.
  init(of path: String, table: MetricsTable?) {
    guard let bytes = try? FileBytes.read(path, expected: "metrics") else { return }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // Behind the last newline there is nothing, or a line that was cut short.
    for line in lines.dropLast() {
      if let table {
        let cells = String(decoding: line, as: UTF8.self)
          .split(separator: ",", omittingEmptySubsequences: false)
        guard cells.count == table.columns.count, let epoch = Int(cells[1]) else { continue }
        add(String(cells[0]), epoch, Int(cells[2]))
      } else if let json = try? JSON(parsing: line), let kind = json["kind"]?.text,
        let epoch = json["epoch"]?.integer
      {
        add(kind, epoch, json["batch"]?.integer)
      }
    }
  }

  private mutating func add(_ kind: String, _ epoch: Int, _ batch: Int?) {
    switch (kind, batch) {
    case ("epoch", _):
      if epoch <= self.epoch { self.batch = 0 }
      self.epoch = epoch
    case ("batch", let batch?):
      if batch <= self.batch { self.epoch = 0 }
      self.batch = batch
    default: break
    }
  }
}
