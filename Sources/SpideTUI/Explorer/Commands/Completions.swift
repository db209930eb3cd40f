import SpideConfiguration

/// What a line could become.
struct Completion: Hashable, Sendable {
  /// The whole line.
  var line: String
  /// The part of it that is shown to choose from.
  var label: String
  /// What follows once it is the only one: a space before an argument.
  var ending = ""
}

/// The names in a folder.
public struct FolderListing: Hashable, Sendable {
  /// One name.
  public struct Entry: Hashable, Sendable {
    /// Without the folder.
    public var name: String
    /// Whether it is a folder, or leads to one.
    public var isFolder: Bool

    /// A name.
    public init(_ name: String, isFolder: Bool) {
      self.name = name
      self.isFolder = isFolder
    }
  }

  /// The folder as it was asked for.
  public var folder: String
  /// What lies in it; nothing where it cannot be read.
  public var entries: [Entry]

  /// A listing.
  public init(folder: String, entries: [Entry]) {
    self.folder = folder
    self.entries = entries
  }
}

/// The folder that completions come from.
struct FolderLookup: Hashable, Sendable {
  /// Asked for last; its listing may still be on its way.
  var asked: String?
  /// The listing that came last.
  var listing: FolderListing?
}

/// A path that is being typed as the argument of a command.
private struct PathArgument {
  /// The line up to the path.
  let start: Substring
  let typed: Substring
  let kind: PathKind

  /// Nil where a line is at no path, or at a name that may become one.
  init?(_ line: String) {
    let rest = line.drop { $0 == " " }
    guard let space = rest.firstIndex(of: " ") else { return nil }
    let commands = Command.matches(rest[..<space])
    guard commands.count == 1 else { return nil }
    var typed = rest[space...].drop { $0 == " " }
    switch commands[0].completion {
    case .path(let kind): self.kind = kind
    case .verbs(let kinds, _):
      guard let end = typed.firstIndex(of: " "), let kind = kinds[String(typed[..<end])] else {
        return nil
      }
      typed = typed[end...].drop { $0 == " " }
      self.kind = kind
    case .namesOrPath(let kind, _) where typed.contains("/") || typed == "~": self.kind = kind
    case .none, .words, .phrases, .namesOrPath, .settings, .assignments: return nil
    }
    self.typed = typed
    start = line[..<typed.startIndex]
  }

  /// Where the name begins, after the last `/`.
  private var nameStart: Substring.Index {
    typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
  }

  /// Up to the last `/`; `~` alone is the folder `~/`.
  var folder: Substring { typed == "~" ? "~/" : typed[..<nameStart] }

  /// The beginning of a name in the folder.
  var name: Substring { typed == "~" ? "" : typed[nameStart...] }

  func completions(_ listing: FolderListing) -> [Completion] {
    listing.entries.filter { entry in
      (entry.isFolder || kind.offers(entry.name)) && entry.name.hasPrefix(name)
        && (name.hasPrefix(".") || !entry.name.hasPrefix("."))
    }.map { entry in
      let label = entry.name + (entry.isFolder ? "/" : "")
      return Completion(line: start + folder + label, label: label)
    }
  }
}

extension Model {
  /// Lines that a prompt's text could become.
  func completions(of prompt: PromptState) -> [Completion] {
    let base = prompt.completionBase
    guard prompt.kind == .command else {
      return plan.layers.indices.map { "L\($0)" }.filter { $0.hasPrefix(base) }
        .map { Completion(line: $0, label: $0) }
    }
    if let path = PathArgument(base) {
      guard let listing = lookup.listing, listing.folder == self.path(folderName(path)) else {
        return []
      }
      return path.completions(listing)
    }
    let words = base.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count > 1, let last = words.last else {
      return Command.all.filter { $0.name.hasPrefix(base) }.map {
        Completion(line: $0.name, label: $0.name, ending: $0.arguments.isEmpty ? "" : " ")
      }
    }
    let commands = Command.matches(words[0])
    guard commands.count == 1 else { return [] }
    let offered: [String]
    switch commands[0].completion {
    case .none, .path: offered = []
    case .words(let list): offered = list(self, words.count - 1)
    case .phrases(let list), .verbs(_, let list):
      offered = list(self, words.dropFirst().dropLast().filter { !$0.isEmpty })
    case .namesOrPath(_, let names): offered = names(self)
    case .settings: return settings(base, from: base.index(after: words[0].endIndex))
    case .assignments(let own):
      let start = base[..<last.startIndex]
      return own(self).filter { $0.hasPrefix(last) }.map { Completion(line: start + $0, label: $0) }
        + settings(base, from: last.startIndex)
    }
    let start = base[..<last.startIndex]
    return offered.filter { $0.hasPrefix(last) }.map { Completion(line: start + $0, label: $0) }
  }

  /// Keys of a preset, level by level as folders are, and after `=` the words that a key takes.
  private func settings(_ line: String, from place: String.Index) -> [Completion] {
    let typed = line[place...].drop { $0 == " " }
    let start = line[..<typed.startIndex]
    guard let equals = typed.firstIndex(of: "=") else {
      return preset.keys.continuations(of: typed, links: plan.links.count).map {
        Completion(line: start + $0, label: $0)
      }
    }
    let value = typed[typed.index(after: equals)...]
    return preset.keys.values(of: typed[..<equals]).filter { $0.hasPrefix(value) }.map {
      Completion(line: start + typed[...equals] + $0, label: $0)
    }
  }

  // MARK: Folders

  /// Asks for the folder that a line's completions lie in, unless it was asked for already.
  mutating func lookUp(_ prompt: PromptState) -> [Effect] {
    guard let path = PathArgument(prompt.completionBase) else { return [] }
    let folder = self.path(folderName(path))
    guard lookup.asked != folder else { return [] }
    lookup.asked = folder
    return [.listFolder(folder)]
  }

  /// Whether completions of a line are still on their way.
  func isLookingUp(_ prompt: PromptState) -> Bool {
    guard let path = PathArgument(prompt.completionBase) else { return false }
    return lookup.listing?.folder != self.path(folderName(path))
  }

  private func folderName(_ path: PathArgument) -> Substring {
    path.folder.isEmpty ? "." : path.folder
  }
}
