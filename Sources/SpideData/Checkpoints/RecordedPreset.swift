/// The preset that weights were trained with, as the metadata of their file keeps it.
public struct RecordedPreset: Equatable, Sendable {
  /// The YAML, before overrides.
  public var text: String
  /// `KEY=VALUE` overrides, in order.
  public var overrides: [String]

  /// A preset's text and overrides.
  public init(text: String, overrides: [String]) {
    self.text = text
    self.overrides = overrides
  }

  /// The metadata that says so.
  public var metadata: [String: String] {
    ["preset": text, "overrides": JSON.array(overrides.map(JSON.string)).description]
  }

  /// What a file says; nil where it says nothing.
  ///
  /// - Throws: ``DataError`` of kind `badData` where the overrides cannot be read.
  public init?(in file: SafetensorsFile) throws(DataError) {
    guard let text = file.metadata["preset"] else { return nil }
    self.init(text: text, overrides: [])
    guard let list = file.metadata["overrides"] else { return }
    guard case .array(let values)? = try? JSON(parsing: list.utf8) else {
      throw file.wrong("metadata overrides is no list", "a JSON list of KEY=VALUE")
    }
    overrides = values.compactMap(\.text)
    guard overrides.count == values.count else {
      throw file.wrong("metadata overrides has other values than texts", "a JSON list of KEY=VALUE")
    }
  }
}
