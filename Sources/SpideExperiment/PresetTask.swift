import SpideConfiguration
import SpideData
import SpideEngine

/// What is done with a preset, as far as its memory goes.
public enum PresetTask: Sendable {
  /// Reading or writing weights.
  case weights
  /// Stepping through a sample.
  case stepping
  /// Writing all of a sample to a file; without a label its forward stage.
  case tracing(hasLabel: Bool)
  case evaluating(threads: Int)
  /// Measuring so many samples against their exact solutions.
  case inspecting(samples: Int, threads: Int)
  case training(threads: Int)
  /// The same as one of several processes that share the batches by their shards.
  case sharedTraining(threads: Int, shards: ShardPlan, ranks: Int)
  /// The same before somebody's eyes: of two reports, the one that is shown and the next, each has all to go on with, and
  /// so has the beginning of what is recorded.
  case watchedTraining(threads: Int)
  /// Timing whole steps of training; `batch` is nil for the preset's.
  case timing(batch: Int?, threads: Int)

  /// The task in words, as the subject of a sentence.
  private var words: String {
    func on(_ threads: Int) -> String { threads == 1 ? "on 1 thread" : "on \(threads) threads" }
    switch self {
    case .weights: return "holding the weights"
    case .stepping: return "stepping through a sample"
    case .tracing: return "the trace of a sample"
    case .evaluating(let threads): return "testing \(on(threads))"
    case .inspecting(_, let threads): return "inspecting samples \(on(threads))"
    case .training(let threads), .watchedTraining(let threads): return "training \(on(threads))"
    case .sharedTraining(let threads, _, let ranks):
      return "training \(on(threads))" + (ranks > 1 ? " of \(ranks) processes" : "")
    case .timing(_, let threads): return "timing \(on(threads))"
    }
  }

  /// What it takes at least.
  func need(_ preset: Preset) -> MemoryNeed {
    let (plan, frames) = (preset.network, preset.frames)
    switch self {
    case .weights: return .weights(of: plan)
    case .stepping: return .stepping(plan, frames: frames)
    case .tracing(let hasLabel):
      return .tracing(plan, dynamics: preset.dynamics, frames: frames, hasLabel: hasLabel)
    case .evaluating(let threads): return .evaluating(plan, frames: frames, threads: threads)
    case .inspecting(let samples, let threads):
      return .inspecting(plan, frames: frames, samples: samples, threads: threads)
    case .training(let threads):
      return .training(plan, preset.training, frames: frames, threads: threads)
    case .sharedTraining(let threads, let shards, let ranks):
      return .training(
        plan, preset.training, frames: frames, threads: threads, shards: shards, ranks: ranks)
    case .watchedTraining(let threads):
      return .training(plan, preset.training, frames: frames, threads: threads, states: 3)
    case .timing(let batch, let threads):
      var training = preset.training
      training.batch = batch ?? training.batch
      return .benchmarking(
        plan, dynamics: preset.dynamics, training, frames: frames, threads: threads)
    }
  }

  /// Refuses what would take more memory than there is, before any of it is taken.
  ///
  /// - Throws: ``DataError`` of kind `outOfMemory`.
  public func requireMemory(
    _ preset: Preset, _ memory: MachineMemory = .here
  ) throws(DataError) {
    try memory.require(need(preset), for: words, of: "preset \(preset.name)")
  }

  /// Why a preset that can be stepped through cannot be trained in the explorer; nil where it can.
  public static func trainingObstacle(
    _ preset: Preset, threads: Int, _ memory: MachineMemory = .here
  ) -> DataError? {
    do throws(DataError) {
      try PresetTask.watchedTraining(threads: threads).requireMemory(preset, memory)
      return nil
    } catch {
      return error
    }
  }
}
