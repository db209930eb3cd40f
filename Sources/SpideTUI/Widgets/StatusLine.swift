/// The top row: what is on screen at the left, the screens and the help key at the right.
public struct StatusLine: Widget {
  /// A screen that a key leads to.
  public struct Tab: Hashable, Sendable {
    /// The key.
    public var key: String
    /// The screen's title.
    public var title: String

    /// A tab.
    public init(key: String, title: String) {
      self.key = key
      self.title = title
    }
  }

  /// The program's name.
  public var name: String
  /// What the screen shows: preset, neuron model, reset modes, thresholds, steps; the last go first.
  public var parts: [String]
  /// The screens.
  public var tabs: [Tab]
  /// The screen shown, as an index of ``tabs``.
  public var current: Int
  /// At the right end.
  private static let help = "? help"

  /// A status line.
  public init(name: String, parts: [String], tabs: [Tab], current: Int) {
    self.name = name
    self.parts = parts
    self.tabs = tabs
    self.current = current
  }

  /// The tab at a column of a line of `width` columns.
  public func tab(atColumn column: Int, width: Int, glyphs: Glyphs) -> Int? {
    layout(width: width, glyphs: glyphs).tabs.first { $0.columns.contains(column) }?.index
  }

  /// Whether the words about the help stand at a column of a line of `width` columns.
  public func isHelp(atColumn column: Int, width: Int, glyphs: Glyphs) -> Bool {
    let shown = glyphs.width(layout(width: width, glyphs: glyphs).help)
    return (width - 1 - shown..<width - 1).contains(column)
  }

  package func draw(on canvas: inout Canvas) {
    let layout = layout(width: canvas.width, glyphs: canvas.glyphs)
    var x = canvas.write(layout.name, x: 1, y: 0, style: Style(.accent, bold: true))
    if !layout.name.isEmpty { x += 2 }
    for (index, part) in layout.parts.enumerated() {
      if index > 0 { x = canvas.write(" · ", x: x, y: 0, style: Style(.faint)) }
      x = canvas.write(part, x: x, y: 0)
    }
    for tab in layout.tabs {
      let isCurrent = tab.index == current
      let style = isCurrent ? Style(.accent, bold: true, reversed: true) : .plain
      canvas.write(tab.text, x: tab.columns.lowerBound, y: 0, style: style)
    }
    canvas.write(layout.help, endingAt: canvas.width - 1, y: 0, style: Style(.faint))
  }

  private struct Layout {
    var name: String
    var parts: [String]
    var tabs: [(index: Int, text: String, columns: Range<Int>)]
    var help: String
  }

  /// As many parts as possible, with as much beside them as then fits. What goes first is the program's name, then the
  /// titles of the other screens, then the word for help, then the title of this one, then the gaps, then the last part; the screens
  /// themselves go only where one part is left.
  private func layout(width: Int, glyphs: Glyphs) -> Layout {
    let full = tabs.map { " \(glyphs.plain($0.key)) \(glyphs.plain($0.title)) " }
    let short = tabs.enumerated().map { index, tab in
      index == current ? full[index] : " \(glyphs.plain(tab.key)) "
    }
    let tight = tabs.map { "\(glyphs.plain($0.key)) \(glyphs.plain($0.title)) " }
    let keys = tabs.map { " \(glyphs.plain($0.key)) " }
    // Many screens leave room for one blank between them.
    let narrow = tabs.enumerated().map { index, tab in
      index == current ? tight[index] : "\(glyphs.plain(tab.key)) "
    }
    let narrowKeys = tabs.map { "\(glyphs.plain($0.key)) " }
    let parts = parts.map(glyphs.plain)
    let help = glyphs.plain(StatusLine.help)
    let mark = String(help.prefix(1))
    let choices: [(name: String, tabs: [String], help: String)] = [
      (glyphs.plain(name), full, help), ("", full, help), ("", tight, help), ("", short, help),
      ("", short, mark), ("", narrow, mark),
      ("", keys, mark), ("", narrowKeys, mark), ("", [], mark), ("", [], ""),
    ]
    for count in (1..<max(1, parts.count) + 1).reversed() {
      let shown = Array(parts.prefix(count))
      for choice in count > 1 ? choices[..<8] : choices[...] {
        let texts = [choice.name, shown.joined(separator: " · "), choice.help]
          .filter { !$0.isEmpty }.map { glyphs.width($0) + 2 }
        let tabWidth = choice.tabs.reduce(0) { $0 + glyphs.width($1) }
        guard texts.reduce(0, +) + tabWidth < width else { continue }
        var x = width - (choice.help.isEmpty ? 1 : glyphs.width(choice.help) + 3) - tabWidth
        var placed: [(index: Int, text: String, columns: Range<Int>)] = []
        for (index, text) in choice.tabs.enumerated() {
          let end = x + glyphs.width(text)
          placed.append((index, text, x..<end))
          x = end
        }
        return Layout(name: choice.name, parts: shown, tabs: placed, help: choice.help)
      }
    }
    return Layout(
      name: glyphs.clipped(parts.first ?? name, to: width - 1), parts: [], tabs: [], help: "")
  }
}
