import Glibc
import SpideEngine

/// A metrics file that grows by one line a record, as JSON (`.jsonl`) or CSV (`.csv`) by its name.
///
/// Every line goes to the system in one piece, so a run that is killed leaves every finished record readable. Records
/// are added to what the file already has.
public final class MetricsFile: Sendable {
  private let path: String
  private let file: OpenFile
  /// Nil for JSON lines.
  private let table: MetricsTable?

  /// Opens or creates the file at the start of a run over a network of `layers`.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate` where the name ends otherwise, the file cannot be written, or it is
  ///   a CSV file with other columns.
  public init(_ path: String, layers: Int) throws(DataError) {
    let table: MetricsTable?
    if path.hasSuffix(".jsonl") {
      table = nil
    } else if path.hasSuffix(".csv") {
      table = MetricsTable(layers: layers)
    } else {
      throw DataError(
        .cannotCreate, path: path, problem: "the name says no format",
        expected: "a name that ends in .jsonl or .csv")
    }
    self.path = path
    self.table = table
    do throws(SystemError) {
      file = try OpenFile(path, O_RDWR | O_CREAT | O_APPEND)
    } catch { throw MetricsFile.cannotWrite(path, error) }
    let start: Start
    do throws(SystemError) { start = try Start(file) } catch {
      throw MetricsFile.cannotWrite(path, error)
    }
    if let table {
      guard start.firstLine == nil || start.firstLine == table.header else {
        throw DataError(
          .cannotCreate, path: path, problem: "it is there and has other columns",
          expected: "a new file, or one that begins with \(table.header)")
      }
    }
    do throws(SystemError) {
      // A line cut short, by a full disk say, must not swallow the next record.
      if !start.endsWithNewline { try file.write(Array("\n".utf8)) }
      if let table, start.firstLine == nil { try file.write(Array((table.header + "\n").utf8)) }
    } catch { throw MetricsFile.cannotWrite(path, error) }
  }

  /// Adds the record of an epoch.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func append(_ record: EpochRecord) throws(DataError) { try append(record.json) }

  /// Adds the record of a batch.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func append(_ record: BatchRecord) throws(DataError) { try append(record.json) }

  private func append(_ record: JSON) throws(DataError) {
    let line = (table?.row(record) ?? record.description) + "\n"
    do throws(SystemError) {
      try file.write(Array(line.utf8))
    } catch { throw MetricsFile.cannotWrite(path, error) }
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
