import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// The folder of a run, as `train --checkpoint FOLDER --resume` has it: checkpoints, times and the records of its epochs.
enum RunFolder {
  /// The name of its metrics file.
  static let metrics = "metrics.jsonl"

  /// Writes where a run stands.
  ///
  /// - Parameter isOwn: whether what is there already is of this run.
  /// - Throws: ``DataError`` of kind `cannotCreate`, also where another run has the folder.
  static func write(
    _ checkpoint: Checkpoint, plan: NetworkPlan, to path: String, isOwn: Bool
  ) throws(DataError) {
    guard !CheckpointTarget.isFile(path) else {
      throw DataError(
        .cannotCreate, path: path, problem: "the name is that of a single file",
        expected: "a folder; :save writes a file")
    }
    // The latest checkpoint is what opens and is gone on with: one that lies before it would be as good as lost.
    if isOwn, let newest = CheckpointFolder.newest(in: path),
      let name = newest.split(separator: "/").last,
      let latest = Int(name.filter(\.isNumber)), latest > checkpoint.state.batchesDone
    {
      throw DataError(
        .cannotCreate, path: newest,
        problem: "it is of a later update than \(checkpoint.state.batchesDone)",
        expected: "another folder")
    }
    // What is there of others is neither written over nor gone on with.
    let names = isOwn ? [] : (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    if let other = names.sorted().first(where: isOfRun) {
      throw DataError(
        .cannotCreate, path: "\(path)/\(other)", problem: "another run's file is there",
        expected: "another folder")
    }
    // From here on no other program writes there.
    let target = try CheckpointTarget(path, isResumed: isOwn)
    do throws(DataError) {
      let file = try MetricsFile(
        "\(target.path)/\(metrics)", layers: plan.layers.count, hasTop5: plan.classes > 10,
        resuming: MetricsFile.Resumption(
          epochs: checkpoint.epochs, batches: checkpoint.state.batchesDone, path: path))
      for record in checkpoint.epochs { try file.append(record) }
      try target.save(checkpoint)
    } catch {
      if !isOwn { clean(path) }
      throw error
    }
  }

  /// Whether a file of that name is one that a run's folder has.
  private static func isOfRun(_ name: String) -> Bool {
    name == metrics || name == "times.json" || name.hasSuffix(".safetensors")
  }

  /// Takes away what was written before something went wrong, of a run that had no file there before.
  private static func clean(_ path: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where isOfRun(name) {
      unlink("\(path)/\(name)")
    }
    rmdir(path)
  }
}

extension Model.Setup {
  /// A run from its folder, or from a single checkpoint: its preset, its data, and where it stands.
  ///
  /// - Throws: ``DataError`` or ``ConfigurationError``, also for weights alone.
  public init(run path: String, dataDirectory: String?, threads: Int) throws {
    let file = try WeightsFile.open(path)
    guard let preset = try Preset(recordedIn: file) else {
      throw DataError(
        .badData, path: file.path, problem: "it does not say its preset",
        expected: "a folder that train --checkpoint or :run save wrote")
    }
    try PresetTask.stepping.requireMemory(preset)
    let data = try preset.loadData(from: dataDirectory)
    let weights = try LoadedWeights(file, for: preset, samples: data.train.count)
    self.init(
      preset: preset, data: data, weights: weights, seed: weights.checkpoint?.state.seed ?? 1,
      trainingObstacle: PresetTask.trainingObstacle(preset, threads: threads))
    request.folder = path
    request.note = "\(weights.summary); testing …"
  }
}
