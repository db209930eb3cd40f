/// Which run curves are of. Training follows from preset and seed, so that runs with the same have the same curves.
public struct TensorBoardRun: Equatable, Sendable {
  /// The preset.
  public let preset: RecordedPreset
  /// Decides everything random.
  public let seed: UInt64

  /// The run of a preset with a seed.
  public init(preset: RecordedPreset, seed: UInt64) {
    self.preset = preset
    self.seed = seed
  }

  /// The run as JSON.
  var text: String {
    JSON.object([
      ("preset", .string(preset.text)), ("overrides", .array(preset.overrides.map(JSON.string))),
      ("seed", .string(String(seed))),
    ]).description
  }

  /// Reads ``text``; nil for anything else.
  init?(text: some Sequence<UInt8>) {
    guard let json = try? JSON(parsing: text), let preset = json["preset"]?.text,
      case .array(let overrides)? = json["overrides"],
      let seed = json["seed"]?.text.flatMap(UInt64.init)
    else { return nil }
    self.init(
      preset: RecordedPreset(text: preset, overrides: overrides.compactMap(\.text)), seed: seed)
  }
}
