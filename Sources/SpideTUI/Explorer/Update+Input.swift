import SpideConfiguration
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

  /// Carries out what a key or a command stands for.
  mutating func perform(_ action: Action) -> [Effect] {
    switch action {
    case .playOrPause:
      if !isPlaying, mode == .inspect || training.state == .running,
        session.position == session.end
      {
        session.move(to: 0)
      }
      isPlaying.toggle()
    case .step(let steps):
      isPlaying = false
      return step(by: steps)
    case .stage(let direction):
      isPlaying = false
      return moveStage(direction)
    case .finish: session.move(to: session.end)
    case .restart: session.move(to: 0)
    case .faster(let clicks):
      use(speed.next(faster: clicks > 0))
    case .nextReset(let stage): nextReset(stage)
    case .adjust(let clicks):
      let changed = adjustable.changed(dynamics, by: clicks, sharesLeak: sharesLeak)
      use(changed)
      let (now, given) = (adjustable.description(dynamics), adjustable.description(givenDynamics))
      note = Note(
        text: now + (now == given ? "" : " (preset: \(given))") + "; v selects another parameter")
    case .nextAdjustable:
      let all = Adjustable.allCases
      adjustable = all[(adjustable.rawValue + 1) % all.count]
      note = Note(text: "+ and - now change \(adjustable.description(dynamics))")
    case .sample(let direction): moveSample(direction)
    case .train: return toggleTraining()
    case .inspect: return inspect()
    case .screen(let key): showScreen(key)
    case .nextPanel(let direction):
      guard !panels.isEmpty else { return [] }
      focus = (focus + direction + panels.count) % panels.count
    case .zoomPanel: isZoomed.toggle()
    case .zoomRaster(let direction): zoomRaster(closer: direction > 0)
    case .move(let x, let y): return move(x, y)
    case .scroll(let pages): scrollRaster(pages)
    case .basis:
      basis = basis == .sameDrop ? .sameThreshold : .sameDrop
    case .commandLine: open(.command)
    case .goTo: open(.goTo)
    case .presets:
      overlay = .presets(entries: presets, selected: current(of: presets))
      return [.listPresets(files: presetFiles)]
    case .export: return export(stem: nil)
    case .help: overlay = .help(page: 0)
    case .back:
      isZoomed = false
      overlay = .none
    case .quit: return attempt(.quit(exitCode: 0))
    }
    return []
  }

  // MARK: Resets

  private mutating func nextReset(_ stage: Action.Stage) {
    var changed = dynamics
    func next(_ neuron: NeuronParameters, of preset: NeuronParameters) -> ResetMode {
      // A number that the preset gives takes part in the round, so that it is never lost.
      var round: [ResetMode] = [.minusThreshold, .zero, .potential(-neuron.threshold / 2)]
      if case .potential = preset.reset { round[2] = preset.reset }
      let place = round.firstIndex(of: neuron.reset) ?? round.count - 1
      return round[(place + 1) % round.count]
    }
    switch stage {
    case .forward: changed.forward.reset = next(dynamics.forward, of: preset.dynamics.forward)
    case .backward: changed.backward.reset = next(dynamics.backward, of: preset.dynamics.backward)
    }
    use(changed)
    note = Note(
      text: "reset \(Words.reset(dynamics.forward)) forward, \(Words.reset(dynamics.backward)) "
        + "backward; the sample was run again")
  }

  // MARK: Screens and panels

  mutating func showScreen(_ key: Int) {
    guard let index = screens.firstIndex(where: { $0.key == key }) else {
      note = Note(text: "no screen on key \(key)", isError: true)
      return
    }
    screenIndex = index
    focus = min(focus, max(0, panels.count - 1))
    isZoomed = false
  }

  /// Arrow keys: in lists of neurons and layers up and down select, left and right move in time.
  private mutating func move(_ x: Int, _ y: Int) -> [Effect] {
    if x != 0 {
      isPlaying = false
      return step(by: x)
    }
    if focusedPanel == .network {
      select(layer: session.watched.layer + y)
    } else {
      select(index: selectedIndex + y * (rasters.unitsPerRow ?? fittingZoom))
    }
    return []
  }

  /// The selected neuron's place in file order (channels first).
  var selectedIndex: Int { plan.layers[unit.layer].channelsFirstIndex(unit.unit) }

  mutating func select(layer: Int) {
    guard plan.layers.indices.contains(layer) else { return }
    session.watch(UnitID(layer: layer, unit: 0))
    rasters = RasterView()
  }

  mutating func select(index: Int) {
    let shape = plan.layers[unit.layer]
    let index = min(max(index, 0), shape.count - 1)
    session.watch(UnitID(layer: unit.layer, unit: shape.channelsLastIndex(index)))
    keepSelectionInSight()
  }

  // MARK: Rasters

  /// Rows that the forward raster has on screen.
  private var rasterHeight: Int {
    let panes = ExplorerLayout(self).panes
    let pane = panes.first { $0.panel == .forwardRaster || $0.panel == .backwardRaster }
    return max(1, pane?.inside.height ?? 10)
  }

  /// Neurons a row at which the whole layer is seen.
  private var fittingZoom: Int {
    SpikeRaster.fittingZoom(unitCount: plan.layers[unit.layer].count, height: rasterHeight)
  }

  mutating func zoomRaster(closer: Bool) {
    let fitting = fittingZoom
    let current = rasters.unitsPerRow ?? fitting
    let next = closer ? current / 2 : current * 2
    rasters.unitsPerRow = next >= fitting && !closer ? nil : max(1, next)
    if rasters.unitsPerRow == nil { rasters.firstUnit = 0 }
    keepSelectionInSight()
  }

  private mutating func scrollRaster(_ pages: Int) {
    let perRow = rasters.unitsPerRow ?? fittingZoom
    select(index: selectedIndex + pages * perRow * max(1, rasterHeight - 2))
  }

  private mutating func keepSelectionInSight() {
    guard let perRow = rasters.unitsPerRow else {
      rasters.firstUnit = 0
      return
    }
    // Two rows of the raster are its time axis.
    let visible = max(1, rasterHeight - 2) * perRow
    let index = selectedIndex / perRow * perRow
    if index < rasters.firstUnit { rasters.firstUnit = index }
    if index >= rasters.firstUnit + visible { rasters.firstUnit = index - visible + perRow }
  }

  // MARK: Overlays

  mutating func browseHelp(_ page: Int, _ key: Key) -> [Effect] {
    let pages = helpView(page: page).pageCount(width: width, height: height, glyphs: glyphs)
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

  /// The help, made from the table that dispatches.
  func helpView(page: Int) -> KeyTableView {
    KeyTableView(
      title: "Keys", entries: KeyTable.rows.map { KeyTableView.Entry($0.label, $0.help) },
      page: page)
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

  /// What is on screen as text, and the sample's trace.
  mutating func export(stem: String?) -> [Effect] {
    let name = stem ?? "spide-\(preset.name)-\(screen?.name ?? "screen")"
    let order = WriteOrder.screen(text: view().canvas.text + "\n", session: session, stem: name)
    return [.write(order, overwrites: false)]
  }
}
