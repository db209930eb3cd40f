import Glibc
import SpideEngine
import SpideFiles

/// The run that a metrics file ends with, read while another program may be adding to it.
///
/// Only lines that have their end count, so that no record is read before it is whole. A file that was replaced, cut (as by
/// a run that was resumed) or that goes on with another run is read anew.
public struct MetricsTail: Sendable {
  /// A line of the file.
  public enum Record: Sendable, Equatable {
    /// A batch.
    case batch(BatchMetrics)
    /// The end of an epoch.
    case epoch(EpochRecord)
  }

  /// What a look at the file found.
  public struct News: Sendable, Equatable {
    /// Whether ``records`` are all that there are: those before are not of this run any more.
    public var isAnew: Bool
    /// Records in their order.
    public var records: [Record]

    package init(isAnew: Bool = false, records: [Record] = []) {
      (self.isAnew, self.records) = (isAnew, records)
    }
  }

  /// The most that one look reads. What lies behind it comes with the next.
  static let mostBytes = 1 << 24

  /// Where the file is.
  public let path: String
  private let isTable: Bool
  /// Bytes that have been read.
  private var position = 0
  /// The last line that was read, by which a file that was cut and has grown again is told.
  private var lastLine: [UInt8] = []
  /// The file system's name of what was read.
  private var identity: [UInt64] = []
  /// The columns of a CSV file, once its first line was read.
  private var table: MetricsTable?
  private var count = MetricsCount()

  /// A file whose name ends in `.jsonl` or `.csv`; nil for others.
  public init?(_ path: String) {
    guard path.hasSuffix(".jsonl") || path.hasSuffix(".csv") else { return nil }
    self.path = path
    isTable = path.hasSuffix(".csv")
  }

  /// Reads what has been added.
  ///
  /// - Throws: ``DataError`` where the file cannot be read, and where it is a CSV file of something else. Lines of something else in a JSON file
  ///   are passed over, as ``MetricsFile`` does.
  public mutating func read() throws(DataError) -> News {
    let expected = "a file that train --metrics writes"
    var isAnew = false
    let bytes = try attempt(path, expected: expected) { () throws(SystemError) -> [UInt8] in
      let file = try OpenFile.reading(path)
      let status = try file.status()
      let identity = [UInt64(status.st_dev), UInt64(status.st_ino)]
      let isSame = try identity == self.identity ? isContinued(in: file) : false
      if !isSame {
        isAnew = !self.identity.isEmpty
        self = MetricsTail(path) ?? self
        self.identity = identity
      }
      return try file.bytes(from: position, upTo: Self.mostBytes)
    }
    var news = News(isAnew: isAnew)
    var start = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      try take(bytes[start..<end], &news)
      lastLine = Array(bytes[start...end])
      start = end + 1
    }
    guard start > 0 || bytes.count < Self.mostBytes else {
      throw DataError(
        .badData, path: path, problem: "a line of more than \(Self.mostBytes) bytes",
        expected: expected)
    }
    position += start
    return news
  }

  /// Whether the file still has what was read last where it was.
  private func isContinued(in file: borrowing OpenFile) throws(SystemError) -> Bool {
    try file.bytes(from: position - lastLine.count, upTo: lastLine.count) == lastLine
  }

  private mutating func take(_ line: ArraySlice<UInt8>, _ news: inout News) throws(DataError) {
    let json: JSON
    if isTable {
      guard let table else {
        table = MetricsTable(header: line)
        guard table == nil else { return }
        throw DataError(
          .badData, path: path, problem: "its first line names other columns",
          expected: "a file that train --metrics writes")
      }
      guard let record = table.record(line) else { return }
      json = record
    } else {
      guard let value = try? JSON(parsing: line) else { return }
      json = value
    }
    if let batch = BatchMetrics(json: json) {
      add(.batch(batch), .batch(batch.batch, epoch: batch.epoch), to: &news)
    } else if let epoch = EpochRecord(json: json) {
      add(.epoch(epoch), .epoch(epoch.epoch), to: &news)
    }
  }

  private mutating func add(_ record: Record, _ key: MetricsKey, to news: inout News) {
    if count.take(key) { news = News(isAnew: true) }
    news.records.append(record)
  }
}
