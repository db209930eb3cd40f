import Glibc
import SpideData
import SpideEngine
import SpideFiles

/// The CSV file to which a sweep adds a row whenever a combination is finished.
///
/// Several programs may do so at once: each row is written in one piece while its program has the file's lock, and only
/// after what others have written was looked at. So no row is there twice. A row that was cut short goes. A
/// ``SweepDefinition`` beside it says which sweep it is.
public final class SweepFile: Sendable {
  /// Where it lies.
  public let path: String
  private let sweep: Sweep
  private let state = Guarded(State())

  /// What is known of the file.
  private struct State {
    /// Which file it is; nil before it was looked at.
    var identity: Identity?
    /// Bytes that were looked at, and lines in them.
    var bytes = 0
    var lines = 0
    var places: Set<SweepPlace> = []
  }

  private struct Identity: Equatable {
    let device: dev_t
    let number: ino_t

    init(_ status: stat) { (device, number) = (status.st_dev, status.st_ino) }
  }

  /// Opens the file, or begins it.
  ///
  /// - Throws: ``SpideData/DataError`` of kind `cannotCreate` where it cannot be written, is none of a sweep, or is that of another.
  public init(_ path: String, of sweep: Sweep) throws {
    self.path = path
    self.sweep = sweep
    try locked { _, _ in }
  }

  /// The combinations of which it has rows, from whichever program.
  func places() throws -> Set<SweepPlace> { try locked { _, state in state.places } }

  /// Whether it has the row of a combination, from whichever program.
  public func has(_ place: SweepPlace) throws -> Bool {
    try locked { _, state in state.places.contains(place) }
  }

  /// Adds a row, unless it is there.
  ///
  /// - Returns: whether it was added.
  /// - Throws: ``SpideData/DataError`` of kind `cannotCreate`; there is nothing of the row then.
  @discardableResult public func append(_ row: SweepRow) throws -> Bool {
    try locked { file, state in
      guard !state.places.contains(row.place) else { return false }
      try write(row.line + "\n", to: file, &state)
      state.places.insert(row.place)
      return true
    }
  }

  /// A combination that no other program works on, as long as there is this value.
  package final class Claim: Sendable {
    private let file: OpenFile?

    fileprivate init(_ file: consuming OpenFile?) { self.file = file }
  }

  /// Claims a combination; nil where another program has it.
  package func claim(_ place: SweepPlace) -> Claim? {
    // Without claims, or without the file, work may be done twice, but no row is there twice.
    guard let file = try? OpenFile(definitionPath, O_RDWR) else { return Claim(nil) }
    return file.claim(byte: place.mark) ? Claim(file) : nil
  }

  // MARK: Under the lock

  /// Does something with the file while no other program does, after looking at what is new there.
  private func locked<Result: Sendable>(
    _ body: (borrowing OpenFile, inout State) throws -> Result
  ) throws -> Result {
    try state.withLock { state -> Result in
      do {
        while true {
          let kind = FileKind.at(path)
          guard kind == nil || kind == S_IFREG else { throw SystemError.notRegular }
          let file = try OpenFile(path, O_RDWR | O_CREAT | O_APPEND)
          file.awaitLock()
          // While it was waited for, another file may have come in its place.
          guard try isInPlace(file) else { continue }
          try look(at: file, &state)
          return try body(file, &state)
        }
      } catch let error as SystemError {
        throw DataError(
          .cannotCreate, path: path, problem: error.text, expected: "a file that can be written")
      }
    }
  }

  private func isInPlace(_ file: borrowing OpenFile) throws -> Bool {
    let opened = Identity(try file.status())
    var status = stat()
    return stat(path, &status) == 0 && Identity(status) == opened
  }

