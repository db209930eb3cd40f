import Foundation

/// Reads a file that should be small.
enum FileBytes {
  /// At most one byte more than ``TextCheck/largestText``, so that a device without end is refused too.
  ///
  /// - Throws: ``LibraryError/unreadable(path:reason:)``.
  static func read(_ path: String) throws(LibraryError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
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
