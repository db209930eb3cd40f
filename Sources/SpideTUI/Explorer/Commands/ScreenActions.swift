import SpideConfiguration

extension Model {
  /// Shows a screen that has a panel, the present one if it does, and has keys act on it; whether there is such a screen.
  @discardableResult
  mutating func bring(_ panel: any Panel) -> Bool {
    if !panels.contains(where: { $0.id == panel.id }) {
      let index = screens.firstIndex { $0.screen.layout.panels.contains(panel.id) }
      guard let index else { return false }
      screenIndex = index
      isZoomed = false
    }
    focus = panels.firstIndex { $0.id == panel.id } ?? 0
    return true
  }
}

extension Action {
  /// The screen on a key.
  static func screen(_ key: Int) -> Action {
    Action { model in
      guard let index = model.screens.firstIndex(where: { $0.key == key }) else {
        model.note = Note(text: "no screen on key \(key)", isError: true)
        return []
      }
      model.screenIndex = index
      model.focus = min(model.focus, max(0, model.panels.count - 1))
      model.isZoomed = false
      return []
    }
  }

  /// The next (1) or previous (-1) panel.
  static func nextPanel(_ direction: Int) -> Action {
    Action { model in
      let count = model.panels.count
      guard count > 0 else { return [] }
      model.focus = (model.focus + direction + count) % count
      return []
    }
  }

  /// The arrow keys up (-1) and down (1), whose meaning is the panel's.
  static func arrow(down rows: Int) -> Action {
    Action { model in
      let action = model.focusedPanel?.arrow(model, down: rows) ?? .selectRow(rows)
      return model.perform(action)
    }
  }

  /// Selects a layer; where there is none such, nothing changes.
  static func selectLayer(_ layer: Int) -> Action {
    Action { model in
      model.select(layer: layer)
      return []
    }
  }

  /// Selects a neuron of the layer by its number in file order.
  static func selectUnit(_ index: Int) -> Action {
    Action { model in
      model.select(index: index)
      return []
    }
  }

  /// Selects the neuron so many rows of the raster further down.
  static func selectRow(_ rows: Int) -> Action {
    Action { model in
      model.select(index: model.selectedIndex + rows * model.unitsPerRow)
      return []
    }
  }

  /// Scrolls the raster by pages.
  static func scroll(pages: Int) -> Action {
    Action { model in
      if let action = model.focusedPanel?.page(model, down: pages) {
        return model.perform(action)
      }
      let rows = pages * model.rasterRows
      return model.perform(.selectRow(rows))
    }
  }

  /// Fewer (1) or more (-1) neurons in a row of the raster.
  static func zoomRaster(_ direction: Int) -> Action {
    Action { model in
      model.zoomRaster(closer: direction > 0)
      return []
    }
  }

  /// A line to type: a command, or where to go.
  static func prompt(_ kind: PromptState.Kind) -> Action {
    Action { model in
      model.open(kind)
      return []
    }
  }

  /// The other view of the focused panel or, where it has but one, of another panel on screen.
  static let switchView = Action { model in
    let panels = [model.focusedPanel].compactMap { $0 } + model.panels
    for panel in panels {
      if let action = panel.switchView(model) { return model.perform(action) }
    }
    model.note = Note(text: "nothing here has another view")
    return []
  }

  /// The shown sample, or means over many.
  static let toggleMean = Action { model in
    model.inspections.isMean.toggle()
    return []
  }

  /// Selects the parameter so many further down.
  static func selectParameter(_ rows: Int) -> Action {
    Action { model in
      let count = model.plan.parameters.count
      model.selectedParameter = min(max(0, model.selectedParameter + rows), count - 1)
      return []
    }
  }

  /// The menu of presets.
  static let presets = Action { $0.openPresets() }

  /// Away with what fills or covers the screen.
  static let back = Action { model in
    model.isZoomed = false
    model.overlay = .none
    return []
  }
}
