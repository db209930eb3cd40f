import Glibc
import SpideFiles

/// Files that are either wholly written or not touched at all.
///
/// The contents go to a temporary file beside the target, are flushed to the disk, and take the target's name in one
/// step. A failure leaves the old file as it was and no temporary behind. The new file has the mode of the old one, and
/// one that may not be written is not replaced either. A symbolic link keeps pointing to its file, and a device or a pipe,
/// which has nothing to lose, is written directly.
public enum AtomicFile {
  /// Whose file a path names.
  public enum Owner: Sendable {
    /// The user's, who may have put a link, a device or a pipe there.
    case user
    /// The program's own in a folder of its own, where all of these are refused: written through, they would change
    /// what lies elsewhere.
    case program
  }

  /// Replaces the contents of `path`.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`, with the system's reason.
  public static func write(
    _ bytes: [UInt8], to path: String, owner: Owner = .user
  ) throws(DataError) {
    try write(to: path, owner: owner) { file throws(SystemError) in try file.write(bytes) }
  }

  /// Replaces the contents of `path` with what `body` writes.
  package static func write(
    to path: String, owner: Owner = .user,
    _ body: (borrowing OpenFile) throws(SystemError) -> Void
  ) throws(DataError) {
    try reporting(path, owner) { target throws(SystemError) in
      switch target {
      case .file(let path, let former): try replace(path, former, body)
      case .device: try body(try OpenFile(path, O_WRONLY))
      case .pipe:
        // Without waiting for a reader: there may never be one.
        let pipe = try OpenFile(path, O_WRONLY | O_NONBLOCK)
        try pipe.wait()
        try body(pipe)
      }
    }
  }

  /// Finds out whether `path` could be written, so that hours of work do not end in an error; what is there stays.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`, with the system's reason.
  public static func check(_ path: String, owner: Owner = .user) throws(DataError) {
    try reporting(path, owner) { target throws(SystemError) in
      guard case .file(let path, _) = target else { return }
      let temporary = try Temporary(beside: path)
      _ = try temporary.create()
      unlink(temporary.path)
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
    _ path: String, _ former: stat?, _ body: (borrowing OpenFile) throws(SystemError) -> Void
  ) throws(SystemError) {
    let temporary = try Temporary(beside: path)
    // What only its owner could read is never readable to others, not even half written.
    let file = try temporary.create(mode: former.map { $0.st_mode & 0o777 } ?? 0o644)
    do throws(SystemError) {
      try body(file)
      if let former { try file.adopt(former) }
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

  /// Does something with what `path` stands for, and says of which path an error speaks.
  private static func reporting(
    _ path: String, _ owner: Owner, _ body: (Target) throws(SystemError) -> Void
  ) throws(DataError) {
    var problem: String
    do throws(SystemError) {
      if owner == .user || Target.isOwn(path) { return try body(try Target(path)) }
      problem = "it is no regular file"
    } catch {
      problem = error.code == ENXIO ? "nobody reads this pipe" : error.text
    }
    throw DataError(
      .cannotCreate, path: path, problem: problem, expected: "a file that can be written")
  }

  /// What a path stands for.
  private enum Target {
    /// A regular file, with symbolic links followed, and what it was; nil where there is none.
    case file(String, former: stat?)
    case device
    case pipe

    init(_ path: String) throws(SystemError) {
      var status = stat()
      guard stat(path, &status) == 0 else {
        self = .file(try Target.end(of: path), former: nil)
        return
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: throw SystemError(code: EISDIR)
      case S_IFREG:
        // For the superuser the system would not refuse it.
        guard status.st_mode & 0o222 != 0 else { throw SystemError(code: EACCES) }
        guard access(path, W_OK) == 0, let resolved = realpath(path, nil) else { throw .last }
        defer { free(resolved) }
        self = .file(String(cString: resolved), former: status)
      case S_IFIFO: self = .pipe
      default: self = .device
      }
    }

    /// Where symbolic links lead that end at nothing.
    private static func end(of path: String) throws(SystemError) -> String {
      var path = path
      for _ in 0..<40 {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return path }
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink(path, &target, target.count)
        guard length > 0 else { throw .last }
        let text = String(decoding: target[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
        let slash =
          text.utf8.first == UInt8(ascii: "/") ? nil : path.utf8.lastIndex(of: UInt8(ascii: "/"))
        path = (slash.map { String(path[...$0]) } ?? "") + text
      }
      throw SystemError(code: ELOOP)
    }

    /// Whether a path names a regular file, or nothing yet, without a symbolic link at its end.
    static func isOwn(_ path: String) -> Bool {
      var status = stat()
      return lstat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
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

    func create(mode: mode_t = 0o644) throws(SystemError) -> OpenFile {
      let file = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
      _ = file.lock()
      return file
    }
  }
}
