import Glibc
import SpideEngine

/// Where the files of a data set are looked for: `DIR/<source>` and `DIR` of `--data DIR`, then `$SPIDE_DATA/<source>`, then
/// `$XDG_DATA_HOME/spide-tui/<source>` (`~/.local/share` where that is not set).
public struct DataFolders: Equatable, Sendable {
  /// The data set.
  public let source: DataSource
  /// Folders, in the order in which they are tried.
  public let paths: [String]

  /// The folders for a set.
  public init(source: DataSource, directory: String?, environment: [String: String]) {
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    // The XDG specification has relative paths ignored.
    let dataHome =
      variable("XDG_DATA_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? variable("HOME").map { $0 + "/.local/share" }
    self.source = source
    var paths: [String] = []
    if let directory { paths += ["\(directory)/\(source.rawValue)", directory] }
    if let folder = variable("SPIDE_DATA") { paths.append("\(folder)/\(source.rawValue)") }
    if let dataHome { paths.append("\(dataHome)/spide-tui/\(source.rawValue)") }
    self.paths = paths
  }

  /// The paths of `names` in the first folder that has all of them.
  ///
  /// - Throws: ``DataError`` of kind `missingInput` that names a file, where some folder has a part of the set or has it
  ///   compressed, or else all of them.
  func find(_ names: [String]) throws(DataError) -> [String] {
    func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }
    if let folder = paths.first(where: { folder in names.allSatisfy { isThere("\(folder)/\($0)") } }
    ) {
      return names.map { "\(folder)/\($0)" }
    }
    for folder in paths {
      let absent = names.map { "\(folder)/\($0)" }.filter { !isThere($0) }
      if let packed = absent.first(where: { isThere($0 + ".gz") }) {
        throw missing(
          packed, "only the compressed \(packed).gz is there",
          "it unpacked by gunzip -k \(packed).gz")
      }
      if absent.count < names.count { throw missing(absent[0], "no such file", list(names)) }
    }
    throw missing(source.rawValue, "its files were not found", list(names))
  }

  private func list(_ names: [String]) -> String { names.joined(separator: ", ") }

  private func missing(_ path: String, _ problem: String, _ expected: String) -> DataError {
    DataError(
      .missingInput, path: path, problem: problem,
      expected: "\(expected); looked in \(paths.isEmpty ? "no folder" : list(paths))")
  }
}
