import SpideConfiguration

/// A kind of pane: what it is called, what it shows, and what the mouse and the arrow keys do in it.
///
/// A panel is a value without state. It reads the model and never writes it; what shall happen it returns as actions.
protocol Panel: Sendable {
  /// What screens call it.
  var id: PanelID { get }
  /// Its name, in a word or two.
  var heading: String { get }
  /// What it shows, in one line, for who makes a screen.
  var summary: String { get }

  /// What its frame says at the left: the first title that has room, else the last.
  func titles(_ model: Model) -> [String]
  /// What its frame says at the right: the first that has room beside the title, else nothing.
  func rightTitles(_ model: Model) -> [String]
  /// What it has to be compared with to be drawn; nil for nothing.
  func comparison(_ model: Model) -> ComparisonOrder.Kind?

  /// Whether it shows what an inspection finds, of the shown sample or of many.
  var showsInspection: Bool { get }

  /// What it asks about the update that is shown, in the order in which it can be answered.
  func updateQuestions(_ model: Model) -> [UpdateQuestion]
  /// Whether it shows the updates of a training that runs, one after the other.
  var followsUpdates: Bool { get }

  /// Draws what it shows into the inside of its frame.
  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas)

  /// A click at a column and row of `rect`, the inside of its frame.
  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action]
  /// The update that a place stands for, where it is part of a training bar; it can be clicked and drawn along.
  func update(_ model: Model, x: Int, y: Int, in rect: Rect) -> Int?
  /// The wheel; nil where it zooms the panel.
  func wheel(_ model: Model, up: Bool) -> [Action]?
  /// The arrow keys: down by 1 or -1 rows.
  func arrow(_ model: Model, down rows: Int) -> Action
  /// The page keys: down by 1 or -1 pages; nil where they scroll the raster.
  func page(_ model: Model, down pages: Int) -> Action?
  /// What Enter and Del do in it; nil for nothing.
  func choose(_ model: Model) -> Action?
  func remove(_ model: Model) -> Action?
  /// What `m` does in it; nil where it has but one view.
  func switchView(_ model: Model) -> Action?

  /// The panel for a layer of its own, whichever is selected; nil where it shows no layer.
  func pinned(to layer: Int) -> (any Panel)?
}

extension Panel {
  func titles(_ model: Model) -> [String] { [heading] }
  func rightTitles(_ model: Model) -> [String] { [] }
  func comparison(_ model: Model) -> ComparisonOrder.Kind? { nil }
  var showsInspection: Bool { false }
  func updateQuestions(_ model: Model) -> [UpdateQuestion] { [] }
  var followsUpdates: Bool { false }
  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] { [] }
  func update(_ model: Model, x: Int, y: Int, in rect: Rect) -> Int? { nil }
  func wheel(_ model: Model, up: Bool) -> [Action]? { nil }
  func arrow(_ model: Model, down rows: Int) -> Action { .selectRow(rows) }
  func page(_ model: Model, down pages: Int) -> Action? { nil }
  func choose(_ model: Model) -> Action? { nil }
  func remove(_ model: Model) -> Action? { nil }
  func switchView(_ model: Model) -> Action? { nil }
  func pinned(to layer: Int) -> (any Panel)? { nil }
}

extension Canvas {
  /// One faint line at half the height of a panel that has nothing to show.
  mutating func hint(_ text: String, in rect: Rect) {
    guard !rect.isEmpty else { return }
    write(
      glyphs.clipped(text, to: rect.width), x: rect.x, y: rect.y + rect.height / 2,
      style: Style(.faint), maxWidth: rect.width)
  }
}
