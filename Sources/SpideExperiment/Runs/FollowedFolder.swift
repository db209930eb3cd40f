import Glibc
import SpideData
import SpideFiles

/// A folder that `train --checkpoint` writes, perhaps at this moment and on another machine, looked at again and again.
///
/// Nothing in it is written or locked for longer than a look. A checkpoint is whole wherever it has its name, and of the
/// metrics whole lines are read, so that what a look brings is never half of something.
public struct FollowedFolder: Sendable {
  /// What has come since the last look.
  public struct News: Sendable, Equatable {
    /// Whether the records are those of another run, or all of this one anew: those before are forgotten.
    public var isAnew = false
    /// Records of the metrics file in the folder, in their order; none where there is no such file.
    public var records: [MetricsTail.Record] = []
    /// The newest checkpoint, where it is another than before.
    public var checkpoint: String?
    /// Whether a program has the folder to write to, where that has changed.
    public var isWritten: Bool?

    /// Whether nothing has come.
    public var isEmpty: Bool { self == News() }
  }

  /// Which version of a file was seen.
  private struct Version: Equatable {
    let path: String
    let inode: ino_t
    let seconds, nanoseconds: Int
  }

  /// Where it is, without a slash at its end.
  public let path: String
  private var metrics: MetricsTail?
  private var checkpoint: Version?
  private var isWritten: Bool?

  /// A folder that has been looked at by nobody yet.
  public init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// Looks for what is new.
  ///
  /// - Throws: ``DataError`` where there is no such folder, or its metrics cannot be read. The next look tries again.
  public mutating func look() throws(DataError) -> News {
    let isLocked = try isLocked()
    // The checkpoint first: what is read of the metrics then is at least as new.
    let newest = CheckpointFolder.newest(in: path).flatMap(version)
    if metrics == nil { metrics = CheckpointFolder.metrics(in: path) }
    var news = News()
    if let found = try metrics?.read() {
      (news.isAnew, news.records) = (found.isAnew, found.records)
    }
    if isLocked != isWritten {
      isWritten = isLocked
      news.isWritten = isLocked
    }
    if let newest, newest != checkpoint {
      checkpoint = newest
      news.checkpoint = newest.path
    }
    return news
  }

  /// Whether a run has the folder: those that train hold its lock.
  private func isLocked() throws(DataError) -> Bool {
    do throws(SystemError) {
      let folder = try OpenFile(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK)
      return folder.isLocked
    } catch {
      throw DataError(
        .missingInput, path: path, problem: error.text,
        expected: "a folder that train --checkpoint writes")
    }
  }

  private func version(_ file: String) -> Version? {
    var status = stat()
    guard stat(file, &status) == 0 else { return nil }
    return Version(
      path: file, inode: status.st_ino, seconds: status.st_mtim.tv_sec,
      nanoseconds: status.st_mtim.tv_nsec)
  }
}
