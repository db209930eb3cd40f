import SpideConfiguration

extension Model {
  /// The layout of the screen. Where a twin runs and the screen has a score but none of the twin, that of the twin has its
  /// place beside it: below, so that the steps of both stand in the same columns, or at the right where the screen is low.
  var layout: Layout? {
    guard let layout = screen?.layout else { return nil }
    guard twins.setting != nil, layout.panels.contains("score"),
      !layout.panels.contains("twin-score")
    else { return layout }
    let isLow = height < 22 && width >= 110
    return layout.with("twin-score", besides: "score", inColumns: isLow)
  }
}

extension Layout {
  /// The same with another panel that shares the place of one that is there.
  fileprivate func with(_ added: PanelID, besides known: PanelID, inColumns: Bool) -> Layout {
    func changed(_ items: [LayoutItem]) -> [LayoutItem] {
      items.map {
        LayoutItem($0.layout.with(added, besides: known, inColumns: inColumns), size: $0.size)
      }
    }
    switch self {
    case .panel(known, _):
      let both = [LayoutItem(self), LayoutItem(.panel(added))]
      return inColumns ? .columns(both) : .rows(both)
    case .panel: return self
    case .rows(let items): return .rows(changed(items))
    case .columns(let items): return .columns(changed(items))
    }
  }
}
