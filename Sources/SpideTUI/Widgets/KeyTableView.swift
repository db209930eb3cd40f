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

  /// The keys, in reading order.
  public var entries: [Entry]
  /// The page shown, from 0; past the last, the last.
  public var page: Int
  /// Pages of something else that come before and follow.
  public var pagesBefore = 0, pagesAfter = 0
  /// What its frame says.
  public var title = "Keys"

  /// An overlay.
  public init(entries: [Entry], page: Int = 0) {
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
    let pages = pagesBefore + frame.pages + pagesAfter
    let inside = canvas.frame(
      frame.rect, title: title,
      rightTitle: pages > 1 ? "\(pagesBefore + current + 1)/\(pages)" : "",
      isSelected: true)
    let left = inside.x + (inside == frame.rect ? 0 : 1)
    let first = current * frame.rows * frame.columns
    for (offset, entry) in entries.dropFirst(first).prefix(frame.rows * frame.columns).enumerated()
    {
      let x = left + (offset < frame.rows ? 0 : frame.widths[0] + 3)
      let y = inside.y + offset % frame.rows
      canvas.write(
        entry.keys, x: x, y: y, style: Style(.accent, bold: true), maxWidth: inside.right - x)
      let after = x + frame.keyWidth + 2
      canvas.write(
        canvas.glyphs.clipped(entry.action, to: inside.right - after), x: after, y: y)
    }
  }

  private struct Frame {
    let keyWidth, columns, rows, pages: Int
    let widths: [Int]
    let rect: Rect

    init(_ view: KeyTableView, width: Int, height: Int, glyphs: Glyphs) {
      let hasFrame = width >= 4 && height >= 3
      let border = hasFrame ? 4 : 0
      let room = max(1, height - (hasFrame ? 2 : 0))
      let entries = view.entries
      let keys = entries.map { glyphs.width($0.keys) }.max() ?? 0
      func rows(_ columns: Int) -> Int {
        min(room, max(1, (entries.count + columns - 1) / columns))
      }
      func widths(_ columns: Int) -> [Int] {
        (0..<columns).map { column in
          let own = entries.enumerated().filter { $0.offset / rows(columns) % columns == column }
          return keys + 2 + (own.map { glyphs.width($0.element.action) }.max() ?? 0)
        }
      }
      func total(_ columns: Int) -> Int {
        widths(columns).reduce(0, +) + 3 * (columns - 1) + border
      }
      keyWidth = keys
      columns = entries.count > 1 && total(2) <= width ? 2 : 1
      self.rows = rows(columns)
      self.widths = widths(columns)
      pages = max(1, (entries.count + self.rows * columns - 1) / (self.rows * columns))
      let size = (
        width: min(width, total(columns)), height: min(height, self.rows + (hasFrame ? 2 : 0))
      )
      rect = Rect(
        x: (width - size.width) / 2, y: (height - size.height) / 2, width: size.width,
        height: size.height)
    }
  }
}
