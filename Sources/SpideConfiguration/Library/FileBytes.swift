import Foundation

/// Reads a file that should be small.
enum FileBytes {
  /// At most one byte more than ``TextCheck/largestText``, so that a device without end is refused too.
  ///
  /// What a folder has under a fitting name must be a regular file: a pipe there would hold the program up for ever. A
  /// path that `isNamed` by the user may stand for anything that can be read.
  ///
  /// - Throws: ``LibraryError/unreadable(path:reason:)``.
  static func read(_ path: String, isNamed: Bool) throws(LibraryError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | (isNamed ? 0 : O_NONBLOCK))
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path) }
    // Reading refuses a folder in the system's words.
    guard isNamed || [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else {
      throw .unreadable(path: path, reason: "no regular file")
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 * 1024)
    while bytes.count <= TextCheck.largestText {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path)
      }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

  private static func failure(_ path: String) -> LibraryError {
    .unreadable(path: path, reason: String(cString: strerror(errno)).lowercased())
  }
}
