import Foundation
import SpideTUI
import Testing

/// A sweep's file on screen.
@Suite struct SweepScreenTests {
  private let path = NSTemporaryDirectory() + "spide-sweep-\(UUID().uuidString).csv"

  private func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Two keys, three seeds; a number is missing.
  static let gradient: String = {
    var text = "steps.backward,backward.reset,seed,cosine,relative_error,energy_uJ\n"
    for (place, steps) in [10, 30, 100, 300].enumerated() {
      for (number, reset) in ["zero", "minus-threshold"].enumerated() {
        for seed in 1...3 {
          let error = 0.3 / Double(place + 1) + 0.05 * Double(number) + 0.01 * Double(seed)
          let cosine = seed == 3 && steps == 30 ? "" : String(1 - error * error / 2)
          text += "\(steps),\(reset),\(seed),\(cosine),\(error),\(0.2 + Double(steps) / 4000)\n"
        }
      }
    }
    return text
  }()

  func opened(
    _ text: String = gradient, width: Int = 120, height: Int = 36, glyphs: Glyphs = .braille
  ) throws -> Driver {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    var driver = try Driver(width: width, height: height, glyphs: glyphs)
    driver.type(":sweep \(path)<enter>")
    try driver.carryOutLast()
    return driver
  }

  @Test func goldens() throws {
    defer { remove() }
    var scenes: [(String, Canvas)] = []
    for (width, height, glyphs, keys) in [
      (80, 24, Glyphs.braille, "<esc>"), (120, 36, .braille, "<esc>y<pagedown><down>"),
      (120, 36, .ascii, "<esc>y"), (120, 36, .braille, "<esc>Xy"), (80, 24, .ascii, "<esc>XyO"),
    ] {
      var driver = try opened(width: width, height: height, glyphs: glyphs)
      driver.type(keys)
      scenes.append(("\(width)×\(height) \(glyphs) \(keys)", driver.screen))
    }
    expectGolden(scenes, "screen-sweep")
  }

