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

  /// The paths of `names` in the first folder that has all of them, each with the first of `endings` that is there.
  ///
  /// - Throws: ``DataError`` of kind `missingInput` that names a file, where some folder has a part of the set, or
  ///   else all of them.
  func find(_ names: [String], endings: [String] = [""]) throws(DataError) -> [String] {
    let places = paths.map { folder in
      names.map { name -> String? in
        let spellings = endings.map { "\(folder)/\(name)\($0)" }
        return spellings.first { access($0, F_OK) == 0 }
      }
    }
    for found in places where !found.contains(nil) { return found.compactMap { $0 } }
    let expected =
      list(names) + (endings.count > 1 ? ", plain or with \(list(Array(endings[1...])))" : "")
    for (folder, found) in zip(paths, places) where found.contains(where: { $0 != nil }) {
      let absent = zip(names, found).first { $0.1 == nil }?.0 ?? ""
      throw missing("\(folder)/\(absent)", "no such file", expected)
    }
    throw missing(source.rawValue, "its files were not found", expected)
  }

  private func list(_ names: [String]) -> String { names.joined(separator: ", ") }

  private func missing(_ path: String, _ problem: String, _ expected: String) -> DataError {
    DataError(
      .missingInput, path: path, problem: problem,
      expected: "\(expected); looked in \(paths.isEmpty ? "no folder" : list(paths))")
  }
}
