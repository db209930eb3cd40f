import Foundation
import SpideConfiguration
import SpideTUI
import Testing

@Suite struct OutsideTests {
  /// Reading one would hold the screen up until somebody writes.
  @Test func pipesAreNotAwaited() throws {
    let pipe = NSTemporaryDirectory() + "spide-\(UUID()).yaml"
    try #require(mkfifo(pipe, 0o644) == 0)
    defer { unlink(pipe) }
    let preset = try PresetLibrary(userDirectory: nil).find("digits")
    let outside = Outside(dataDirectory: nil)
    let effects: [Effect] = [
      .open(name: pipe, overrides: []), .load(path: pipe, preset: preset, samples: 1438),
    ]
    for effect in effects {
      let message = outside.carryOut(effect, seed: 1)
      let failure: Failure?
      switch message {
      case .opened(.failure(let error)), .loaded(.failure(let error)): failure = error
      default: failure = nil
      }
      #expect(failure?.line == "\(pipe): it is no regular file; expected a file")
    }
  }
}
