import Foundation
import SpideTUI
import Testing

/// Holds a canvas, characters and styles, against the picture of that name in `Goldens/`.
///
/// With `SPIDE_RECORD=1` in the environment the picture is written instead, and the test fails so that nobody
/// records by accident.
func expectGolden(
  _ canvas: Canvas, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  expectGolden([("\(canvas.width)×\(canvas.height)", canvas)], name, sourceLocation: sourceLocation)
}

/// The same for several canvases in one file, each below its caption.
func expectGolden(
  _ scenes: [(caption: String, canvas: Canvas)], _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let actual = scenes.map { scene in
    "== \(scene.caption)\n\(scene.canvas.text)\n-- styles\n\(scene.canvas.styleMap)\n"
  }.joined(separator: "\n")
  let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Goldens/\(name).txt")

  if ProcessInfo.processInfo.environment["SPIDE_RECORD"] == "1" {
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try actual.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name)", sourceLocation: sourceLocation)
    } catch {
      Issue.record("cannot record \(name): \(error)", sourceLocation: sourceLocation)
    }
    return
  }
  guard let expected = try? String(contentsOf: file, encoding: .utf8) else {
    Issue.record(
      "no golden \(name); SPIDE_RECORD=1 records it. The picture is\n\(actual)",
      sourceLocation: sourceLocation)
    return
  }
  if actual != expected {
    Issue.record(
      "\(name) differs (- expected, + actual)\n\(difference(expected, actual))",
      sourceLocation: sourceLocation)
  }
}

/// Both pictures line by line: lines that agree once, lines that differ below each other.
private func difference(_ expected: String, _ actual: String) -> String {
  let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
  return (0..<max(old.count, new.count)).flatMap { index -> [String] in
    let before = index < old.count ? old[index] : nil
    let after = index < new.count ? new[index] : nil
    if before == after { return ["  \(before ?? "")"] }
    return [before.map { "- \($0)" }, after.map { "+ \($0)" }].compactMap { $0 }
  }.joined(separator: "\n")
}
