import Foundation
import SpideTUI
import Testing

/// The menu of presets, and what can be clicked.
@Suite struct MenuTests {
  static let choices = [
    PresetChoice(name: "digits", summary: "Two dense layers.", isUsable: true),
    PresetChoice(
      name: "mnist-lenet", summary: "LeNet of the SPIDE paper for MNIST, without feedback.",
      isUsable: true, mark: "no data"),
    PresetChoice(
      name: "bad", summary: "/home/a/bad.yaml:1:1: the key name is missing; expected a name",
      isUsable: false, mark: "broken"),
    PresetChoice(
      name: "digits", summary: "Mine.", isUsable: true, argument: "./other/digits.yaml"),
  ]

  private func open(_ width: Int = 120, _ height: Int = 36) throws -> Driver {
    var driver = try Driver(width: width, height: height)
    driver.type("p")
    guard case .listPresets(files: [])? = driver.lastEffect else {
      Issue.record("the menu asks for nothing")
      return driver
    }
    driver.send(.presets(Self.choices))
    return driver
  }

  @Test func marksWhatHasNoDataAndListsFiles() throws {
    let driver = try open()
    let lines = driver.text.split(separator: "\n")
    let lenet = try #require(lines.first { $0.contains("mnist-lenet") })
    #expect(lenet.contains("mnist-lenet  no data  LeNet of the SPIDE paper for MNIST, w"))
    #expect(lines.contains { $0.contains("▸ digits                Two dense") })
    #expect(lines.contains { $0.contains("digits.yaml           Mine.  (./other/digits.yaml)") })
  }

  /// Descriptions are cut only where the screen ends, and the one that is chosen nowhere.
  @Test(arguments: [(60, 24), (80, 24), (120, 36), (200, 60)])
  func descriptionsUseTheWidth(_ width: Int, _ height: Int) throws {
    var driver = try open(width, height)
    driver.send(
      .presets(
        (0..<12).map { index in
          PresetChoice(
            name: "p\(index)", summary: "\(index) " + String(repeating: "word ", count: 14) + "end",
            isUsable: true)
        }))
    let whole = driver.text.split(separator: "\n").count { $0.contains("word end") }
    #expect(whole == (width >= 120 ? 12 : 1))
    driver.type("<down><down>")
    #expect(driver.text.split(separator: "\n").contains { $0.contains("word end") })
  }

  @Test func opensByArgument() throws {
    var driver = try open()
    driver.type("<down><down><down><enter>")
    guard case .open("./other/digits.yaml", [])? = driver.lastEffect else {
      Issue.record("\(driver.effects)")
      return
    }
  }

  /// News keep the choice; a listing that nobody waits for opens nothing.
  @Test func marksFollow() throws {
    var driver = try open()
    driver.type("<down>")
    var changed = Self.choices
    changed[1].mark = ""
    changed.insert(PresetChoice(name: "a", summary: "", isUsable: true), at: 0)
    driver.send(.presets(changed))
    #expect(!driver.text.contains("no data"))
    #expect(driver.text.contains("▸ mnist-lenet"))
    driver.type("<esc>")
    driver.send(.presets(changed))
    #expect(!driver.text.contains("Presets"))
  }

  @Test func aFolderOfDataCountsFromThenOn() throws {
    var driver = try Driver()
    driver.type(":data /some where<enter>")
    guard case .useData(folder: "/some where")? = driver.lastEffect else {
      Issue.record("\(driver.effects)")
      return
    }
    driver.send(.dataFolder(.success("/some where")))
    #expect(driver.text.contains("data sets are looked for in /some where first"))
    guard case .listPresets? = driver.lastEffect else {
      Issue.record("marks do not follow")
      return
    }
    driver.type(":data<enter>")
    #expect(driver.text.contains("data sets are looked for in /some where first"))
    driver.send(.dataFolder(.failure(Failure("/x: no such folder; expected one"))))
    #expect(driver.text.contains("/x: no such folder"))
  }

  private func click(_ driver: inout Driver, on text: String, row: Int) throws {
    let line = driver.text.split(separator: "\n", omittingEmptySubsequences: false)[row]
    let place = try #require(line.range(of: text, options: .backwards))
    let x = line.distance(from: line.startIndex, to: place.lowerBound)
    driver.send(.input(.mouse(MouseEvent(.press, button: .left, x: x, y: row))))
  }

  @Test(arguments: [(80, 24), (120, 36), (200, 60)])
  func wordsCanBeClicked(_ width: Int, _ height: Int) throws {
    for glyphs in Glyphs.allCases {
      var driver = try Driver(width: width, height: height, glyphs: glyphs)
      try click(&driver, on: "paused", row: height - 1)
      #expect(driver.model.tickInterval != nil)
      #expect(driver.model.session.position == 0)
      try click(&driver, on: "playing", row: height - 1)
      #expect(driver.model.tickInterval == nil)
      // The help is a mark alone where there is little room.
      try click(&driver, on: width < 100 ? "?" : "? help", row: 0)
      #expect(driver.text.contains("one step on / back"))
      #expect(driver.text.contains("wheel") || driver.text.contains("1/"))
    }
  }

  @Test func theWheelScrollsTheMenu() throws {
    var driver = try open()
    driver.send(.input(.mouse(MouseEvent(.wheelDown, x: 60, y: 17))))
    #expect(driver.text.contains("▸ mnist-lenet"))
    driver.send(.input(.mouse(MouseEvent(.wheelUp, x: 60, y: 17))))
    #expect(driver.text.contains("▸ digits "))
  }
}
