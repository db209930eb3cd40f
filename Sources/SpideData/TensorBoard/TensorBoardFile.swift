import Glibc
import SpideEngine

/// An event file that TensorBoard reads, one for each run, so that runs may share a folder.
///
/// Every record goes to the system in one piece, so a run that is killed leaves every finished record readable. The
/// axis counts batches since the start of training. Epochs write `loss/train`, `rate/forward/L0` and the like; batches
/// the same with `batch/` before, because means over an epoch and noise of a batch make no one curve.
public final class TensorBoardFile: Sendable {
  /// The file.
  public let path: String
  private let file: OpenFile

  /// Creates a file in `folder`, and the folder where it is missing.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public init(folder: String) throws(DataError) {
    do throws(SystemError) {
      try NewFolder.make(folder, mode: 0o777)
      path = TensorBoardFile.newName(in: folder)
      file = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND)
    } catch {
      throw DataError(
        .cannotCreate, path: folder, problem: error.text,
        expected: "a folder for TensorBoard that can be written")
    }
    try write(.version, step: 0)
  }

  /// Adds the record of an epoch that ended with batch `step`.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func append(_ record: EpochRecord, step: Int) throws(DataError) {
    var scalars = [("loss/train", record.trainLoss), ("accuracy/train", record.trainAccuracy)]
    if let loss = record.testLoss { scalars.append(("loss/test", loss)) }
    if let accuracy = record.testAccuracy { scalars.append(("accuracy/test", accuracy)) }
    scalars.append(("learning_rate", Double(record.learningRate)))
    scalars += rates(record.forwardRate, record.backwardRate)
    scalars.append(("samples_per_second", record.samplesPerSecond))
    try write(.scalars(scalars.map { ($0, Float($1)) }), step: step)
  }

  /// Adds the record of a batch.
  ///
  /// - Throws: ``DataError`` of kind `cannotCreate`.
  public func append(_ record: BatchRecord) throws(DataError) {
    let scalars =
      [
        ("loss", record.loss), ("accuracy", record.accuracy),
        ("learning_rate", Double(record.learningRate)),
      ] + rates(record.forwardRate, record.backwardRate)
    try write(.scalars(scalars.map { ("batch/" + $0, Float($1)) }), step: record.batch)
  }

  private func rates(_ forward: [Double], _ backward: [Double]) -> [(String, Double)] {
    [("forward", forward), ("backward", backward)].flatMap { stage, rates in
      rates.enumerated().map { ("rate/\(stage)/L\($0)", $1) }
    }
  }

  private func write(_ content: TensorBoardEvent.Content, step: Int) throws(DataError) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let time = Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
    do throws(SystemError) {
      try file.write(TensorBoardEvent(wallTime: time, step: step, content: content).record)
    } catch {
      throw DataError(
        .cannotCreate, path: path, problem: error.text, expected: "a file that can be written")
    }
  }

  /// TensorFlow's name for such a file: time, host, process, and a number where all that has been used.
  private static func newName(in folder: String) -> String {
    let stem = "\(folder)/events.out.tfevents.\(time(nil)).\(hostName).\(getpid())"
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
