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
  /// What the screen shows: preset, neuron model, reset modes, thresholds; the last go first.
  public var parts: [String]
  /// The screens.
  public var tabs: [Tab]
  /// The screen shown, as an index of ``tabs``.
  public var current: Int
  /// At the right end.
  public var help: String

  /// A status line.
  public init(
    name: String, parts: [String], tabs: [Tab], current: Int, help: String = "? help"
  ) {
    self.name = name
    self.parts = parts
    self.tabs = tabs
    self.current = current
    self.help = help
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
    var x = canvas.write(layout.name, x: 1, y: 0, style: Style(.accent, bold: true)) + 2
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

  /// Parts go first, then the titles of tabs that are not current, then the tabs, then the help; the name is cut last.
  private func layout(width: Int, glyphs: Glyphs) -> Layout {
    let full = tabs.map { " \(glyphs.plain($0.key)) \(glyphs.plain($0.title)) " }
    let short = tabs.enumerated().map { index, tab in
      index == current ? full[index] : " \(glyphs.plain(tab.key)) "
    }
    let tabTexts = [full, short, []]
    let nameWidth = glyphs.width(name) + 1
    let helpWidth = glyphs.width(help) + 2
    func rest(_ texts: [String], _ help: Int) -> Int {
      width - nameWidth - texts.reduce(0) { $0 + glyphs.width($1) } - help - 3
    }
    // The first part names the experiment: it is worth more than the titles of other screens.
    let wanted = parts.first.map { glyphs.width($0) + 2 } ?? 0
    let texts =
      tabTexts.first { rest($0, helpWidth) >= wanted }
      ?? tabTexts.first { rest($0, helpWidth) >= 0 }
    let chosen = texts ?? []
    let shownHelp = texts == nil ? "" : glyphs.plain(help)
    var room = rest(chosen, shownHelp.isEmpty ? 0 : helpWidth) - 2
    var shownParts: [String] = []
    for part in parts.map(glyphs.plain) {
      room -= glyphs.width(part) + (shownParts.isEmpty ? 0 : 3)
      if room < 0 { break }
      shownParts.append(part)
    }
    var x =
      width - (shownHelp.isEmpty ? 1 : helpWidth + 1) - chosen.reduce(0) { $0 + glyphs.width($1) }
    var placed: [(index: Int, text: String, columns: Range<Int>)] = []
    for (index, text) in chosen.enumerated() {
      let end = x + glyphs.width(text)
      placed.append((index, text, x..<end))
      x = end
    }
    return Layout(
      name: glyphs.clipped(name, to: width - 1), parts: shownParts, tabs: placed, help: shownHelp)
  }
}