  /// The numbers of the table are those of the rows.
  @Test func numbers() throws {
    defer { remove() }
    var driver = try opened(width: 160)
    #expect(driver.text.contains("24 rows"))
    driver.type("y")
    // steps 10, reset zero: 0.31, 0.32, 0.33.
    let row = { (driver: Driver, name: String) in
      driver.text.split(separator: "\n").last { $0.contains(name) && $0.contains("0.") }
        .map(String.init) ?? ""
    }
    #expect(driver.text.contains("relative error of the gradient over steps.backward"))
    #expect(
      row(driver, "● zero").split(separator: " ").suffix(6).dropLast()
        == ["0.320", "0.0100", "3", "0.310", "0.330"], "\(driver.text)")
    driver.type("<pagedown>")
    #expect(driver.text.contains("steps.backward 30 "))
    driver.type("yy")
    #expect(driver.text.contains("cosine to the exact gradient"))
    #expect(row(driver, "● zero").contains("2 of 3"), "\(driver.text)")
    driver.type("O")
    #expect(driver.text.contains("over 3 seeds and backward.reset"), "\(driver.text)")
    #expect(row(driver, "● all").contains("4 of 6"), "\(driver.text)")
    driver.type("X")
    #expect(driver.text.contains("over backward.reset"))
    #expect(driver.text.contains("minus-threshold") && driver.text.contains("zero"))
  }

  /// A file that grows is read again, with the view as it was; a row that is not whole is none.
  @Test func readAgain() throws {
    defer { remove() }
    let whole = Self.gradient
    let lines = whole.split(separator: "\n")
    let part = lines.prefix(8).joined(separator: "\n") + "\n" + lines[8].dropLast(3)
    var driver = try opened(part)
    #expect(driver.text.contains("7 rows"), "\(driver.text)")
    driver.type("<esc>y<pagedown>")
    try whole.write(toFile: path, atomically: true, encoding: .utf8)
    driver.type("<enter>")
    try driver.carryOutLast()
    #expect(driver.text.contains("24 rows by now"), "\(driver.text)")
    #expect(driver.text.contains(" steps.backward 30 "))
    driver.type(":sweep<enter>")
    try driver.carryOutLast()
    #expect(driver.text.contains("24 rows by now"))
  }

  @Test func whatIsWrongIsSaid() throws {
    defer { remove() }
    var driver = try Driver(width: 200)
    driver.type(":sweep<enter>")
    #expect(driver.text.contains("usage: sweep [FILE.csv]"))
    driver.type("<esc>y")
    #expect(driver.text.contains("no sweep is open"))
    driver.type(":sweep /nowhere/map.csv<enter>")
    try driver.carryOutLast()
    #expect(driver.text.contains("/nowhere/map.csv: "), "\(driver.text)")
    for (text, said) in [
      ("", "its first line is none of a sweep"),
      ("a,b\n1,2\n", "its first line is none of a sweep"),
      (
        "k,seed,cosine,relative_error,energy_uJ\n1,1,2,3,4\n1,x,2,3,4\n",
        "line 3 is no row of this sweep"
      ),
    ] {
      var driver = try opened(text, width: 240)
      #expect(driver.text.contains(said), "\(driver.text)")
      driver.type("<esc>y")
      #expect(driver.text.contains("no sweep is open"))
    }
    try FileManager.default.createDirectory(atPath: path + ".d", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path + ".d") }
    driver.type("<esc>:sweep \(path).d<enter>")
    try driver.carryOutLast()
    #expect(driver.text.contains(".d: "))
  }

  /// A file without rows, and one whose column has no number, say so.
  @Test func nothingToDraw() throws {
    defer { remove() }
    let header = "k,seed,cosine,relative_error,energy_uJ\n"
    #expect(try opened(header).text.contains("no rows yet"))
    var driver = try opened(header + "1,1,,0.5,\n")
    #expect(driver.text.contains("no numbers in this column"), "\(driver.text)")
    driver.type("y")
    #expect(driver.text.contains("0.500"))
  }

  /// More curves than can be told apart: those around the selected one.
  @Test func manyCurves() throws {
    defer { remove() }
    var text = "a,b,seed,cosine,relative_error,energy_uJ\n"
    for a in 1...3 { for b in 1...20 { text += "\(a),\(b),1,0.\(b + 10),1,1\n" } }
    var driver = try opened(text)
    #expect(driver.text.contains("6 of 20 curves"), "\(driver.text)")
    for _ in 0..<19 { driver.type("<down>") }
    #expect(driver.text.contains("0.300"))
    #expect(!driver.text.contains("● 1 "))
    driver.type("O")
    #expect(!driver.text.contains("of 20 curves"))
  }

  /// Its clicks, wheel and page keys move the value under the cursor.
  @Test func theMouse() throws {
    defer { remove() }
    var driver = try opened()
    driver.type("<esc>")
    driver.send(.input(.mouse(MouseEvent(.press, button: .left, x: 69, y: 12))))
    #expect(driver.text.contains(" steps.backward 300"), "\(driver.text)")
    driver.send(.input(.mouse(MouseEvent(.wheelUp, x: 30, y: 12))))
    #expect(driver.text.contains(" steps.backward 100"))
    driver.send(.input(.mouse(MouseEvent(.press, button: .left, x: 8, y: 12))))
    #expect(driver.text.contains(" steps.backward 10 "))
  }

  /// A real session plays it.
  @Test func isPlayed() throws {
    defer { remove() }
    try Self.gradient.write(toFile: path, atomically: true, encoding: .utf8)
    let explorer = try HeadlessExplorerTests.play(":sweep \(path)\nEsc\nX y O")
    #expect(explorer.model.view().canvas.text.contains("over backward.reset"))
    let again = try HeadlessExplorerTests.play(explorer.model.log.text)
    #expect(again.model.view().canvas == explorer.model.view().canvas)
  }
}
