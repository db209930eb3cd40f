import SpideEngine

/// The wall-clock times of a run, in a file of their own beside its checkpoints, because no other run has the same.
///
/// They are for people and decide nothing: where the file is missing, or of another moment, times are unknown or
/// counted from the last epoch.
struct CheckpointTimes {
  let path: String
  /// Thirty years, which no run has taken.
  private static let mostSeconds = 1e9

  init(folder: String) { path = "\(folder)/\(CheckpointName.times)" }

  func save(_ checkpoint: Checkpoint) throws(DataError) {
    let times = checkpoint.times
    let epochs = checkpoint.epochs.map {
      JSON.object([
        ("samples_per_second", .double($0.samplesPerSecond)), ("seconds", .double($0.seconds)),
      ])
    }
    let json = JSON.object([
      ("batch", .int(checkpoint.state.batchesDone)),
      ("seconds", .double(times.elapsed / .seconds(1))),
      ("epoch_seconds", .double(times.epochElapsed / .seconds(1))), ("epochs", .array(epochs)),
    ])
    try AtomicFile.write(Array((json.description + "\n").utf8), to: path, owner: .program)
  }

  func restore(_ checkpoint: inout Checkpoint) {
    guard let bytes = try? FileBytes.read(path, expected: "times", largest: 1 << 26),
      let json = try? JSON(parsing: bytes, mostValues: 1 << 20),
      case .array(let epochs)? = json["epochs"]
    else { return }
    // A file that somebody has changed must not give times that cannot be.
    func number(_ key: String, of json: JSON, below limit: Double) -> Double {
      guard let value = json[key]?.finiteNumber, (0..<limit).contains(value) else { return .nan }
      return value
    }
    func duration(_ seconds: Double?) -> Duration {
      guard let seconds, seconds.isFinite else { return .zero }
      return .seconds(seconds)
    }
    for (index, times) in zip(checkpoint.epochs.indices, epochs) {
      checkpoint.epochs[index].samplesPerSecond = number(
        "samples_per_second", of: times, below: 1e15)
      checkpoint.epochs[index].seconds = number(
        "seconds", of: times, below: CheckpointTimes.mostSeconds)
    }
    if json["batch"]?.integer == checkpoint.state.batchesDone {
      checkpoint.times.elapsed = duration(
        number("seconds", of: json, below: CheckpointTimes.mostSeconds))
      checkpoint.times.epochElapsed = duration(
        number("epoch_seconds", of: json, below: CheckpointTimes.mostSeconds))
    } else {
      checkpoint.times.elapsed = duration(checkpoint.epochs.last?.seconds)
    }
  }
}

extension Checkpoint {
  /// Takes the times from the folder of the file that the checkpoint was read from, as far as they are there.
  public mutating func restoreTimes(from file: SafetensorsFile) {
    let slash = file.path.utf8.lastIndex(of: UInt8(ascii: "/"))
    CheckpointTimes(folder: slash.map { String(file.path[..<$0]) } ?? ".").restore(&self)
  }
}
