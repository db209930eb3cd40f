import Glibc
import SpideFiles

/// The folder in which a run keeps its checkpoints: the latest three, named by their batch, and `best.safetensors`.
///
/// One run at a time has the folder. Each file is whole or not there at all, so whenever the program is killed after
/// the first checkpoint, there is one to go on from. Nothing is written through a link in the folder.
public final class CheckpointFolder: Sendable {
  /// Checkpoints kept besides the best.
  public static let kept = 3

  /// Where it is.
  public let path: String
  /// Locked for as long as the run has the folder.
  private let directory: OpenFile

  /// Takes a folder, made where it is missing, and clears away what a killed run was writing.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate` where it cannot be made or written, or another run has it.
  public init(_ path: String) throws(DataError) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    do throws(SystemError) {
      try NewFolder.make(path)
      directory = try OpenFile(path, O_RDONLY | O_DIRECTORY)
    } catch {
      throw DataError(
        .cannotCreate, path: path, problem: error.text,
        expected: "a folder for checkpoints, or a file that ends in .safetensors")
    }
    guard directory.lock() else {
      throw DataError(
        .cannotCreate, path: path, problem: "another run is writing its checkpoints there",
        expected: "a folder of its own")
    }
    AtomicFile.removeStale(in: path)
    for name in [CheckpointName.times, CheckpointName.best] {
      try AtomicFile.check(file(name), owner: .program)
    }
  }

  /// The checkpoint to go on from: that of the latest batch, or at least the best; nil where there is none.
  public static func newest(in path: String) -> String? {
    guard let all = try? FolderNames.read(path) else { return nil }
    let names = all.filter { FileKind.isRegular("\(path)/\($0)") }
    let best = names.contains(CheckpointName.best) ? CheckpointName.best : nil
    return (CheckpointName.latest(of: names) ?? best).map { "\(path)/\($0)" }
  }

  /// The metrics of the run, where they are written beside its checkpoints: of several such files the one that was
  /// changed last; nil where there is none yet.
  public static func metrics(in path: String) -> MetricsTail? {
    guard let names = try? FolderNames.read(path) else { return nil }
    let files = names.map { "\(path)/\($0)" }.filter { FileKind.isRegular($0) }
    return files.compactMap { file in MetricsTail(file).map { ($0, FileKind.changed(file)) } }
      .max { $0.1 < $1.1 }?.0
  }

  /// Adds a checkpoint, and removes what is no longer kept.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`; what was there is then still there.
  public func save(_ checkpoint: Checkpoint) throws(DataError) {
    try CheckpointTimes(folder: path).save(checkpoint)
    // The best comes first: a run that is killed in between comes to this epoch again, and writes it again.
    if checkpoint.isBest { try checkpoint.write(to: file(CheckpointName.best), owner: .program) }
    let name = CheckpointName.after(batches: checkpoint.state.batchesDone)
    try checkpoint.write(to: file(name), owner: .program)
    let names = ((try? FolderNames.read(path)) ?? []).filter { FileKind.isRegular(file($0)) }
    for name in CheckpointName.latestFirst(names).dropFirst(CheckpointFolder.kept) {
      unlink(file(name))
    }
  }

  private func file(_ name: String) -> String { "\(path)/\(name)" }
}
