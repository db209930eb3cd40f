import Glibc

/// Files that are either wholly written or not touched at all.
///
/// The contents go to a temporary file beside the target, are flushed to the disk, and take the target's name in one
/// step. A failure leaves the old file as it was and no temporary behind. A symbolic link keeps pointing to
/// its file, and a device or a pipe, which has nothing to lose, is written directly.
public enum AtomicFile {
  /// Replaces the contents of `path`.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`, with the system's reason.
  public static func write(_ bytes: [UInt8], to path: String) throws(DataError) {
    try write(to: path) { file throws(SystemError) in try file.write(bytes) }
  }

  /// Replaces the contents of `path` with what `body` writes.
  package static func write(
    to path: String, _ body: (borrowing OpenFile) throws(SystemError) -> Void
  ) throws(DataError) {
    do throws(SystemError) {
      switch try Target(path) {
      case .file(let path): try replace(path, body)
      case .device: try body(try OpenFile(path, O_WRONLY))
      }
    } catch {
      throw cannotCreate(path, error)
    }
  }

  /// Finds out whether `path` could be written, so that hours of work do not end in an error; what is there stays.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`, with the system's reason.
  public static func check(_ path: String) throws(DataError) {
    do throws(SystemError) {
      guard case .file(let path) = try Target(path) else { return }
      let temporary = try Temporary(beside: path)
      _ = try temporary.create()
      unlink(temporary.path)
    } catch {
      throw cannotCreate(path, error)
    }
  }

  /// Removes the temporary files in a folder that a program which was killed has left behind.
  ///
  /// Who writes one holds a lock on it, which ends with the writer; what is locked stays.
  package static func removeStale(in folder: String) {
    let names = (try? FolderNames.read(folder, hidden: true)) ?? []
    for name in names where name.hasPrefix(Temporary.prefix) && name.hasSuffix(Temporary.suffix) {
      guard let file = try? OpenFile("\(folder)/\(name)", O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
        file.lock()
      else { continue }
      unlink("\(folder)/\(name)")
    }
  }

  private static func replace(
    _ path: String, _ body: (borrowing OpenFile) throws(SystemError) -> Void
  ) throws(SystemError) {
    let temporary = try Temporary(beside: path)
    let file = try temporary.create()
    do throws(SystemError) {
      try body(file)
      try file.flush()
      guard rename(temporary.path, path) == 0 else { throw .last }
    } catch {
      unlink(temporary.path)
      throw error
    }
    try flushFolder(temporary.folder)
  }

  /// The new name lasts through a power failure only once the folder is on the disk too. A folder that may be written
  /// but not read cannot be opened for that; the file itself is complete all the same.
  private static func flushFolder(_ folder: String) throws(SystemError) {
    let directory: OpenFile
    do throws(SystemError) {
      directory = try OpenFile(folder, O_RDONLY | O_DIRECTORY)
    } catch {
      if error.code == EACCES { return }
      throw error
    }
    try directory.flush()
  }

  private static func cannotCreate(_ path: String, _ error: SystemError) -> DataError {
    DataError(
      .cannotCreate, path: path, problem: error.text, expected: "a file that can be written")
  }

  /// What a path stands for.
  private enum Target {
    /// A regular file, there or not, with symbolic links followed.
    case file(String)
    case device

    init(_ path: String) throws(SystemError) {
      var status = stat()
      guard stat(path, &status) == 0 else {
        self = .file(path)
        return
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: throw SystemError(code: EISDIR)
      case S_IFREG:
        guard let resolved = realpath(path, nil) else { throw .last }
        defer { free(resolved) }
        self = .file(String(cString: resolved))
      default: self = .device
      }
    }
  }

  /// A new name in the folder of the target.
  private struct Temporary {
    static let prefix = ".spide-tui-"
    static let suffix = ".tmp"

    let folder: String
    let path: String

    init(beside path: String) throws(SystemError) {
      let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
      guard slash.map({ path.utf8.index(after: $0) }) != path.utf8.endIndex, !path.isEmpty else {
        throw SystemError(code: path.isEmpty ? ENOENT : EISDIR)
      }
      folder = slash.map { String(path[...$0]) } ?? "./"
      let number = String(UInt64.random(in: .min ... .max), radix: 36)
      self.path = folder + Temporary.prefix + number + Temporary.suffix
    }

    func create() throws(SystemError) -> OpenFile {
      let file = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL)
      _ = file.lock()
      return file
    }
  }
}
