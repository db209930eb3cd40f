import Foundation
import SpideConfiguration
import SpideTUI
import Testing

@Suite struct OutsideTests {
  /// What lies behind a link would be lost as well as a file is.
  @Test func nothingIsOverwrittenUnasked() throws {
    let folder = NSTemporaryDirectory() + "spide-\(UUID())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (file, link, free) = ("\(folder)/file", "\(folder)/link", "\(folder)/free")
    try "kept".write(toFile: file, atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
    let outside = Outside(dataDirectory: nil)
    for path in [file, link] {
      let order = WriteOrder.log(text: "new", path: path)
      guard
        case .occupied(_, let files)? = outside.carryOut(
          .write(order, overwrites: false), seed: 1)
      else {
        Issue.record("\(path) was written")
        continue
      }
      #expect(files == [path])
    }
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "kept")
    for (path, overwrites) in [(free, false), (link, true)] {
      let order = WriteOrder.log(text: "new", path: path)
      guard
        case .wrote(_, .success)? = outside.carryOut(
          .write(order, overwrites: overwrites), seed: 1)
      else {
        Issue.record("\(path) was not written")
        continue
      }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    }
  }

  /// Reading one would hold the screen up until somebody writes.
  @Test func pipesAreNotAwaited() throws {
    let pipe = NSTemporaryDirectory() + "spide-\(UUID()).yaml"
    try #require(mkfifo(pipe, 0o644) == 0)
    defer { unlink(pipe) }
    let preset = try PresetLibrary.ofTests.find("digits")
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
