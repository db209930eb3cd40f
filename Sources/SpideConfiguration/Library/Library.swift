import Foundation
import SpideEngine
import SpideFiles

/// What a library holds: decoded from a YAML file that has its name.
public protocol LibraryItem: Sendable {
  /// The folder of a user's own files: `presets` or `screens`.
  static var folder: String { get }
  /// One of them in words: `preset` or `screen`.
  static var kind: String { get }
  /// Equals the file name without `.yaml`.
  var name: String { get }
  /// One line for lists.
  var summary: String { get }
}

extension Preset: LibraryItem {
  /// `presets`.
  public static var folder: String { "presets" }
  /// `preset`.
  public static var kind: String { "preset" }
}

extension Screen: LibraryItem {
  /// `screens`.
  public static var folder: String { "screens" }
  /// `screen`.
  public static var kind: String { "screen" }

  /// The key and the panels.
  public var summary: String {
    "key \(key): " + layout.panels.map(\.rawValue).joined(separator: ", ")
  }
}

/// Presets by name.
public typealias PresetLibrary = Library<Preset>
/// Screens by name.
public typealias ScreenLibrary = Library<Screen>

/// The user's own files, which come first, and the built-in ones that they do not shadow by name.
public struct Library<Item: LibraryItem>: Sendable {
  /// Where a user's own files are looked for; nil where the environment names no home.
  public let userDirectory: String?

  /// Decodes the text of a file, which errors call by its second argument and which must bear the third as its name; only
  /// presets have overrides.
  typealias Decoder =
    @Sendable (
      _ text: String, _ file: String, _ expectedName: String?, _ overrides: [String]
    ) throws(ConfigurationError) -> Item
  let decoder: Decoder

  /// The directory of the XDG convention: `$XDG_CONFIG_HOME/spide-tui/<folder>`, else below `~/.config`.
  public static func userDirectory(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String? {
    UserFolders(environment).configuration.map { "\($0)/\(Item.folder)" }
  }

  /// One line of a list.
  public struct Entry: Sendable {
    /// File name without `.yaml`.
    public let name: String
    /// Where it is from.
    public let origin: Origin
    /// The item, or why it cannot be used.
    public let item: Result<Item, LibraryError>

    /// The item's summary, or the error in one line.
    public var summary: String {
      switch item {
      case .success(let item): return item.summary
      case .failure(let error): return error.description
      }
    }
  }

  /// Where an item is from.
  public enum Origin: Hashable, Sendable {
    /// Compiled in.
    case builtIn
    /// A file at a path.
    case file(String)
  }

  /// Everything there is: the user's files by name, then built-in ones. A broken file is listed with its error.
  public func list() -> [Entry] {
    places().map { place in
      do throws(LibraryError) {
        let item = try decode(place)
        return Entry(name: place.name, origin: place.origin, item: .success(item))
      } catch {
        return Entry(name: place.name, origin: place.origin, item: .failure(error))
      }
    }
  }

  /// Whether an argument is a path and not a name.
  public static func isPath(_ argument: String) -> Bool {
    argument.contains("/") || argument.hasSuffix(".yaml")
  }

  /// The item of a name, or of a path where the argument has a `/` or ends in `.yaml`.
  ///
  /// - Throws: ``LibraryError``.
  public func find(_ argument: String) throws(LibraryError) -> Item {
    try decode(try place(argument))
  }

  /// The text of an item, whether or not it can be decoded.
  ///
  /// - Throws: ``LibraryError``.
  public func text(_ argument: String) throws(LibraryError) -> String {
    try text(of: try place(argument))
  }
}

extension Library where Item == Preset {
  /// The built-in presets, and those in a user's directory; `dataSets` are those that a preset may name.
  public init(userDirectory: String?, dataSets: [SampleForm]) {
    self.init(userDirectory: userDirectory) {
      text, file, name, overrides throws(ConfigurationError) in
      try Preset(
        text: text, file: file, overrides: overrides, expectedName: name, dataSets: dataSets)
    }
  }

  /// ``find(_:)`` with `KEY=VALUE` overrides.
  ///
  /// - Throws: ``LibraryError``.
  public func find(_ argument: String, overrides: [String]) throws(LibraryError) -> Preset {
    try decode(try place(argument), overrides: overrides)
  }
}

extension Library where Item == Screen {
  /// The built-in screens, and those in a user's directory; `panels` are those that a screen may show, `pinnable` those of
  /// them that it may pin to a layer.
  public init(userDirectory: String?, panels: [PanelID], pinnable: [PanelID] = []) {
    self.init(userDirectory: userDirectory) { text, file, name, _ throws(ConfigurationError) in
      try Screen(
        text: text, file: file, panels: panels, pinnable: pinnable, expectedName: name)
    }
  }

  /// The built-in screens, and those in the directory of ``userDirectory(environment:)``.
  public init(panels: [PanelID], pinnable: [PanelID] = []) {
    self.init(userDirectory: Self.userDirectory(), panels: panels, pinnable: pinnable)
  }
}
