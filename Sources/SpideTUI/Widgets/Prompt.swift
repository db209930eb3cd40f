/// The command line: what is typed in the bottom row, and above it completions or what is wrong.
public struct Prompt: Widget {
  /// What stands before the text, such as `:` or `/`.
  public var prefix: String
  /// What has been typed.
  public var text: String
  /// Characters of ``text`` before the cursor.
  public var cursor: Int
  /// What the text could become.
  public var completions: [String]
  /// The completion that is chosen.
  public var selected: Int?
  /// What is wrong with the text, if it was tried; then it stands in place of the completions.
  public var error: String?

  /// A command line.
  public init(
    prefix: String, text: String, cursor: Int, completions: [String] = [], selected: Int? = nil,
    error: String? = nil
  ) {
    self.prefix = prefix
    self.text = text
    self.cursor = cursor
    self.completions = completions
    self.selected = selected
    self.error = error
  }

  package func draw(on canvas: inout Canvas) {
    guard canvas.width > 0, canvas.height > 0 else { return }
    drawInput(y: canvas.height - 1, on: &canvas)
    guard canvas.height >= 2 else { return }
    let y = canvas.height - 2
    if let error {
      canvas.write(
        canvas.glyphs.clipped(error, to: canvas.width), x: 0, y: y, style: Style(.bad, bold: true))
    } else {
      drawCompletions(y: y, on: &canvas)
    }
  }

  private func drawInput(y: Int, on canvas: inout Canvas) {
    let start = canvas.write(
      prefix, x: 0, y: y, style: Style(.accent, bold: true), maxWidth: max(0, canvas.width - 1))
    // One cell for each character typed, so that the cursor stands where it says; a blank follows the last.
    let typed = Array(text) + [" "]
    let place = min(max(0, cursor), text.count)
    let room = canvas.width - start
    let first = max(0, place - room + 1)
    for (offset, character) in typed[first...].prefix(room).enumerated() {
      let isCursor = first + offset == place
      canvas[start + offset, y] = Cell(character, Style(reversed: isCursor))
    }
  }

  private func drawCompletions(y: Int, on canvas: inout Canvas) {
    // From the first, or from so far on that the chosen one is in sight.
    let widths = completions.map { canvas.glyphs.width($0) + 2 }
    var first = 0
    if let selected, completions.indices.contains(selected) {
      while first < selected, widths[first...selected].reduce(0, +) > canvas.width { first += 1 }
    }
    var x = 0
    for index in completions.indices.dropFirst(first) {
      let isSelected = index == selected
      guard x + widths[index] <= canvas.width || isSelected else {
        canvas.write(canvas.glyphs.ellipsis, x: x, y: y, style: Style(.faint))
        return
      }
      let style = isSelected ? Style(.accent, bold: true, reversed: true) : Style(.faint)
      x = canvas.write(" \(completions[index]) ", x: x, y: y, style: style)
    }
  }
}
