import SpideEngine

extension Model {
  /// Clicks select, the wheel zooms, dragging on the timeline scrubs.
  mutating func handle(_ mouse: MouseEvent) -> [Effect] {
    let layout = ExplorerLayout(self)
    switch mouse.kind {
    case .press where mouse.button == .left:
      let wasRead = noteBox != nil
      note = nil
      return wasRead ? [] : press(mouse, layout)
    case .drag where mouse.button == .left && overlay.isNone:
      if mouse.y == layout.timeline.y {
        scrub(mouse.x, layout)
      } else if let update = update(under: mouse, layout) {
        return scrub(toUpdate: update)
      }
    case .wheelUp, .wheelDown:
      let lines = mouse.kind == .wheelUp ? -1 : 1
      if noteBox != nil {
        scrollNote(lines: lines)
      } else if overlay.isNone {
        return wheel(mouse, layout)
      } else {
        wheelOverlay(lines)
      }
    default: break
    }
    return []
  }

  /// The wheel over what lies over the screen.
  private mutating func wheelOverlay(_ lines: Int) {
    switch overlay {
    case .help(let page): _ = browseHelp(page, lines < 0 ? .pageUp : .pageDown)
    case .presets(let entries, let selected):
      _ = choosePreset(entries, selected, lines < 0 ? .up : .down)
    case .prompt(var prompt):
      scrollError(&prompt, by: lines)
      overlay = .prompt(prompt)
    case .question, .none: break
    }
  }

  private mutating func press(_ mouse: MouseEvent, _ layout: ExplorerLayout) -> [Effect] {
    switch overlay {
    case .help:
      overlay = .none
      return []
    case .presets(let entries, let selected):
      let rect = layout.menu
      let menu = presetMenu(entries, selected)
      guard rect.contains(x: mouse.x, y: mouse.y) else {
        overlay = .none
        return []
      }
      return menu.item(
        atRow: mouse.y - rect.y, width: rect.width, height: rect.height, glyphs: glyphs
      ).map { choose(entries, $0) }
        ?? []
    case .prompt: return []
    case .question(let question):
      let canvas = Canvas(width: width, height: height, glyphs: glyphs)
      return questionBox(question).answer(x: mouse.x, y: mouse.y, on: canvas)
        .map { answer(question, question.answers[$0]) } ?? []
    case .none: break
    }
    if mouse.y == layout.header.y, !layout.header.isEmpty {
      if let tab = statusLine.tab(atColumn: mouse.x, width: width, glyphs: glyphs),
        let key = screens[tab].key
      {
        return perform(.screen(key))
      } else if statusLine.isHelp(atColumn: mouse.x, width: width, glyphs: glyphs) {
        return perform(.command(.help))
      }
      return []
    }
    if mouse.y == layout.timeline.y, !layout.timeline.isEmpty {
      if timelineBar.isPlayState(atColumn: mouse.x, width: width, glyphs: glyphs) {
        return perform(.playOrPause)
      }
      scrub(mouse.x, layout)
      return []
    }
    if let update = update(under: mouse, layout) { return scrub(toUpdate: update) }
    guard let pane = layout.pane(x: mouse.x, y: mouse.y) else { return [] }
    focus = pane.index
    let inside = pane.inside
    guard inside.contains(x: mouse.x, y: mouse.y) else { return [] }
    return perform(
      pane.panel.click(self, x: mouse.x - inside.x, y: mouse.y - inside.y, in: inside))
  }

  private mutating func scrub(_ column: Int, _ layout: ExplorerLayout) {
    let bar = timelineBar
    guard let position = bar.position(atColumn: column, width: layout.timeline.width) else {
      return
    }
    isPlaying = false
    move(to: position)
  }

  private mutating func wheel(_ mouse: MouseEvent, _ layout: ExplorerLayout) -> [Effect] {
    guard let pane = layout.pane(x: mouse.x, y: mouse.y) else { return [] }
    let up = mouse.kind == .wheelUp
    if let actions = pane.panel.wheel(self, up: up) { return perform(actions) }
    focus = pane.index
    isZoomed = up
    return []
  }
}

extension Overlay {
  var isNone: Bool {
    if case .none = self { return true }
    return false
  }
}
