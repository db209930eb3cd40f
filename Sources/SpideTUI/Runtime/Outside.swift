import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideFiles

/// Carries out the effects that touch files.
package struct Outside {
  /// What `--data` or `:data` says.
  var dataDirectory: String?
  /// Threads that train.
  let threads: Int
  /// What there is.
  let memory: MachineMemory

  package init(dataDirectory: String?, threads: Int = 1, memory: MachineMemory = .here) {
    self.dataDirectory = dataDirectory
    self.threads = threads
    self.memory = memory
  }

  /// Does what is asked; the answer is a message.
  package func carryOut(_ effect: Effect, seed: UInt64) -> Message? {
    switch effect {
    case .quit, .training, .simulate, .compare, .stopComparing, .search, .stopSearching, .evaluate,
      .stopEvaluating, .inspect, .stopInspecting, .account, .stopAccounting, .follow:
      return nil
    case .listPresets(let files): return .presets(presets(files: files))
    case .listFolder(let folder): return .folder(Outside.listing(folder))
    case .useData(let folder): return .dataFolder(Outside.dataFolder(folder))
    case .open(let name, let overrides):
      return .opened(
        result {
          let isPath = PresetLibrary.isPath(name)
          if isPath { try Outside.refusePipe(name) }
          var setup = try setup(PresetLibrary().find(name, overrides: overrides), seed: seed)
          setup.presetFile = isPath ? name : nil
          return setup
        })
    case .openText(let preset, let request):
      return .opened(
        result {
          var setup = try setup(preset, seed: request.seed ?? seed)
          setup.request = request
          return setup
        })
    case .openRun(let path):
      return .opened(
        result {
          try Outside.refusePipe(path)
          return try Model.Setup(run: path, dataDirectory: dataDirectory, threads: threads)
        })
    case .load(let path, let preset, let samples):
      return .loaded(
        result {
          try Outside.refusePipe(path)
          return try LoadedWeights(WeightsFile.open(path), for: preset, samples: samples)
        })
    case .readSweep(let path):
      return .sweep(
        result {
          try Outside.refusePipe(path)
          return SweepFileRead(path: path, summary: try SweepSummary(SweepTable(path: path)))
        })
    case .write(let order, let overwrites):
      let files = overwrites ? [] : order.replaced.filter(Outside.isThere)
      guard files.isEmpty else { return .occupied(order, files: files) }
      return .wrote(order, result { try write(order) })
    }
  }

  private func write(_ order: WriteOrder) throws -> [String] {
    let paths = order.paths
    switch order {
    case .weights(_, let checkpoint?, _, _, _, _):
      try checkpoint.write(to: paths[0])
    case .weights(let parameters, nil, let preset, _, _, _):
      try WeightsFile.save(parameters, metadata: preset.recorded.metadata, to: paths[0])
    case .run(let checkpoint, let plan, let path, _, _, let isOwn):
      try RunFolder.write(checkpoint, plan: plan, to: path, isOwn: isOwn)
    case .log(let text, _): try AtomicFile.write(Array(text.utf8), to: paths[0])
    case .screen(let text, let session, _):
      try AtomicFile.write(Array(text.utf8), to: paths[0])
      try TraceFile.write(
        session: session, metadata: ["batch": String(session.batch)], to: paths[1])
    }
    return paths
  }

  /// A preset with its samples, ready to explore.
  func setup(_ preset: Preset, seed: UInt64) throws -> Model.Setup {
    try PresetTask.stepping.requireMemory(preset, memory)
    let data = try preset.loadData(from: dataDirectory)
    return Model.Setup(
      preset: preset, data: data, seed: seed,
      trainingObstacle: PresetTask.trainingObstacle(preset, threads: threads, memory))
  }

  /// Whoever waits for a pipe waits for somebody to write, and the screen with them: here only files are read.
  private static func refusePipe(_ path: String) throws {
    if FileKind.isUnending(path) {
      throw Failure("\(path): it is no regular file; expected a file")
    }
  }

  /// Whether writing there would replace something. A device or a pipe has nothing to lose, and a folder is refused.
  private static func isThere(_ path: String) -> Bool {
    let type = (try? FileManager.default.attributesOfItem(atPath: path))?[.type]
    return [.typeRegular, .typeSymbolicLink].contains(type as? FileAttributeType)
  }

  private func result<Value>(_ body: () throws -> Value) -> Result<Value, Failure> {
    do {
      return .success(try body())
    } catch let failure as Failure {
      return .failure(failure)
    } catch {
      return .failure(Failure("\(error)"))
    }
  }
}
