import Foundation
import SpideTUI

/// A bar on standard error that is drawn over and over, where that is a terminal which can.
struct ProgressBar {
  /// Whether there can be a bar at all.
  let isPossible = TerminalAbilities.redrawsLines
  /// Whether the locale's characters are UTF-8.
  let isUnicode = TerminalAbilities.current().isUnicode
  private let clock = ContinuousClock()
  private var shown: ContinuousClock.Instant?

  /// Whether it is time to draw: at most ten times a second.
  mutating func isDue() -> Bool {
    guard isPossible else { return false }
    let now = clock.now
    if let shown, now - shown < .milliseconds(100) { return false }
    shown = now
    return true
  }

  /// Draws it between two texts, as wide as there is room, at most 30 columns.
  func draw(_ head: String, share: Double, _ tail: String) {
    let width = max(0, min(30, columns - head.count - tail.count - 1))
    let full = max(0, min(width, Int(share * Double(width))))
    let bar =
      String(repeating: isUnicode ? "█" : "#", count: full)
      + String(repeating: isUnicode ? "░" : ".", count: width - full)
    StandardError.redraw(String((head + bar + tail).prefix(max(1, columns - 1))))
  }

  /// Takes the bar away.
  mutating func end() {
    if isPossible, shown != nil { StandardError.redraw("") }
    shown = nil
  }

  private var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
