import Glibc
import SpideData
import SpideFiles

/// What a file of a sweep holds: keys, what was measured, and rows in the order in which they were found.
public struct SweepTable: Sendable, Equatable {
  /// The keys of presets that were swept over, in the order of the columns.
  public let keys: [String]
  /// What was measured of each combination.
  public let measure: SweepMeasure
  /// One for each combination and seed.
  public private(set) var rows: [SweepRow] = []

  /// A table without rows.
  public init(keys: [String], measure: SweepMeasure) {
    self.keys = keys
    self.measure = measure
  }

  /// Reads a file, which may be growing: a row that has not been written whole is left out.
  ///
  /// - Throws: ``SpideData/DataError`` of kind `missingInput` where it cannot be read, `badData` where it is no sweep.
  public init(path: String) throws(DataError) {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try OpenFile.reading(path).read(upTo: SweepTable.largest + 1)
    } catch {
      throw DataError(.missingInput, path: path, problem: error.text, expected: "a sweep's file")
    }
    guard bytes.count <= SweepTable.largest else {
      throw DataError(
        .badData, path: path, problem: "more than \(SweepTable.largest) bytes",
        expected: "a sweep's file")
    }
    let whole = bytes[..<SweepTable.wholeLines(bytes)]
    guard let end = whole.firstIndex(of: SweepTable.newline),
      let table = SweepTable(header: whole[..<end])
    else {
      throw DataError(
        .badData, path: path, problem: "its first line is none of a sweep",
        expected: "keys of presets, seed and \(SweepMeasure.training.columns[0]) or "
          + "\(SweepMeasure.gradient.columns[0]), as spide-tui sweep writes them")
    }
    self = table
    do throws(BadLine) { try add(lines: whole[(end + 1)...]) } catch {
      throw DataError(
        .badData, path: path, problem: "line \(error.number + 1) is no row of this sweep",
        expected: "\(columns.count) cells: values, a seed and numbers")
    }
  }

  /// No file may be larger (256 MiB).
  static let largest = 1 << 28

  /// A line that is none, counted from 1 among those that were added.
  struct BadLine: Error { let number: Int }

  /// The names of the columns.
  public var columns: [String] { keys + ["seed"] + measure.columns }

  /// A row's figure by the name of its column; nil where it has none.
  public func figure(_ column: String, of row: SweepRow) -> Double? {
    measure.columns.firstIndex(of: column).flatMap { row.figures[$0] }
  }

  /// The table without rows of a file's first line; nil where that is none of a sweep.
  init?(header: some Sequence<UInt8>) {
    guard let cells = CSV.cells(header) else { return nil }
    for measure in SweepMeasure.allCases {
      let tail = ["seed"] + measure.columns
      guard cells.suffix(tail.count) == tail[...] else { continue }
      self.init(keys: Array(cells.dropLast(tail.count)), measure: measure)
      return
    }
    return nil
  }

  /// Adds rows from whole lines; empty ones are passed over.
  mutating func add(lines: ArraySlice<UInt8>) throws(BadLine) {
    let all = lines.split(separator: SweepTable.newline, omittingEmptySubsequences: false)
    for (number, line) in all.enumerated() where !line.isEmpty && line != [UInt8(ascii: "\r")] {
      guard let cells = CSV.cells(line),
        let row = SweepRow(cells, keys: keys.count, measure)
      else { throw BadLine(number: number + 1) }
      rows.append(row)
    }
  }

  /// How many bytes are whole lines: what comes behind was being written when its program or the machine stopped, which may
  /// leave zeros.
  static func wholeLines(_ bytes: [UInt8]) -> Int {
    let sound = bytes.firstIndex(of: 0) ?? bytes.count
    return bytes[..<sound].lastIndex(of: newline).map { $0 + 1 } ?? 0
  }

  private static let newline = UInt8(ascii: "\n")
}
