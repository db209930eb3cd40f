import Glibc

/// What a path names, with symbolic links followed.
package enum FileKind {
  /// Whether it is a regular file, which reading comes to the end of.
  package static func isRegular(_ path: String) -> Bool { at(path) == S_IFREG }

  /// Whether it is there and neither a regular file nor a folder: to read it may mean to wait for ever.
  package static func isUnending(_ path: String) -> Bool {
    at(path).map { $0 != S_IFREG && $0 != S_IFDIR } ?? false
  }

  /// When its contents were changed last, in nanoseconds; 0 where nothing is there.
  package static func changed(_ path: String) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { return 0 }
    return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
  }

  /// The kind as `stat(2)` tells it; nil where nothing is there.
  package static func at(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }
}
