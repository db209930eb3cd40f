/// The lines of a box-drawing character: from the middle of the cell to its edges, and of which weight.
struct BoxLines: Hashable, Sendable {
  enum Weight: Hashable, Sendable {
    case light
    case heavy
  }

  var up: Weight?
  var right: Weight?
  var down: Weight?
  var left: Weight?
  /// Dashes in which a straight line is drawn; 1 for one without gaps.
  var dashes = 1

  /// The lines of a character; nil for one of those (double, curved, mixed) that a font shows.
  init?(_ character: Character) {
    if let (edges, dashes) = BoxLines.dashed[character] {
      self.init(edges)
      self.dashes = dashes
    } else if let edges = BoxLines.whole[character] {
      self.init(edges)
    } else {
      return nil
    }
  }

  /// Four digits for up, right, down, left: 0 for none, 1 light, 2 heavy.
  private init(_ edges: String) {
    let weights = edges.map { $0 == "0" ? nil : $0 == "1" ? Weight.light : .heavy }
    (up, right, down, left) = (weights[0], weights[1], weights[2], weights[3])
  }

  private static let whole: [Character: String] = [
    "─": "0101", "│": "1010", "┌": "0110", "┐": "0011", "└": "1100", "┘": "1001", "├": "1110",
    "┤": "1011", "┬": "0111", "┴": "1101", "┼": "1111", "━": "0202", "┃": "2020", "┏": "0220",
    "┓": "0022", "┗": "2200", "┛": "2002", "┣": "2220", "┫": "2022", "┳": "0222", "┻": "2202",
    "╋": "2222", "╴": "0001", "╵": "1000", "╶": "0100", "╷": "0010", "╸": "0002", "╹": "2000",
    "╺": "0200", "╻": "0020",
  ]

  private static let dashed: [Character: (String, Int)] = [
    "╌": ("0101", 2), "╎": ("1010", 2), "┄": ("0101", 3), "┆": ("1010", 3), "┈": ("0101", 4),
    "┊": ("1010", 4), "╍": ("0202", 2), "╏": ("2020", 2), "┅": ("0202", 3), "┇": ("2020", 3),
    "┉": ("0202", 4), "┋": ("2020", 4),
  ]
}
