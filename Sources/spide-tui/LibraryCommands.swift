import ArgumentParser
import SpideConfiguration
import SpideData
import SpideFiles
import SpideTUI

/// The presets that can be named.
struct PresetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "presets", abstract: "List the presets, or print one.",
    subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the presets (the default).")
    @Flag(help: "As JSON.") var json = false

    func run() throws { try Listing(PresetLibrary().list()).write(asJSON: json) }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print a preset's YAML.")
    @Argument(help: "A name, or a file.") var name: String

    func run() throws { try StandardOutput.text(PresetLibrary().text(name)) }
  }
}

/// The screens that can be named.
struct ScreensCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screens", abstract: "List the explorer's screens, or print one.",
    subcommands: [List.self, Show.self, Panels.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the screens (the default).")
    @Flag(help: "As JSON.") var json = false

    func run() throws {
      try Listing(ScreenLibrary.ofPanels.list()).write(asJSON: json)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print a screen's YAML.")
    @Argument(help: "A name, or a file.") var name: String

    func run() throws {
      try StandardOutput.text(ScreenLibrary.ofPanels.text(name))
    }
  }
}

extension ScreensCommand {
  struct Panels: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the panels that a screen can show.")
    @Flag(help: "As JSON.") var json = false

    func run() throws { try Listing(panels: PanelRegistry.summaries).write(asJSON: json) }
  }
}

/// A library, or the panels, as a table or as JSON. A broken file is listed with what is wrong with it.
private struct Listing {
  private struct Row {
    let name: String
    let summary: String
    let origin: String
    let error: String?
  }

  private let rows: [Row]

  init<Item>(_ entries: [Library<Item>.Entry]) {
    rows = entries.map { entry in
      let origin: String
      switch entry.origin {
      case .builtIn: origin = "built in"
      case .file(let path): origin = path
      }
      switch entry.item {
      case .success:
        return Row(name: entry.name, summary: entry.summary, origin: origin, error: nil)
      case .failure(let error):
        return Row(name: entry.name, summary: "", origin: origin, error: error.description)
      }
    }
  }

  init(panels: [(id: PanelID, summary: String)]) {
    rows = panels.map {
      Row(name: $0.id.rawValue, summary: $0.summary, origin: "built in", error: nil)
    }
  }

  func write(asJSON: Bool) throws {
    if asJSON {
      let list = rows.map { row in
        JSON.object([
          ("name", .string(row.name)), ("summary", .string(row.summary)),
          ("origin", .string(row.origin)), ("error", row.error.map(JSON.string) ?? .null),
        ])
      }
      try StandardOutput.text(JSON.array(list).description + "\n")
      return
    }
    let names = rows.map { $0.name.printable() }
    let widths = names.map(Glyphs.braille.width)
    let widest = widths.max() ?? 0
    for (index, row) in rows.enumerated() {
      let padding = String(repeating: " ", count: widest - widths[index])
      let origin = row.origin == "built in" ? "" : "  (\(row.origin))"
      try StandardOutput.line(
        "\(names[index])\(padding)  \(row.error ?? row.summary)\(row.error == nil ? origin : "")")
    }
  }
}
