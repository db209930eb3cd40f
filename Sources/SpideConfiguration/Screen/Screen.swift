/// A dashboard of the explorer: which panels stand where.
public struct Screen: Sendable {
  /// Equals the file name without `.yaml`.
  public let name: String
  /// What the tab line calls it.
  public let title: String
  /// The digit that shows it.
  public let key: Int
  /// The panels.
  public let layout: Layout
  /// The YAML as read.
  public let text: String
  /// Where the text came from, as errors name it.
  public let file: String
}

/// How a rectangle is divided into panels.
public indirect enum Layout: Hashable, Sendable {
  /// One panel fills it; one that is pinned shows a layer of its own, whichever is selected.
  case panel(PanelID, layer: Int? = nil)
  /// Parts one above the other; sizes are heights.
  case rows([LayoutItem])
  /// Parts side by side; sizes are widths.
  case columns([LayoutItem])

  /// Every panel, in reading order.
  public var panels: [PanelID] { places.map(\.panel) }

  /// Every panel, in reading order, and the layer that it is pinned to.
  public var places: [(panel: PanelID, layer: Int?)] {
    switch self {
    case .panel(let panel, let layer): return [(panel, layer)]
    case .rows(let items), .columns(let items): return items.flatMap(\.layout.places)
    }
  }
}

/// One part of a division.
public struct LayoutItem: Hashable, Sendable {
  /// Its height among rows, its width among columns.
  public let size: LayoutSize
  /// What is in it.
  public let layout: Layout

  /// A part; without a size, an equal share of what sized parts leave.
  public init(_ layout: Layout, size: LayoutSize = .share) {
    self.size = size
    self.layout = layout
  }
}

/// How much of a division a part takes.
public enum LayoutSize: Hashable, Sendable {
  /// Terminal cells, border included.
  case cells(Int)
  /// Percent of the whole, 1 … 100.
  case percent(Int)
  /// An equal share of what the others leave.
  case share
}
