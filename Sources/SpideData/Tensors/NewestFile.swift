import Glibc
import SpideFiles

/// Folders that stand for the newest file in them.
enum NewestFile {
  /// `path` itself, or a file with that suffix where `path` is a folder: the checkpoint of the latest batch, or else
  /// the file that was changed last.
  ///
  /// A checkpoint's place is in its name, so that a folder which was copied stands for the same file. Of other files
  /// that were changed at the same instant the one with the greatest name counts.
  ///
  /// - Throws: ``DataError`` of kind `missingInput` for a folder that cannot be read or has no such file.
  static func resolve(_ path: String, suffix: String) throws(DataError) -> String {
    func missing(_ problem: String) -> DataError {
      DataError(
        .missingInput, path: path, problem: problem,
        expected: "a *\(suffix) file, or a folder that has one")
    }
    guard kindAndTime(path)?.kind == S_IFDIR else { return path }
    let names: [String]
    do throws(SystemError) {
      names = try FolderNames.read(path)
    } catch {
      throw missing(error.text)
    }
    if let latest = CheckpointName.latest(of: names.filter { FileKind.isRegular("\(path)/\($0)") })
    {
      return "\(path)/\(latest)"
    }
    var newest: (seconds: Int, nanoseconds: Int, path: String)?
    for name in names {
      let file = "\(path)/\(name)"
      guard name.hasSuffix(suffix), let status = kindAndTime(file), status.kind == S_IFREG
      else { continue }
      let candidate = (status.time.tv_sec, status.time.tv_nsec, file)
      if newest.map({ $0 < candidate }) ?? true { newest = candidate }
    }
    guard let newest else { throw missing("the folder has no *\(suffix) file") }
    return newest.path
  }

  private static func kindAndTime(_ path: String) -> (kind: mode_t, time: timespec)? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return (status.st_mode & S_IFMT, status.st_mtim)
  }
}
