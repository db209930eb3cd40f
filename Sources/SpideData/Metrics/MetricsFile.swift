import Glibc
import SpideEngine
import SpideFiles

/// A metrics file that grows by one line a record, as JSON (`.jsonl`) or CSV (`.csv`) by its name.
///
/// Every line goes to the system in one piece, so a run that is killed leaves every finished record readable. A new run
/// is added to what the file already has. One that is resumed goes on where its checkpoint stands: what was written
/// beyond it is written anew, so that in the end the file is that of a run which was never interrupted.
public final class MetricsFile {
  /// Where a run goes on from.
  public struct Resumption {
    /// The epochs completed.
    public let epochs: [EpochRecord]
    /// Batches done.
    public let batches: Int
    /// The checkpoint, for error messages.
    public let path: String

    /// A run that goes on from a checkpoint.
    public init(epochs: [EpochRecord], batches: Int, path: String) {
      self.epochs = epochs
      self.batches = batches
      self.path = path
    }
  }

  private let path: String
  private let file: OpenFile
  private var form: MetricsForm
  /// The columns of a CSV file that an older program began.
  private let earlier: MetricsTable
  /// The epoch up to which the file has those of the run.
  private var lastEpoch = 0
  /// What the file has beyond the place where the run goes on; nil once the run has gone on.
  private var ahead: Ahead?

  /// Records that the run will come to again.
  private struct Ahead {
    let history: MetricsHistory
    let lines: ArraySlice<MetricsHistory.Line>
    /// Whether they are this run's for certain; otherwise the first record of the run that goes on tells.
    let isOwn: Bool
  }

  /// Opens or creates the file for a run: a new one, or one that is resumed.
  ///
  /// - Parameters:
  ///   - path: its name tells its form.
  ///   - layers: layers of the network.
  ///   - hasTop5: whether there are so many classes that the first five are told.
  ///   - resuming: where the run goes on from; nil for a new one.
  /// - Throws: ``DataError`` of kind `cannotCreate` where the name ends otherwise, the file cannot be written, another
  ///   program is writing it, it is a CSV file with other columns, or it ends with another run than the one that is
  ///   resumed.
  public init(
    _ path: String, layers: Int, hasTop5: Bool = false, resuming: Resumption? = nil
  ) throws(DataError) {
    guard path.hasSuffix(".jsonl") || path.hasSuffix(".csv") else {
      throw DataError(
        .cannotCreate, path: path, problem: "the name says no format",
        expected: "a name that ends in .jsonl or .csv")
    }
    self.path = path
    form =
      path.hasSuffix(".csv")
      ? .csv(MetricsTable(layers: layers, hasTop5: hasTop5)) : .jsonLines
    earlier = MetricsTable(layers: layers, hasTop5: hasTop5, isEarlier: true)
    do throws(SystemError) {
      // A pipe must have a reader: open for reading too, the program would wait for itself once it is full.
      let isPipe = FileKind.at(path) == S_IFIFO
      file = try OpenFile(
        path, isPipe ? O_WRONLY | O_NONBLOCK | O_APPEND : O_RDWR | O_CREAT | O_APPEND)
      if isPipe { try file.wait() }
    } catch { throw MetricsFile.cannotWrite(path, error) }
    let bytes = try beginning()
    if let resuming { try goOn(MetricsHistory(bytes, form: form), resuming) }
  }

