/// Lines of CSV files, as RFC 4180 has them: cells between commas, in quotation marks where they hold what would end one.
/// No cell has a line break.
public enum CSV {
  /// Cells as a line, without its end.
  ///
  /// - Precondition: no cell has a line break.
  public static func line(_ cells: [String]) -> String {
    cells.map(quoted).joined(separator: ",")
  }

  /// The cells of a line, which may end in a carriage return; nil where quotation marks do not fit each other.
  public static func cells(_ line: some Sequence<UInt8>) -> [String]? {
    var cells: [String] = []
    var cell: [UInt8] = []
    var state = State.start
    func text() -> String? { String(validating: cell, as: UTF8.self) }
    for byte in line {
      switch (state, byte) {
      case (.quoted, quote): state = .behindQuote
      case (.quoted, _): cell.append(byte)
      case (_, comma):
        guard let text = text() else { return nil }
        cells.append(text)
        cell = []
        state = .start
      case (.start, quote): state = .quoted
      case (.behindQuote, quote):
        cell.append(byte)
        state = .quoted
      // What a program of Windows ends its lines with.
      case (_, carriageReturn): state = .ended
      case (.plain, quote), (.behindQuote, _), (.ended, _): return nil
      default:
        cell.append(byte)
        state = .plain
      }
    }
    guard state != .quoted, let text = text() else { return nil }
    return cells + [text]
  }

  private enum State { case start, plain, quoted, behindQuote, ended }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let carriageReturn = UInt8(ascii: "\r")

  private static func quoted(_ cell: String) -> String {
    precondition(!cell.contains(where: \.isNewline), "a line break in a cell")
    guard cell.utf8.contains(where: { $0 == quote || $0 == comma }) else { return cell }
    return "\"\(cell.replacing("\"", with: "\"\""))\""
  }
}
