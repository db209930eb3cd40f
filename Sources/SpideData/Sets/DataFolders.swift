import Glibc
import SpideEngine
import SpideFiles

/// Where the files of a data set are looked for: `DIR/<source>` and `DIR` of `--data DIR`, then `$SPIDE_DATA/<source>`, then
/// `$XDG_DATA_HOME/spide-tui/<source>` (`~/.local/share` where that is not set); for CIFAR also in the folder of that
/// name into which the published archive unpacks.
public struct DataFolders: Equatable, Sendable {
  /// The data set's name.
  let name: String
  /// Folders, in the order in which they are tried.
  public let paths: [String]

  /// The folders for a set.
  public init(of set: DataSet, directory: String?, environment: [String: String]) {
    name = set.name
    var paths: [String] = []
    if let directory { paths += ["\(directory)/\(set.name)", directory] }
    if let folder = environment["SPIDE_DATA"], !folder.isEmpty {
      paths.append("\(folder)/\(set.name)")
    }
    if let folder = UserFolders(environment).data { paths.append("\(folder)/\(set.name)") }
    self.paths = paths.flatMap { folder in
      [folder] + (set.archiveFolder.map { ["\(folder)/\($0)"] } ?? [])
    }
  }

  /// The paths of `names` in the first folder that has all of them, each with the first of `endings` that is there.
  ///
  /// - Throws: ``DataError`` of kind `missingInput` that names a file, where some folder has a part of the set, or
  ///   else all of them.
  func find(_ names: [String], endings: [String]) throws(DataError) -> [String] {
    func spelling(_ path: String) -> String? {
      let spellings = endings.map { path + $0 }
      return spellings.first { access($0, F_OK) == 0 }
    }
    let found = paths.map { folder in names.map { spelling("\(folder)/\($0)") } }
    if let all = found.first(where: { !$0.contains(nil) }) { return all.compactMap { $0 } }
    let expected = "\(list(names)), plain or with \(list(Array(endings[1...])))"
    throw missing(names, found.map { $0.map { $0 != nil } }, expected)
  }

  /// The first folder that has all of `names`; `all` are the files of the whole set.
  ///
  /// - Throws: ``DataError`` as ``find(_:endings:)``.
  func folder(with names: [String], of all: [String]) throws(DataError) -> String {
    let found = paths.map { folder in names.map { access("\(folder)/\($0)", F_OK) == 0 } }
    if let index = found.firstIndex(where: { !$0.contains(false) }) { return paths[index] }
    throw missing(names, found, list(all))
  }

  /// `found[folder][name]` says what there is.
  private func missing(_ names: [String], _ found: [[Bool]], _ expected: String) -> DataError {
    var path = name
    var problem = "its files were not found"
    if let partial = found.firstIndex(where: { $0.contains(true) }) {
      let absent = found[partial].firstIndex(of: false) ?? 0
      path = "\(paths[partial])/\(names[absent])"
      problem = "no such file"
    }
    return DataError(
      .missingInput, path: path, problem: problem,
      expected: "\(expected); looked in \(paths.isEmpty ? "no folder" : list(paths))")
  }

  private func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
