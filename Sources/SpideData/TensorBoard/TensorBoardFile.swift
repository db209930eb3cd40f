import Glibc
import SpideEngine
import SpideFiles

/// An event file that TensorBoard reads, one for each part of a run; all of a run lie in a folder of its own.
///
/// Every record goes to the system in one piece, so a run that is killed leaves every finished record readable. The
/// axis counts batches since the start of training. Epochs write `loss/train`, `rate/forward/L0` and the like; batches
/// the same with `batch/` before, because means over an epoch and noise of a batch make no one curve.
///
/// A part begins by telling readers to forget what earlier parts wrote beyond the checkpoint that it goes on from. Their
/// files are read in the order of their names, so it also has the last name, whatever the clock says.
public final class TensorBoardFile: Sendable {
  /// The file.
  public let path: String
  private let file: OpenFile
  /// The batch of the last epoch that earlier parts have told of and readers keep.
  private let lastEpoch: Int

  /// Creates a file in `folder`, and the folder where it is missing.
  ///
  /// - Parameters:
  ///   - run: whose curves these are.
  ///   - batches: those done by the run before.
  ///   - history: what the folder has of the run; nil for nothing.
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public init(
    folder: String, run: TensorBoardRun, after batches: Int = 0, history: TensorBoardHistory? = nil
  ) throws(DataError) {
    lastEpoch = history?.epochs.last { $0 <= batches } ?? 0
    do throws(SystemError) {
      try NewFolder.make(folder, mode: 0o777)
      path = TensorBoardFile.newName(in: folder, after: history?.newestTime)
      file = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND)
    } catch {
      throw DataError(
        .cannotCreate, path: folder, problem: error.text,
        expected: "a folder for TensorBoard that can be written")
    }
    try keepToOneself(folder)
    try write([(.version, 0), (.start(run.text), batches + 1)])
  }

  /// Whoever writes an event file holds its lock: where another one is locked, a run is at work in the folder.
  private func keepToOneself(_ folder: String) throws(DataError) {
    _ = file.lock()
    for name in TensorBoardHistory.files(in: folder) where !path.hasSuffix("/" + name) {
      guard let other = try? OpenFile.reading("\(folder)/\(name)"), !other.lock() else { continue }
      unlink(path)
      throw DataError(
        .cannotCreate, path: folder, problem: "another run is writing its curves there",
        expected: "a folder of its own")
    }
  }

  /// Adds the record of an epoch that ended with batch `step`, where an earlier part has not.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func append(_ record: EpochRecord, step: Int) throws(DataError) {
    guard step > lastEpoch else { return }
    var scalars = [("loss/train", record.trainLoss), ("accuracy/train", record.trainAccuracy)]
    if let loss = record.testLoss { scalars.append(("loss/test", loss)) }
    if let accuracy = record.testAccuracy { scalars.append(("accuracy/test", accuracy)) }
    if let accuracy = record.testTop5Accuracy { scalars.append(("accuracy/test_top5", accuracy)) }
    scalars.append(("learning_rate", Double(record.learningRate)))
    scalars += rates("forward", record.forwardRate, mean: record.meanForwardRate)
    scalars += rates("backward", record.backwardRate, mean: record.meanBackwardRate)
    scalars += rates("test_forward", record.testForwardRate ?? [], mean: nil)
    scalars += costs(record.operations)
    if record.samplesPerSecond.isFinite {
      scalars.append(("samples_per_second", record.samplesPerSecond))
    }
    try write([(.scalars(scalars.map { ($0, Float($1)) }), step)])
  }

  /// Adds the record of a batch.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func append(_ record: BatchRecord) throws(DataError) {
    let scalars =
      [
        ("loss", record.loss), ("accuracy", record.accuracy),
        ("learning_rate", Double(record.learningRate)),
      ] + rates("forward", record.forwardRate, mean: record.meanForwardRate)
      + rates("backward", record.backwardRate, mean: record.meanBackwardRate)
      + costs(record.operations)
    try write([(.scalars(scalars.map { ("batch/" + $0, Float($1)) }), record.batch)])
  }

  private func rates(
    _ stage: String, _ rates: [Double], mean: Double?
  ) -> [(String, Double)] {
    rates.enumerated().map { ("rate/\(stage)/L\($0)", $1) }
      + (mean.map { [("rate/\(stage)/mean", $0)] } ?? [])
  }

  /// Sums over the epoch or the batch, as in other records.
  private func costs(_ operations: StageOperations?) -> [(String, Double)] {
    guard let operations else { return [] }
    return StageOperations.members(operations).flatMap { key, value -> [(String, Double)] in
      if let number = value.finiteNumber { return [("cost/\(key)", number)] }
      guard case .object(let parts) = value else { return [] }
      return parts.compactMap { part, value in
        value.finiteNumber.map { ("cost/\(key)/\(part)", $0) }
      }
    }
  }

  private func write(
    _ events: [(content: TensorBoardEvent.Content, step: Int)]
  ) throws(DataError) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let time = Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
    let records = events.flatMap {
      TensorBoardEvent(wallTime: time, step: $0.step, content: $0.content).record
    }
    do throws(SystemError) {
      try file.write(records)
    } catch {
      throw DataError(
        .cannotCreate, path: path, problem: error.text, expected: "a file that can be written")
    }
  }

  /// TensorFlow's name for such a file: time, host, process, and a number where all that has been used.
  private static func newName(in folder: String, after newest: Int?) -> String {
    let now = max(time(nil), (newest ?? 0) + 1)
    let stem = "\(folder)/\(TensorBoardHistory.prefix)\(now).\(hostName).\(getpid())"
    var number = 0
    while access("\(stem).\(number)", F_OK) == 0 { number += 1 }
    return "\(stem).\(number)"
  }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
