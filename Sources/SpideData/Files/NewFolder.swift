import Glibc

/// Folders that are made where they are missing.
enum NewFolder {
  /// Makes a folder and those above it; one that is there stays as it is.
  static func make(_ path: String, mode: mode_t) throws(SystemError) {
    if access(path, F_OK) == 0 { return }
    for (index, byte) in zip(path.utf8.indices, path.utf8).dropFirst()
    where byte == UInt8(ascii: "/") {
      mkdir(String(path[..<index]), mode)
    }
    guard mkdir(path, mode) == 0 || errno == EEXIST else { throw .last }
  }
}
