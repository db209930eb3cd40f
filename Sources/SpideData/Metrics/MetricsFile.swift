import Glibc
import SpideEngine

/// A metrics file that grows by one line a record, as JSON (`.jsonl`) or CSV (`.csv`) by its name.
///
/// Every line goes to the system in one piece, so a run that is killed leaves every finished record readable. Records
/// are added to what the file already has. Of a run that is resumed, those which the file has are left out.
public final class MetricsFile: Sendable {
  private let path: String
  private let file: OpenFile
  /// Nil for JSON lines.
  private let table: MetricsTable?
  /// Up to here the file has the records of the run.
  private let recorded: MetricsPosition

  /// Opens or creates the file at the start of a run over a network of `layers`, or of a further part of the run that
  /// the file ends with.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate` where the name ends otherwise, the file cannot be written, or it is
  ///   a CSV file with other columns.
  public init(_ path: String, layers: Int, isResumed: Bool = false) throws(DataError) {
    guard path.hasSuffix(".jsonl") || path.hasSuffix(".csv") else {
      throw DataError(
        .cannotCreate, path: path, problem: "the name says no format",
        expected: "a name that ends in .jsonl or .csv")
    }
    self.path = path
    table = path.hasSuffix(".csv") ? MetricsTable(layers: layers) : nil
    recorded = isResumed ? MetricsPosition(of: path, table: table) : MetricsPosition()
    do throws(SystemError) {
      file = try OpenFile(path, O_RDWR | O_CREAT | O_APPEND)
    } catch { throw MetricsFile.cannotWrite(path, error) }
    try begin()
  }

  /// Makes the file ready for the next record: CSV gets its header, a line cut short its end.
  private func begin() throws(DataError) {
    let start = try reporting { () throws(SystemError) in try Start(file) }
    if let table, let line = start.firstLine, line != table.header {
      throw DataError(
        .cannotCreate, path: path, problem: "it is there and has other columns",
        expected: "a new file, or one that begins with \(table.header)")
    }
    // A line that a full disk cut short, say, must not swallow the next record.
    if !start.endsWithNewline { try write("\n") }
    if let table, start.firstLine == nil { try write(table.header + "\n") }
  }

  /// Adds the record of an epoch.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func append(_ record: EpochRecord) throws(DataError) {
    if record.epoch > recorded.epoch { try append(record.json) }
  }

  /// Adds the record of a batch.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func append(_ record: BatchRecord) throws(DataError) {
    if record.batch > recorded.batch { try append(record.json) }
  }

  private func append(_ record: JSON) throws(DataError) {
    try write((table?.row(record) ?? record.description) + "\n")
  }

  private func write(_ text: String) throws(DataError) {
    try reporting { () throws(SystemError) in try file.write(Array(text.utf8)) }
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
      .cannotCreate, path: path, problem: error.text, expected: "a file that can be written")
  }

  /// What an existing file begins and ends with.
  private struct Start {
    /// Nil for an empty file, a device or a pipe.
    var firstLine: String?
    var endsWithNewline = true

    init(_ file: borrowing OpenFile) throws(SystemError) {
      let status = try file.status()
      guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return }
      let beginning = try file.read(upTo: 1 << 16)
      firstLine = String(
        decoding: beginning.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      guard lseek(file.descriptor, -1, SEEK_END) >= 0 else { throw .last }
      endsWithNewline = try file.read(upTo: 1) == [UInt8(ascii: "\n")]
    }
  }
}
