/// The help overlay: keys and what they do, in a frame in the middle of the screen, in pages where it is small.
public struct KeyTableView: Widget {
  /// A key and what it does.
  public struct Entry: Hashable, Sendable {
    /// The keys as printed on the keyboard.
    public var keys: String
    /// What they do.
    public var action: String

    /// An entry.
    public init(_ keys: String, _ action: String) {
      self.keys = keys
      self.action = action
    }
  }

  /// Above the table.
  public var title: String
  /// The keys, in reading order.
  public var entries: [Entry]
  /// The page shown, from 0; past the last, the last.
  public var page: Int

  /// An overlay.
  public init(title: String = "Keys", entries: [Entry], page: Int = 0) {
    self.title = title
    self.entries = entries
    self.page = page
  }

  /// Pages needed on a screen of this size, at least 1.
  public func pageCount(width: Int, height: Int, glyphs: Glyphs) -> Int {
    Frame(self, width: width, height: height, glyphs: glyphs).pages
  }

  /// The part of a screen that the overlay covers.
  public func overlay(on canvas: Canvas) -> Rect {
    Frame(self, width: canvas.width, height: canvas.height, glyphs: canvas.glyphs).rect
  }

  package func draw(on canvas: inout Canvas) {
    let frame = Frame(self, width: canvas.width, height: canvas.height, glyphs: canvas.glyphs)
    let current = min(max(0, page), frame.pages - 1)
    canvas.fill(frame.rect, .blank)
    let inside = canvas.frame(
      frame.rect, title: title, rightTitle: frame.pages > 1 ? "\(current + 1)/\(frame.pages)" : "",
      isSelected: true)
    let left = inside.x + (inside == frame.rect ? 0 : 1)
    let first = current * frame.rows * frame.columns
    for (offset, entry) in entries.dropFirst(first).prefix(frame.rows * frame.columns).enumerated()
    {
      let x = left + offset / frame.rows * (frame.entryWidth + 3)
      let y = inside.y + offset % frame.rows
      canvas.write(
        entry.keys, x: x, y: y, style: Style(.accent, bold: true), maxWidth: inside.right - x)
      let after = x + frame.keyWidth + 2
      canvas.write(
        canvas.glyphs.clipped(entry.action, to: inside.right - after), x: after, y: y)
    }
  }

  private struct Frame {
    let keyWidth, entryWidth, columns, rows, pages: Int
    let rect: Rect

    init(_ view: KeyTableView, width: Int, height: Int, glyphs: Glyphs) {
      keyWidth = view.entries.map { glyphs.width($0.keys) }.max() ?? 0
      entryWidth = keyWidth + 2 + (view.entries.map { glyphs.width($0.action) }.max() ?? 0)
      let hasFrame = width >= 4 && height >= 3
      let border = hasFrame ? 4 : 0
      columns = width >= 2 * entryWidth + 3 + border ? 2 : 1
      let room = max(1, height - (hasFrame ? 2 : 0))
      rows = min(room, max(1, (view.entries.count + columns - 1) / columns))
      pages = max(1, (view.entries.count + rows * columns - 1) / (rows * columns))
      let wanted = columns * (entryWidth + 3) - 3 + border
      let size = (width: min(width, wanted), height: min(height, rows + (hasFrame ? 2 : 0)))
      rect = Rect(
        x: (width - size.width) / 2, y: (height - size.height) / 2, width: size.width,
        height: size.height)
    }
  }
}
