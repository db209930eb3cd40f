import Glibc
import SpideData
import SpideFiles

/// Where `train --checkpoint` puts what it learns.
public enum CheckpointTarget {
  /// A single file, written when training ends.
  case file(String)
  /// A folder, written to while training goes on.
  case folder(CheckpointFolder)

  /// Whether a path names a single file and not a folder.
  public static func isFile(_ path: String) -> Bool { path.hasSuffix(".safetensors") }

  /// The checkpoint that a run with this path has left; nil where there is none.
  public static func saved(at path: String) throws(DataError) -> SafetensorsFile? {
    let file = isFile(path) ? path : CheckpointFolder.newest(in: path)
    guard let file, access(file, F_OK) == 0 else { return nil }
    guard !FileKind.isUnending(file) else {
      throw DataError(
        .badData, path: file, problem: "it is no regular file", expected: "a checkpoint")
    }
    return try SafetensorsFile(path: file)
  }

  /// Makes sure before hours of training that the path can be written, and that no other run loses its checkpoints.
  public init(_ path: String, isResumed: Bool) throws(DataError) {
    guard !CheckpointTarget.isFile(path) else {
      try AtomicFile.check(path)
      self = .file(path)
      return
    }
    let folder = try CheckpointFolder(path)
    if !isResumed, let other = CheckpointFolder.newest(in: folder.path) {
      throw DataError(
        .cannotCreate, path: other, problem: "a run has its checkpoints there",
        expected: "--resume, or another folder")
    }
    self = .folder(folder)
  }

  /// The file, or the folder.
  public var path: String {
    switch self {
    case .file(let path): return path
    case .folder(let folder): return folder.path
    }
  }

  /// Writes a checkpoint there.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func save(_ checkpoint: Checkpoint) throws(DataError) {
    switch self {
    case .file(let path): try checkpoint.write(to: path)
    case .folder(let folder): try folder.save(checkpoint)
    }
  }
}
