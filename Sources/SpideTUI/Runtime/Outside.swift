import Foundation
import SpideConfiguration
import SpideData
import SpideEngine

/// Carries out the effects that touch files.
package struct Outside {
  /// What `--data` says.
  let dataDirectory: String?

  package init(dataDirectory: String?) { self.dataDirectory = dataDirectory }

  /// Does what is asked; the answer is a message.
  package func carryOut(_ effect: Effect, seed: UInt64) -> Message? {
    switch effect {
    case .quit, .training, .compare: return nil
    case .listPresets: return .presets(Outside.presets())
    case .open(let name, let overrides):
      return .opened(
        result {
          if name.contains("/") || name.hasSuffix(".yaml") { try Outside.refusePipe(name) }
          return try setup(PresetLibrary().find(name, overrides: overrides), seed: seed)
        })
    case .openText(let preset): return .opened(result { try setup(preset, seed: seed) })
    case .load(let path, let preset, let samples):
      return .loaded(
        result {
          try Outside.refusePipe(path)
          return try LoadedWeights(WeightsFile.open(path), for: preset, samples: samples)
        })
    case .save(let parameters, let preset, let path):
      return .wrote(
        result {
          try WeightsFile.save(parameters, metadata: preset.recorded.metadata, to: path)
          return [path]
        })
    case .export(let text, let session, let stem):
      return .wrote(
        result {
          let (picture, trace) = Outside.freeNames(stem)
          try AtomicFile.write(Array(text.utf8), to: picture)
          try TraceFile.write(
            session: session, metadata: ["batch": String(session.batch)], to: trace)
          return [picture, trace]
        })
    }
  }

  /// A preset with its samples, ready to explore.
  func setup(_ preset: Preset, seed: UInt64) throws -> Model.Setup {
    guard let source = preset.data.source else {
      throw Failure("\(preset.name) has no data (source: none); it is for traces only")
    }
    let data = try DataSplit.load(
      source: source, forwardSteps: preset.dynamics.forwardSteps,
      normalization: preset.data.normalization,
      augmentation: preset.data.augmentation, directory: dataDirectory,
      environment: ProcessInfo.processInfo.environment)
    return Model.Setup(preset: preset, data: data, seed: seed)
  }

  /// The presets for the menu.
  static func presets() -> [PresetChoice] {
    PresetLibrary().list().map { entry in
      let isUsable = (try? entry.item.get()) != nil
      return PresetChoice(name: entry.name, summary: entry.summary, isUsable: isUsable)
    }
  }

  /// Whoever waits for a pipe waits for somebody to write, and the screen with them: here only files are read.
  private static func refusePipe(_ path: String) throws {
    if FileKind.isUnending(path) {
      throw Failure("\(path): it is no regular file; expected a file")
    }
  }

  /// Two names that do not exist yet: nothing is ever overwritten.
  private static func freeNames(_ stem: String) -> (picture: String, trace: String) {
    var number = 1
    while true {
      let name = number == 1 ? stem : "\(stem)-\(number)"
      let names = (name + ".txt", name + ".safetensors")
      let manager = FileManager.default
      if !manager.fileExists(atPath: names.0), !manager.fileExists(atPath: names.1) { return names }
      number += 1
    }
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
