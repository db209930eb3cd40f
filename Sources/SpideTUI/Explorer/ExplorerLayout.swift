import SpideConfiguration

/// Where everything stands on the screen: drawing and the mouse read the same rectangles.
struct ExplorerLayout {
  /// One panel with its frame.
  struct Pane {
    /// Place among the screen's panels.
    let index: Int
    let panel: any Panel
    let outside: Rect
    /// Without the frame, where it has one.
    let inside: Rect
    /// Whether it stands for all panels of the screen.
    var isAlone = false
  }

  /// The top row; empty where there is no room for it.
  let header: Rect
  /// The bottom row.
  let timeline: Rect
  /// What lies between.
  let body: Rect
  let panes: [Pane]
  /// The inside of the preset menu, as high as its entries.
  let menu: Rect
  /// The line being typed and what stands above it; empty where none is.
  let prompt: Rect
  /// The box that a note is read in; empty where none is open.
  let note: Rect

  /// Below this size one panel fills the screen.
  static let smallest = (width: 60, height: 16)

  init(_ model: Model) {
    let width = model.width
    let height = model.height
    let headerRows = height >= 6 ? 1 : 0
    let timelineRows = height >= 3 ? 1 : 0
    header = Rect(x: 0, y: 0, width: width, height: headerRows)
    timeline = Rect(x: 0, y: height - 1, width: width, height: timelineRows)
    body = Rect(x: 0, y: headerRows, width: width, height: height - headerRows - timelineRows)
    var menuRows = 0
    var menuWidth = 0
    var promptRows = 0
    switch model.overlay {
    case .presets(let choices, let selected):
      let menu = model.presetMenu(choices, selected)
      // As wide as what is written in it, as far as the screen reaches.
      menuWidth = min(width, max(40, menu.width(model.glyphs) + 2))
      menuRows = menu.rows(width: menuWidth - 2, height: body.height - 2, glyphs: model.glyphs)
    case .prompt(let state):
      promptRows = model.promptView(state).rows(width: width, height: height, glyphs: model.glyphs)
    default: break
    }
    prompt = Rect(x: 0, y: height - promptRows, width: width, height: promptRows)
    note =
      model.noteBox?.rect(width: width, height: height, glyphs: model.glyphs)
      ?? Rect(x: 0, y: 0, width: 0, height: 0)
    let menuHeight = min(body.height, max(0, menuRows) + 2)
    menu = Rect(
      x: (width - menuWidth) / 2, y: body.y + (body.height - menuHeight) / 2, width: menuWidth,
      height: menuHeight
    ).inset(menuHeight >= 3 && menuWidth >= 4 ? 1 : 0)
    guard let layout = model.layout, !model.panels.isEmpty else {
      panes = []
      return
    }
    let isSmall = width < Self.smallest.width || height < Self.smallest.height
    if model.isZoomed || isSmall {
      let index = min(model.focus, model.panels.count - 1)
      var pane = Self.pane(index, model.panels[index], body)
      pane.isAlone = true
      panes = [pane]
      return
    }
    var found: [Pane] = []
    Self.split(layout, body, &found)
    panes = found
  }

  /// The panel at a place of the screen.
  func pane(x: Int, y: Int) -> Pane? { panes.first { $0.outside.contains(x: x, y: y) } }

  private static func pane(_ index: Int, _ panel: any Panel, _ rect: Rect) -> Pane {
    let isFramed = rect.width >= 4 && rect.height >= 3
    return Pane(
      index: index, panel: panel, outside: rect, inside: isFramed ? rect.inset(1) : rect)
  }

  private static func split(_ layout: Layout, _ rect: Rect, _ panes: inout [Pane]) {
    switch layout {
    case .panel(let panel, let layer):
      panes.append(pane(panes.count, PanelRegistry.panel((panel, layer)), rect))
    case .rows(let items):
      for (item, part) in zip(items, SplitLayout.rows(rect, items.map(\.size))) {
        split(item.layout, part, &panes)
      }
    case .columns(let items):
      for (item, part) in zip(items, SplitLayout.columns(rect, items.map(\.size))) {
        split(item.layout, part, &panes)
      }
    }
  }
}
