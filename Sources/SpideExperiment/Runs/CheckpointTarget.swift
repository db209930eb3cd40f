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

  /// The same for all ranks of a training, of which rank 0 alone reads it.
  package static func saved(at path: String, for team: Team) throws -> SafetensorsFile? {
    if team.isAlone { return try saved(at: path) }
    let found = try team.together { () throws -> [UInt8] in
      guard team.isFirst, let file = try saved(at: path) else { return [] }
      return Array(file.path.utf8) + [0]
        + (try FileBytes.read(file.path, expected: "a safetensors file"))
    }
    let bytes = team.ranks.broadcast(found)
    guard let end = bytes.firstIndex(of: 0) else { return nil }
    return try SafetensorsFile(
      bytes: Array(bytes[(end + 1)...]), path: String(decoding: bytes[..<end], as: UTF8.self))
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
