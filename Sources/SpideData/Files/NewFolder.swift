import Glibc
import SpideFiles

/// Folders that are made where they are missing.
enum NewFolder {
  /// Makes a folder and those above it; one that is there is left as it is.
  static func make(_ path: String, mode: mode_t = 0o755) throws(SystemError) {
    if access(path, F_OK) == 0 { return }
    let slashes = path.utf8.indices.dropFirst().filter { path.utf8[$0] == UInt8(ascii: "/") }
    for end in slashes + [path.utf8.endIndex] {
      if mkdir(String(path[..<end]), mode) != 0, errno != EEXIST { throw .last }
    }
  }
}