  /// Reads what has come since the last look. A new file is begun.
  private func look(at file: borrowing OpenFile, _ state: inout State) throws {
    let status = try file.status()
    let size = Int(status.st_size)
    if state.identity != Identity(status) || size < state.bytes {
      state = State()
      state.identity = Identity(status)
    }
    guard size <= SweepTable.largest else { throw SystemError(code: EFBIG) }
    guard size > state.bytes || state.bytes == 0 else { return }
    var bytes = [UInt8](repeating: 0, count: size - state.bytes)
    let isWhole = try bytes.withUnsafeMutableBytes { try file.read(into: $0, from: state.bytes) }
    guard isWhole else { throw refusal("it was cut while it was read", "a file of its own") }
    let whole = SweepTable.wholeLines(bytes)
    var rows = bytes[..<whole]
    if state.bytes == 0 {
      guard whole > 0 else { return try begin(file, bytes, &state) }
      rows = rows[(try checkHeader(rows))...]
      state.lines = 1
    }
    var table = SweepTable(keys: sweep.keys, measure: sweep.task.measure)
    do throws(SweepTable.BadLine) { try table.add(lines: rows) } catch {
      throw refusal(
        "line \(state.lines + error.number) is no row of this sweep",
        "\(table.columns.count) cells: values, a seed and numbers")
    }
    if whole < bytes.count { try file.cut(to: state.bytes + whole) }
    state.bytes += whole
    state.lines += rows.count { $0 == UInt8(ascii: "\n") }
    for row in table.rows { state.places.insert(row.place) }
  }

  private func write(
    _ text: String, to file: borrowing OpenFile, _ state: inout State
  ) throws {
    do { try file.write(Array(text.utf8)) } catch {
      try? file.cut(to: state.bytes)
      throw error
    }
    state.bytes += text.utf8.count
    state.lines += 1
  }

  // MARK: Which sweep it is

  private var definitionPath: String { "\(path).json" }

  private var header: String {
    CSV.line(SweepTable(keys: sweep.keys, measure: sweep.task.measure).columns)
  }

  /// Begins a file in which there is no line: its definition first, so that no rows are ever without.
  private func begin(
    _ file: borrowing OpenFile, _ bytes: [UInt8], _ state: inout State
  ) throws {
    guard header.utf8.starts(with: bytes.prefix { $0 != 0 }) else {
      throw refusal("it is there and none of a sweep", "a new file")
    }
    if FileKind.at(definitionPath) != nil, try definition() == nil {
      throw refusal("\(definitionPath) is there and none of a sweep", "another --out")
    }
    let text = SweepDefinition(sweep).json.description + "\n"
    try AtomicFile.write(Array(text.utf8), to: definitionPath)
    try file.cut(to: 0)
    try write(header + "\n", to: file, &state)
  }

  /// Refuses the first line of another sweep.
  ///
  /// - Returns: how long it is.
  private func checkHeader(_ bytes: ArraySlice<UInt8>) throws -> Int {
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    guard let table = SweepTable(header: line) else {
      throw refusal("it is there and none of a sweep", "a new file")
    }
    if table.keys != sweep.keys || table.measure != sweep.task.measure {
      let keys = table.keys.isEmpty ? "" : " over \(table.keys.joined(separator: ", "))"
      throw refusal(
        "it is that of a sweep\(keys) with --measure \(table.measure.rawValue)",
        "the same, or a new file")
    }
    guard let definition = try definition() else {
      throw refusal(
        "\(definitionPath) does not say which sweep it is of",
        "both files as they were, or a new one")
    }
    if let difference = definition.difference(from: sweep) {
      throw refusal("it is that of a sweep with \(difference)", "the same, or a new file")
    }
    return line.endIndex + 1
  }

  /// What is beside the file; nil where that is nothing, or something else.
  private func definition() throws -> SweepDefinition? {
    guard FileKind.at(definitionPath) != nil else { return nil }
    let text = try? SmallTextFile.read(definitionPath, expected: "a sweep's definition")
    return text.flatMap { try? JSON(parsing: $0.utf8) }.flatMap { SweepDefinition($0) }
  }

  private func refusal(_ problem: String, _ expected: String) -> DataError {
    DataError(.cannotCreate, path: path, problem: problem, expected: expected)
  }
}
