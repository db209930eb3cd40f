import Foundation
import SpideConfiguration
import SpideTUI
import Testing

/// The panels that there are.
@Suite struct PanelTests {
  @Test func everyBuiltInScreenIsMadeOfPanelsThatThereAre() throws {
    let entries = Driver.library(userDirectory: nil).list()
    #expect(!entries.isEmpty)
    for entry in entries { #expect(throws: Never.self) { try entry.item.get() } }
  }

  @Test func everyPanelHasWords() {
    let summaries = PanelRegistry.summaries
    #expect(summaries.map(\.id) == PanelRegistry.ids)
    #expect(Set(summaries.map(\.summary)).count == summaries.count)
    for (id, summary) in summaries {
      #expect(summary.hasSuffix(".") && summary.count <= 92, "\(id.rawValue): \(summary)")
    }
  }

  /// A screen of one panel shows it, at the start and at the end of a sample, and bears every click, wheel and arrow.
  @Test(arguments: PanelRegistry.ids) func eachPanelStandsAlone(_ id: PanelID) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("spide-panels-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try "name: alone\ntitle: Alone\nkey: 9\nlayout: { panel: \(id.rawValue) }\n"
      .write(to: folder.appendingPathComponent("alone.yaml"), atomically: true, encoding: .utf8)
    let screens = Driver.library(userDirectory: folder.path).arranged()
    var driver = try Driver(screens: screens)
    driver.type("9")
    for keys in ["", "f"] {
      driver.type(keys)
      // Header, frame and timeline aside, something is written.
      let inside = driver.text.split(separator: "\n").dropFirst(2).dropLast(2)
      #expect(inside.contains { $0.contains { !" │".contains($0) } }, "\(driver.text)")
    }
    for (x, y) in [(0, 1), (1, 2), (60, 17), (118, 33)] {
      driver.send(.input(.mouse(MouseEvent(.press, button: .left, x: x, y: y))))
      driver.send(.input(.mouse(MouseEvent(.wheelUp, x: x, y: y))))
      driver.send(.input(.mouse(MouseEvent(.wheelDown, x: x, y: y))))
    }
    driver.type("<up><down><left><right><pageup><pagedown>")
    driver.send(.input(.resized(width: 1, height: 1)))
    #expect(driver.text.count <= 2)
  }
}
