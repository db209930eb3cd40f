import Foundation
import SpideFiles

extension Library {
  /// Where the text of an item is.
  struct Place {
    let name: String
    let origin: Origin
    /// Whether the user has named its path, and not found it in a folder.
    var isNamed = false

    /// What errors call the text.
    var file: String {
      switch origin {
      case .builtIn: return "built-in \(Item.folder)/\(name).yaml"
      case .file(let path): return path
      }
    }
  }

  /// Every place by name, the user's before the built-in ones that they do not shadow.
  func places() -> [Place] {
    let own = userFiles()
    let builtIn = BuiltIn.files(in: Item.folder).map { Place(name: $0.name, origin: .builtIn) }
    return own + builtIn.filter { place in !own.contains { $0.name == place.name } }
  }

  /// The place that a name or a path stands for.
  func place(_ argument: String) throws(LibraryError) -> Place {
    if Self.isPath(argument) {
      let file = argument.split(separator: "/").last ?? ""
      let name = file.hasSuffix(".yaml") ? file.dropLast(5) : file
      guard FileManager.default.fileExists(atPath: argument) else {
        throw .notFound(
          kind: Item.kind, name: argument, suggestion: nil, searched: [argument])
      }
      return Place(name: String(name), origin: .file(argument), isNamed: true)
    }
    let places = places()
    if let place = places.first(where: { $0.name == argument }) { return place }
    let names = places.map(\.name)
    throw .notFound(
      kind: Item.kind, name: argument, suggestion: Spelling.nearest(to: argument, in: names),
      searched: (userDirectory.map { [$0] } ?? [])
        + ["the built-in \(Item.folder) (\(alternatives(builtInNames)))"])
  }

  /// Reads and decodes a place.
  func decode(_ place: Place, overrides: [String] = []) throws(LibraryError) -> Item {
    let text = try text(of: place)
    do throws(ConfigurationError) {
      return try decoder(text, place.file, place.name, overrides)
    } catch {
      throw .invalid(error)
    }
  }

  /// The text at a place.
  func text(of place: Place) throws(LibraryError) -> String {
    let bytes: [UInt8]
    switch place.origin {
    case .file(let path):
      do throws(SystemError) {
        // What a folder has under a fitting name must be a regular file: a pipe there would hold the program up for ever.
        // A path that the user has named may stand for anything that can be read, up to what a text may be.
        let file =
          try place.isNamed ? OpenFile(path, O_RDONLY) : OpenFile.reading(path)
        bytes = try file.read(upTo: TextCheck.largestText + 1)
      } catch {
        throw .unreadable(path: path, reason: error.text.lowercased())
      }
    case .builtIn:
      bytes = BuiltIn.files(in: Item.folder).first { $0.name == place.name }?.bytes ?? []
    }
    do throws(ConfigurationError) {
      return try TextCheck(file: place.file, columnOffset: 0).decode(bytes)
    } catch {
      throw .invalid(error)
    }
  }

  private var builtInNames: [String] { BuiltIn.files(in: Item.folder).map(\.name) }

  /// The user's `.yaml` files by name. A directory that is not there holds none; one that cannot be listed
  /// stands as a place itself, so that reading it tells the reason.
  private func userFiles() -> [Place] {
    guard let userDirectory, FileManager.default.fileExists(atPath: userDirectory) else {
      return []
    }
    guard let files = try? FileManager.default.contentsOfDirectory(atPath: userDirectory) else {
      return [Place(name: Item.folder + "/", origin: .file(userDirectory))]
    }
    return files.filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.sorted().map {
      Place(name: String($0.dropLast(5)), origin: .file("\(userDirectory)/\($0)"))
    }
  }
}
