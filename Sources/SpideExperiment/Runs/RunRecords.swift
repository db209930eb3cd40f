import SpideConfiguration
import SpideData
import SpideEngine

/// The run whose records are kept, and where it goes on: what `--metrics` and `--tensorboard` write follows from it.
public struct RunRecords {
  private let preset: Preset
  private let seed: UInt64
  private let samples: Int
  private let isResumed: Bool
  private let start: Checkpoint?
  private let path: String?

  /// A run's records.
  ///
  /// - Parameters:
  ///   - samples: samples of the training set.
  ///   - isResumed: whether the run was to be resumed, also where there was nothing to resume yet.
  ///   - start: where it goes on; nil at its start.
  ///   - path: the file that `start` was read from.
  public init(
    preset: Preset, seed: UInt64, samples: Int, isResumed: Bool, start: Checkpoint?, path: String?
  ) {
    self.preset = preset
    self.seed = seed
    self.samples = samples
    self.isResumed = isResumed
    self.start = start
    self.path = path
  }

  /// The files for the run's records, each of which must be new or the run's own.
  public func sinks(metrics: String?, tensorBoard: String?) throws -> [any RecordSink] {
    // Who is refused has changed nothing yet.
    var curves: TensorBoardHistory?
    if let tensorBoard { curves = try history(of: tensorBoard) }
    var sinks: [any RecordSink] = []
    if let metrics {
      let resumption = MetricsFile.Resumption(
        epochs: start?.epochs ?? [], batches: batches, path: path ?? "")
      sinks.append(
        try MetricsFile(
          metrics, layers: preset.network.layers.count, hasTop5: preset.network.classes > 10,
          resuming: isResumed ? resumption : nil))
    }
    if let tensorBoard {
      let run = TensorBoardRun(preset: preset.recorded, seed: seed)
      sinks.append(
        TensorBoardSink(
          file: try TensorBoardFile(
            folder: tensorBoard, run: run, after: batches, history: curves),
          batchesInEpoch: preset.training.batches(of: samples)))
    }
    return sinks
  }

  private var batches: Int { start?.state.batchesDone ?? 0 }

  /// What a folder has of this run's curves; nil where it has no event files.
  private func history(of folder: String) throws -> TensorBoardHistory? {
    let found = try TensorBoardHistory(folder: folder)
    guard let history = found, !history.isEmpty else { return found }
    func refusal(_ problem: String, _ expected: String) -> DataError {
      DataError(.cannotCreate, path: folder, problem: problem, expected: expected)
    }
    guard isResumed else {
      throw refusal("a run has its curves there", "--resume, or a folder of this run's own")
    }
    guard let other = history.run else {
      throw refusal("another program has its curves there", "a folder of this run's own")
    }
    let theirs = try? Preset(
      text: other.preset.text, file: folder, overrides: other.preset.overrides,
      dataSets: DataSet.forms)
    guard let theirs else {
      throw refusal("the curves of another preset are there", "a folder of this run's own")
    }
    let difference = preset.difference(from: theirs)
    if seed != other.seed || difference != nil {
      throw refusal(
        "it has the curves of \(theirs.name) with seed \(other.seed); this run is \(preset.name) with seed "
          + "\(seed)" + (difference.map { " and another value of \($0)" } ?? ""),
        "a folder of this run's own")
    }
    return history
  }
}
