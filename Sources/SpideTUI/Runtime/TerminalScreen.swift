internal import CTerminal
import Glibc

/// The terminal, taken over: shows canvases and reads events. One at a time, on one thread;
/// not `Sendable`, so that the compiler sees to that.
public final class TerminalScreen {
  /// How many colours are used.
  public let colors: ColorDepth
  /// Whether characters beyond ASCII are shown; if not, draw with ASCII: others become `?`.
  public let isUnicode: Bool

  private let palette: Palette
  private let pairLimit: Int
  private var pairs: [ColorPair: UInt16] = [:]
  private var looks: [Style: Look] = [:]
  private var lastLook: (style: Style, look: Look)

  private var width = 0
  private var height = 0
  /// What the terminal shows, row-major, `width * height` cells; empty when nothing is known of it.
  private var shown: [sct_cell] = []
  private var shownCursor: CellPosition?
  private var decoder = InputDecoder()

  private struct ColorPair: Hashable {
    var foreground: Int
    var background: Int
  }

  private struct Look {
    var pair: UInt16
    var attributes: UInt16
  }

  /// Takes the terminal over until `close`. Throws what is in the way, the terminal untouched.
  public init(_ options: TerminalOptions = TerminalOptions()) throws(TerminalError) {
    let abilities = TerminalAbilities.current()
    if let obstacle = abilities.obstacle { throw obstacle }
    let wantsColor = options.usesColor && abilities.colors != .none
    let wantsUnicode = options.usesUnicode ?? abilities.isUnicode
    var found = sct_abilities()
    if let error = TerminalError(sct_open(wantsColor, wantsUnicode, options.usesMouse, &found)) {
      throw error
    }
    colors = ColorDepth(colors: Int(found.colours), allowed: wantsColor)
    isUnicode = wantsUnicode && found.unicode
    palette = Palette(colors)
    pairLimit = Int(found.pairs)
    lastLook = (.plain, Look(pair: 0, attributes: 0))
    readSize()
  }

  deinit { sct_close() }

  /// Gives the terminal back as it was found. Once closed, nothing is shown any more.
  public func close() { sct_close() }

  /// Columns and rows.
  public var size: (width: Int, height: Int) { (width, height) }

  /// Shows a canvas from the top left corner, cut or filled up with blanks to the terminal's size.
  /// Writes what differs from what is shown, nothing if nothing does.
  public func show(_ canvas: Canvas, cursor: CellPosition? = nil) {
    let isUnknown = shown.count != width * height
    if isUnknown { shown = [sct_cell](repeating: sct_cell(), count: width * height) }
    var row = [sct_cell](repeating: sct_cell(), count: width)
    var hasChanged = false
    for y in 0..<height {
      encode(row: y, of: canvas, into: &row)
      let start = y * width
      guard isUnknown || !Self.areEqual(row, shown, from: start) else { continue }
      row.withUnsafeBufferPointer { sct_put_row(Int32(y), $0.baseAddress, Int32(width)) }
      shown.replaceSubrange(start..<start + width, with: row)
      hasChanged = true
    }
    guard hasChanged || cursor != shownCursor else { return }
    shownCursor = cursor
    sct_place_cursor(Int32(cursor?.x ?? -1), Int32(cursor?.y ?? 0))
    sct_refresh()
  }

  // MARK: What the loop uses

  /// Sleeps until something happens or the time, if there is one, is over.
  func wait(milliseconds: Int32?) -> Happenings {
    Happenings(rawValue: sct_wait(milliseconds ?? -1))
  }

  /// The next events that have arrived; nil if nothing more has.
  func readEvents() -> [InputEvent]? {
    let raw = RawInput(sct_read())
    let events = decoder.decode(raw ?? .pause)
    return raw == nil && events.isEmpty ? nil : events
  }

  /// Whether the end of a paste is still to come.
  var isPasting: Bool { decoder.isPasting }

  /// Waits for the end of a paste no longer: what has come of it.
  func endPaste() -> [InputEvent] { decoder.endPaste() }

  /// Stops the job as the shell's Ctrl-Z does; returns with the terminal taken over again.
  func suspend() {
    sct_suspend()
    forgetShown()
  }

  /// Takes the terminal over again after a stop from outside.
  func resume() {
    sct_resume()
    forgetShown()
  }

  /// Adopts the terminal's size; the next canvas is drawn afresh. True if it changed.
  func adoptSize() -> Bool {
    let former = size
    sct_adopt_size()
    forgetShown()
    return former != size
  }

  private func forgetShown() {
    shown = []
    readSize()
  }

  private func readSize() {
    var (columns, rows): (Int32, Int32) = (0, 0)
    sct_size(&columns, &rows)
    (width, height) = (Int(columns), Int(rows))
  }

  // MARK: Cells

  private func encode(row y: Int, of canvas: Canvas, into row: inout [sct_cell]) {
    let blank = sct_cell(character: 0x20, marks: (0, 0), pair: 0, attributes: 0)
    let count = y < canvas.height ? min(width, canvas.width) : 0
    let start = y * canvas.width
    for x in 0..<count {
      let cell = canvas.cells[start + x]
      let look = look(for: cell.style)
      var scalars = cell.character.unicodeScalars.makeIterator()
      let first = scalars.next()?.value ?? 0x20
      row[x] = sct_cell(
        character: cell.isCovered ? 0 : first,
        marks: (scalars.next()?.value ?? 0, scalars.next()?.value ?? 0),
        pair: look.pair, attributes: look.attributes)
    }
    for x in count..<width { row[x] = blank }
  }

  private func look(for style: Style) -> Look {
    if style == lastLook.style { return lastLook.look }
    let look = looks[style] ?? makeLook(for: style)
    lastLook = (style, look)
    return look
  }

  private func makeLook(for style: Style) -> Look {
    let ink = palette.ink(for: style)
    let attributes =
      (ink.isBold ? SCT_BOLD : 0) | (ink.isDim ? SCT_DIM : 0)
      | (ink.isReversed ? SCT_REVERSED : 0) | (ink.isUnderlined ? SCT_UNDERLINED : 0)
    let look = Look(
      pair: pair(ColorPair(foreground: ink.foreground, background: ink.background)),
      attributes: UInt16(attributes))
    looks[style] = look
    return look
  }

  /// The number of a pair, made on first use; the terminal's own colours once there is no room.
  private func pair(_ colors: ColorPair) -> UInt16 {
    if colors == ColorPair(foreground: -1, background: -1) { return 0 }
    if let known = pairs[colors] { return known }
    guard pairs.count + 1 < pairLimit else { return 0 }
    let number = pairs.count + 1
    sct_define_pair(Int32(number), Int32(colors.foreground), Int32(colors.background))
    pairs[colors] = UInt16(number)
    return UInt16(number)
  }

  private static func areEqual(_ row: [sct_cell], _ shown: [sct_cell], from start: Int) -> Bool {
    row.withUnsafeBytes { new in
      shown.withUnsafeBytes { old in
        let offset = start * MemoryLayout<sct_cell>.stride
        guard let new = new.baseAddress, let old = old.baseAddress else { return true }
        return memcmp(new, old + offset, row.count * MemoryLayout<sct_cell>.stride) == 0
      }
    }
  }
}