  /// Adds the record of an epoch, where the file does not have it.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func append(_ record: EpochRecord) throws(DataError) {
    if record.epoch > lastEpoch { try append(record.json, .epoch(record.epoch)) }
  }

  /// Adds the record of a batch.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func append(_ record: BatchRecord) throws(DataError) {
    try append(record.json, .batch(record.batch, epoch: record.epoch))
  }

  private func append(_ record: JSON, _ key: MetricsKey) throws(DataError) {
    if let ahead, let first = ahead.lines.first {
      self.ahead = nil
      let same = ahead.lines.first { $0.key == key }
      if ahead.isOwn || same.map({ ahead.history.difference($0, from: record) == nil }) ?? false {
        try reporting { () throws(SystemError) in try file.cut(to: first.bytes.lowerBound) }
      }
    }
    try write(form.line(record) + "\n")
  }

  /// Makes the file ready for the next record, and gives what it has: CSV gets its header, the last line its end, and a
  /// record that was cut short goes.
  private func beginning() throws(DataError) -> [UInt8] {
    guard try reporting({ () throws(SystemError) in try file.isRegular }) else {
      if case .csv(let table) = form { try write(table.header + "\n") }
      return []
    }
    guard file.lock() else {
      throw DataError(
        .cannotCreate, path: path, problem: "another run is writing its metrics there",
        expected: "a file of its own")
    }
    var contents = try reporting { () throws(SystemError) in
      // Of what is read, the last line is looked at.
      guard try file.status().st_size <= FileBytes.largest else { throw SystemError(code: EFBIG) }
      return try file.read(upTo: FileBytes.largest)
    }
    try checkHeader(&contents)
    let start = contents.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    guard start < contents.count else { return contents }
    if form.isCut(contents[start...]) {
      try reporting { () throws(SystemError) in try file.cut(to: start) }
      return Array(contents[..<start])
    }
    try write("\n")
    return contents + [UInt8(ascii: "\n")]
  }

  /// A CSV file must begin with the names of its columns; a new one gets them.
  private func checkHeader(_ contents: inout [UInt8]) throws(DataError) {
    guard case .csv(let table) = form else { return }
    let header = Array((table.header + "\n").utf8)
    if contents.starts(with: header) { return }
    if contents.starts(with: Array((earlier.header + "\n").utf8)) { return form = .csv(earlier) }
    guard header.starts(with: contents) else {
      throw DataError(
        .cannotCreate, path: path, problem: "it is there and has other columns",
        expected: "a new file, or one that begins with \(table.header)")
    }
    try reporting { () throws(SystemError) in try file.cut(to: 0) }
    try write(table.header + "\n")
    contents = header
  }

  /// Finds where a run goes on in what the file ends with.
  private func goOn(_ history: MetricsHistory, _ resuming: Resumption) throws(DataError) {
    var isOwn = false
    let epochs = resuming.epochs.count
    for line in history.lines {
      guard case .epoch(let number) = line.key, number >= 1, number <= epochs else { continue }
      if let (name, here, there) = history.difference(line, from: resuming.epochs[number - 1].json)
      {
        throw DataError(
          .cannotCreate, path: path,
          problem: "it ends with another run, whose epoch \(number) has \(name) \(here); "
            + "that of \(resuming.path) has \(there)",
          expected: "the metrics of this run, or another file")
      }
      isOwn = true
      lastEpoch = number
    }
    // Of a run that was resumed after some epochs, those are there, or nothing is.
    guard isOwn || epochs == 0 else { return }
    let start = history.lines.firstIndex {
      !$0.key.isDone(epochs: epochs, batches: resuming.batches)
    }
    guard let start else { return }
    ahead = Ahead(history: history, lines: history.lines[start...], isOwn: isOwn)
  }

  /// Writes text in one piece, or nothing of it where there is no room for all.
  private func write(_ text: String) throws(DataError) {
    let end = try? file.status().st_size
    do throws(SystemError) { try file.write(Array(text.utf8)) } catch {
      if let end { try? file.cut(to: Int(end)) }
      throw MetricsFile.cannotWrite(path, error)
    }
  }

  private func reporting<Value>(
    _ body: () throws(SystemError) -> Value
  ) throws(DataError) -> Value {
    do throws(SystemError) { return try body() } catch {
      throw MetricsFile.cannotWrite(path, error)
    }
  }

  private static func cannotWrite(_ path: String, _ error: SystemError) -> DataError {
    DataError(
      .cannotCreate, path: path,
      problem: error.code == ENXIO ? "nobody reads this pipe" : error.text,
      expected: "a file that can be written")
  }
}
