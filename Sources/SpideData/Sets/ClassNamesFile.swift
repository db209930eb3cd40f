import SpideFiles

/// A file with the name of a class on each line.
enum ClassNamesFile {
  /// The names, as many as there should be; empty lines at the end do not count.
  ///
  /// - Throws: ``DataError``; names that are empty, long or would not print are `badData`.
  static func read(_ path: String, count: Int) throws(DataError) -> [String] {
    let expected = "\(count) lines with a name each"
    let bytes = try FileBytes.read(path, expected: expected, largest: 1 << 16)
    func wrong(_ problem: String) -> DataError {
      DataError(.badData, path: path, problem: problem, expected: expected)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw wrong("it is no text") }
    var names = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    while names.last?.isEmpty == true { names.removeLast() }
    guard names.count == count else { throw wrong("\(names.count) lines") }
    for (index, name) in names.enumerated() {
      guard !name.isEmpty, name.count <= 64, String(name).printable() == name else {
        throw wrong("line \(index + 1) is \"\(String(name).printable(limit: 64))\"")
      }
    }
    return names.map(String.init)
  }
}
