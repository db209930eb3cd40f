import SpideEngine
import SpideExperiment

extension Model {
  /// What a key, the mouse, a paste or a new size does.
  mutating func handle(_ event: InputEvent) -> [Effect] {
    switch event {
    case .resized(let width, let height):
      self.width = max(0, width)
      self.height = max(0, height)
      return []
    case .paste(let text):
      guard case .prompt(let prompt) = overlay else { return [] }
      return paste(prompt, text)
    case .mouse(let mouse):
      return handle(mouse)
    case .key(let key):
      if case .prompt(let prompt) = overlay { return edit(prompt, key) }
      if readNote(key) { return [] }
      note = nil
      switch overlay {
      case .help(let page): return browseHelp(page, key)
      case .presets(let entries, let selected): return choosePreset(entries, selected, key)
      case .question(let question): return answer(question, key)
      case .none, .prompt: return KeyTable.action(key).map { perform($0) } ?? []
      }
    }
  }

  // MARK: Layers and neurons

  /// The selected neuron's place in file order (channels first).
  var selectedIndex: Int { plan.layers[unit.layer].channelsFirstIndex(unit.unit) }

  /// Selects the most active neuron of a layer.
  mutating func select(layer: Int) {
    guard plan.layers.indices.contains(layer) else { return }
    let (shape, activity) = (plan.layers[layer], session.activity(layer))
    let isKnown = activity.count == shape.count
    let unit = isKnown ? shape.unit(after: nil, in: activity, direction: 1) : nil
    goal.unit = UnitID(layer: layer, unit: unit ?? 0)
    rasters = RasterView()
  }

  mutating func select(index: Int) {
    let shape = plan.layers[unit.layer]
    let index = min(max(index, 0), shape.count - 1)
    goal.unit = UnitID(layer: unit.layer, unit: shape.channelsLastIndex(index))
    keepSelectionInSight()
  }

  // MARK: Rasters

  /// Rows of the inside of the first raster on screen.
  private var rasterHeight: Int {
    let pane = ExplorerLayout(self).panes.first { $0.panel is RasterPanel }
    return max(1, pane?.inside.height ?? 10)
  }

  /// Rows of neurons in it; its time axis takes two.
  var rasterRows: Int { max(1, rasterHeight - 2) }

  /// Neurons in one row of it.
  var unitsPerRow: Int { rasters.unitsPerRow ?? fittingZoom }

  /// Neurons in one row at which the whole layer is seen.
  private var fittingZoom: Int {
    if !panels.contains(where: { $0 is RasterPanel }), let staff = selectedStaff {
      let channels = plan.layers[unit.layer].channels
      return (channels + max(1, staff.height) - 1) / max(1, staff.height)
    }
    return SpikeRaster.fittingZoom(unitCount: plan.layers[unit.layer].count, height: rasterHeight)
  }

  mutating func zoomRaster(closer: Bool) {
    let fitting = fittingZoom
    let current = rasters.unitsPerRow ?? fitting
    let next = closer ? current / 2 : current * 2
    rasters.unitsPerRow = next >= fitting && !closer ? nil : max(1, next)
    if rasters.unitsPerRow == nil { rasters.firstUnit = 0 }
    keepSelectionInSight()
  }

  private mutating func keepSelectionInSight() {
    guard let perRow = rasters.unitsPerRow else {
      rasters.firstUnit = 0
      return
    }
    let visible = rasterRows * perRow
    let index = selectedIndex / perRow * perRow
    if index < rasters.firstUnit { rasters.firstUnit = index }
    if index >= rasters.firstUnit + visible { rasters.firstUnit = index - visible + perRow }
  }

  // MARK: Overlays

  mutating func browseHelp(_ page: Int, _ key: Key) -> [Effect] {
    let pages = helpPages
    switch key {
    case .down, .right, .pageDown, .character(" "), .character("j"), .character("l"):
      if page + 1 < pages { overlay = .help(page: page + 1) }
    case .up, .left, .pageUp, .character("k"), .character("h"):
      overlay = .help(page: max(0, page - 1))
    case .character("q"), .character("?"), .escape, .enter, .function(1): overlay = .none
    default:
      overlay = .none
      return KeyTable.action(key).map { perform($0) } ?? []
    }
    return []
  }

  /// A page of the help but for the last, the legend: the keys, made from the table that dispatches, then the words.
  func helpView(page: Int) -> KeyTableView {
    var keys = KeyTableView(
      entries: KeyTable.rows.map { KeyTableView.Entry($0.label, $0.help) }, page: page)
    var words = KeyTableView(
      entries: Glossary.entries.map { KeyTableView.Entry($0.word, $0.meaning) })
    let (keyPages, wordPages) = (pages(of: keys), pages(of: words))
    (keys.pagesAfter, words.pagesAfter) = (wordPages + 1, 1)
    words.pagesBefore = keyPages
    words.title = "Words"
    words.page = page - keyPages
    return page < keyPages ? keys : words
  }

  /// Pages of the help: those of the keys and of the words, and the legend.
  var helpPages: Int {
    let view = helpView(page: 0)
    return pages(of: view) + view.pagesAfter
  }

  private func pages(of view: KeyTableView) -> Int {
    view.pageCount(width: width, height: height, glyphs: glyphs)
  }

  /// The menu of presets, as they were listed last; they are listed anew.
  mutating func openPresets() -> [Effect] {
    overlay = .presets(entries: presets, selected: current(of: presets))
    return [.listPresets(files: presetFiles)]
  }

  /// The presets as they are now, for the menu too where that is open.
  mutating func take(_ entries: [PresetChoice]) {
    presets = entries
    guard case .presets(let former, let selected) = overlay else { return }
    let chosen = former.indices.contains(selected) ? former[selected].argument : nil
    overlay = .presets(
      entries: entries,
      selected: entries.firstIndex { $0.argument == chosen } ?? current(of: entries))
  }

  /// The choice that is the preset on screen.
  private func current(of entries: [PresetChoice]) -> Int {
    entries.firstIndex { $0.argument == preset.file }
      ?? entries.firstIndex { $0.name == preset.name } ?? 0
  }

  mutating func choosePreset(_ entries: [PresetChoice], _ selected: Int, _ key: Key)
    -> [Effect]
  {
    switch key {
    case .up, .character("k"):
      overlay = .presets(entries: entries, selected: max(0, selected - 1))
    case .down, .character("j"):
      overlay = .presets(entries: entries, selected: max(0, min(entries.count - 1, selected + 1)))
    case .enter:
      return choose(entries, selected)
    case .escape, .character("q"), .character("p"): overlay = .none
    default: break
    }
    return []
  }

  mutating func choose(_ entries: [PresetChoice], _ selected: Int) -> [Effect] {
    guard entries.indices.contains(selected) else { return [] }
    guard entries[selected].isUsable else {
      note = Note(text: entries[selected].summary, isError: true)
      return []
    }
    overlay = .none
    return [.open(name: entries[selected].argument, overrides: [])]
  }
}
