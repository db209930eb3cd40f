/// Stand-ins for a terminal that shows ASCII alone.
package enum PlainText {
  /// The ASCII character that looks most like a code point.
  package static func substitute(for scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case " "..."~": scalar
    case "\u{a0}", "\u{2800}": " "
    case "─", "━", "┄", "┅", "┈", "╌", "═", "−", "–", "—", "‐", "╴", "╶", "▁", "▔": "-"
    case "│", "┃", "┆", "┊", "╎", "║", "╵", "╷", "‖", "▏", "▕": "|"
    case "┌"..."╋", "╒"..."╬", "╭"..."╰", "×", "✕": "+"
    case "·", "∙", "•", "…", "⋅", "°": "."
    case "←", "◂", "◀", "‹", "«": "<"
    case "→", "▸", "▶", "›", "»": ">"
    case "↑", "▴", "▲": "^"
    case "↓", "▾", "▼": "v"
    case "░": "."
    case "▒": "+"
    case "▓": "*"
    case "▀"..."▐", "▖"..."▟", "■", "◆", "●": "#"
    case "○", "◇", "□", "↺", "↻": "o"
    case "✓", "✔": "x"
    case "\u{2801}"..."\u{28ff}": braille(scalar)
    case "‘", "’", "′": "'"
    case "“", "”", "″": "\""
    default: "?"
    }
  }

  /// By how many of the eight dots are set.
  private static func braille(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch (scalar.value - 0x2800).nonzeroBitCount {
    case 1...2: "."
    case 3...5: ":"
    default: "#"
    }
  }
}
