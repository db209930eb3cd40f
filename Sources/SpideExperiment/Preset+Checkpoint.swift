import SpideConfiguration
import SpideData
import SpideEngine

extension Preset {
  /// The preset that weights were trained with, with more overrides on top; nil where their file does not say.
  ///
  /// - Throws: ``DataError`` or ``ConfigurationError``, whose file is that of the weights.
  public init?(recordedIn file: SafetensorsFile, overrides: [String] = []) throws {
    guard let recorded = try RecordedPreset(in: file) else { return nil }
    try self.init(
      text: recorded.text, file: file.path,
      overrides: overrides.reduce(into: recorded.overrides, Preset.add), dataSets: DataSet.forms)
  }

  /// What checkpoints keep of it.
  public var recorded: RecordedPreset { RecordedPreset(text: text, overrides: overrides) }

  /// Adds an override in the place of one of the same key, so that a run which was prolonged reads like one that was as
  /// long from the start. Where a later one changes part of the value, or the whole around it, the order counts.
  private static func add(to list: inout [String], _ override: String) {
    func key(_ override: String) -> String { Preset.key(of: override) + "." }
    let new = key(override)
    if let place = list.lastIndex(where: { key($0) == new }),
      !list[(place + 1)...].map(key).contains(where: { $0.hasPrefix(new) || new.hasPrefix($0) })
    {
      list[place] = override
    } else {
      list.append(override)
    }
  }

  /// The same with `KEY=VALUE` assignments in place of overrides of the same keys.
  package func setting(_ assignments: [String]) throws(ConfigurationError) -> Preset {
    let keys = assignments.map(Preset.key)
    return try with(
      overrides: overrides.filter { !keys.contains(Preset.key(of: $0)) } + assignments)
  }

  /// The key of a `KEY=VALUE` override.
  package static func key(of override: String) -> String {
    String(override.prefix { $0 != "=" }.trimmingSpaces)
  }
}

extension Checkpoint {
  /// Where it stands, in words: `2 epochs, 46 batches, with reset 0/−Vth since batch 40`.
  public var position: String {
    let state = state
    let place =
      Words.counted(state.epochsDone, "epoch") + ", " + Words.counted(state.batchesDone, "batch")
    guard hasOwnConstants else { return place }
    let since = state.constants.currentSince
    let difference = Words.difference(presetDynamics, state.dynamics)
    if difference.isEmpty { return "\(place), with other constants before batch \(since)" }
    return "\(place), with \(difference) "
      + (since == 0 ? "from the start" : "since batch \(since)")
  }

  /// Reads a checkpoint from which `preset` goes on, over `samples` training samples, with its times as far as they are
  /// known.
  ///
  /// - Throws: ``DataError`` or ``ConfigurationError``, also where the training had other settings.
  public init(_ file: SafetensorsFile, continuedBy preset: Preset, samples: Int) throws {
    if let recorded = try Preset(recordedIn: file),
      let difference = preset.difference(from: recorded)
    {
      throw DataError(
        .badData, path: file.path, problem: "it was trained with another value of \(difference)",
        expected: "the same settings; only training.epochs may differ")
    }
    try self.init(
      file, plan: preset.network, dynamics: preset.dynamics, training: preset.training,
      trainSamples: samples)
    restoreTimes(from: file)
  }
}
