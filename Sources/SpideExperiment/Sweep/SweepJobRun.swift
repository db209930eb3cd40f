import SpideConfiguration
import SpideData
import SpideEngine

extension SweepTask {
  /// The task as far as memory goes.
  func presetTask(threads: Int) -> PresetTask {
    switch self {
    case .training: .training(threads: threads)
    case .gradient(let samples, _): .inspecting(samples: samples.count, threads: threads)
    }
  }
}

/// One combination being run.
struct SweepJobRun {
  let job: SweepJob
  let task: SweepTask
  /// The samples of every preset of the sweep.
  let data: [PresetData: DataSplit]
  let threads: Int
  let progress: any SweepProgress

  /// Its row; nil once it is not wanted any more.
  ///
  /// - Throws: what a training throws, but for a divergence: that is a row without figures.
  func row(while isWanted: @escaping @Sendable () -> Bool) throws -> SweepRow? {
    guard let data = data[job.preset.data] else {
      preconditionFailure("no data for \(job.words)")
    }
    switch task {
    case .training: return try trained(data, while: isWanted)
    case .gradient(let samples, _): return try inspected(data, samples, while: isWanted)
    }
  }

  /// Trains it, to the same bits as `train` does.
  private func trained(
    _ data: DataSplit, while isWanted: @escaping @Sendable () -> Bool
  ) throws -> SweepRow? {
    let share = Share(progress)
    let epochs = job.preset.training.epochs
    var run = TrainingRun(
      Experiment(preset: job.preset, data: data, seed: job.place.seed), from: nil,
      threads: threads,
      options: TrainingRun.Options(
        sinks: [BatchShares(epochs: epochs, share: share)], version: Program.version))
    do {
      try run.run(while: isWanted)
    } catch {
      guard data.failure == nil, let divergence = run.trainer.divergence else { throw error }
      progress.note(divergence.problem, of: job)
      share.end()
      return row(.training, ["seconds": run.trainer.times.elapsed / .seconds(1)])
    }
    guard run.trainer.epochsDone >= epochs else { return nil }
    share.end()
    let (records, last) = (run.records, run.records.last)
    let constants = EnergyConstants()
    let energies = records.compactMap(\.operations).map { constants.microjoules($0.total) }
    return row(
      .training,
      [
        "best_test_accuracy": records.compactMap(\.testAccuracy).max(),
        "test_accuracy": last?.testAccuracy, "test_loss": last?.testLoss,
        "train_loss": last?.trainLoss, "seconds": run.trainer.times.elapsed / .seconds(1),
        "energy_uJ": energies.count == records.count ? energies.reduce(0, +) : nil,
        "mean_forward_rate": last?.meanForwardRate, "mean_backward_rate": last?.meanBackwardRate,
      ])
  }

  /// Measures its gradient, to the same numbers as `inspect` does.
  private func inspected(
    _ data: DataSplit, _ samples: Range<Int>, while isWanted: @escaping @Sendable () -> Bool
  ) throws -> SweepRow? {
    let preset = job.preset
    let share = Share(progress)
    let parameters =
      job.parameters ?? Experiment(preset: preset, data: data, seed: job.place.seed).parameters
    let test = data.with(forwardSteps: preset.dynamics.forwardSteps).test
    let found = GradientInspection(
      network: PackedNetwork(
        plan: preset.network, parameters: parameters, dynamics: preset.dynamics),
      samples: test, indices: samples, batch: preset.training.batch, threads: threads,
      while: isWanted
    ) { done in share.rise(to: Double(done) / Double(samples.count)) }
    guard let found else { return nil }
    if let failure = data.failure { throw failure }
    share.end()
    guard found.loss.isFinite else {
      progress.note("the loss is no number", of: job)
      return row(.gradient, [:])
    }
    let inspection = Inspection(
      found, preset: preset, parameters: parameters, isVarying: test.frames > 1)
    let energy = inspection.ledger.mean.energy(inspection.constants)
    return row(
      .gradient,
      [
        "cosine": mean(found.parameters.compactMap(\.cosine)),
        "relative_error": mean(found.parameters.compactMap(\.relativeError)),
        "energy_uJ": energy.total,
      ])
  }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private func row(_ measure: SweepMeasure, _ figures: [String: Double?]) -> SweepRow {
    SweepRow(job.place, measure.columns.map { figures[$0] ?? nil })
  }
}

/// How far one combination has come: tells what is new of it.
private final class Share: Sendable {
  private let progress: any SweepProgress
  private let told = Guarded(0.0)

  init(_ progress: any SweepProgress) { self.progress = progress }

  func rise(to share: Double) {
    let step = told.withLock { told in
      let step = max(0, share - told)
      told += step
      return step
    }
    progress.advance(by: step)
  }

  func end() { rise(to: 1) }
}

/// Tells how far a training has come, batch by batch.
private struct BatchShares: RecordSink {
  let epochs: Int
  let share: Share

  func pass(_ record: BatchRecord, _ trainer: Trainer) {
    let epoch = Double(trainer.samplesDone) / Double(trainer.samplesInEpoch)
    share.rise(to: (Double(trainer.epochsDone) + epoch) / Double(epochs))
  }

  func take(_ record: BatchRecord) {}
  func take(_ record: EpochRecord) {}
}
