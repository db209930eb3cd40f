/// What a screen's file calls a panel, such as `forward-raster`. Which ones exist the front end knows, and tells the decoder.
public struct PanelID: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
  /// The word in the file.
  public let rawValue: String

  /// The panel of that word.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The panel of that word.
  public init(stringLiteral word: String) { rawValue = word }
}
