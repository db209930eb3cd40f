import Foundation
import FoundationXML
import SpideTUI
import Testing

@Suite struct PictureTests {
  private func canvas(_ text: String, _ style: Style = .plain) -> Canvas {
    var canvas = Canvas(width: 24, height: 2)
    canvas.write(text, x: 1, y: 1, style: style)
    return canvas
  }

  private func svg(_ canvas: Canvas, cursor: CellPosition? = nil, ground: Ground = .dark) throws
    -> [SVGElement]
  {
    try SVGElement.all(in: PictureForm.svg.file(Frame(canvas, cursor: cursor), ground: ground))
  }

  @Test func theEndingDecides() {
    #expect(PictureForm(path: "a/b.svg") == .svg && PictureForm(path: "x.y.txt") == .text)
    #expect(PictureForm(path: "b.ansi") == .ansi && PictureForm(path: "b.SVG") == .svg)
    for path in ["b", "b.png", "svg", ".svg", "a.svg/b", "a.svg/", ""] {
      #expect(PictureForm(path: path) == nil, "\(path)")
    }
  }

  @Test func textIsTheCharacters() {
    #expect(PictureForm.text.file(Frame(canvas("a  β"))) == "\n a  β\n")
  }

  @Test func ansiHasTheColoursOfATerminal() {
    let escape = "\u{1B}["
    #expect(
      PictureForm.ansi.file(Frame(canvas("ab", Style(.bad, bold: true))))
        == "\n \(escape)0;1;38;5;160mab\(escape)0m\n")
    #expect(
      PictureForm.ansi.file(Frame(canvas("ab", Style(.bad, reversed: true))), usesColor: false)
        == "\n \(escape)0;1;7mab\(escape)0m\n")
    #expect(
      PictureForm.ansi.file(Frame(canvas("日", Style(.gray(255)))))
        == "\n \(escape)0;38;5;231;48;5;16m日\(escape)0m\n")
  }

  /// Every text has the place and the width of its cells, whatever the font.
  @Test func textsLieOnTheGrid() throws {
    let texts = try svg(canvas("ab c  d <&> 日本 ✗e")).filter { $0.name == "text" }
    let found = texts.map { "\($0.text)@\($0["x"])+\($0["textLength"])" }
    #expect(
      found == [
        "ab c@10+40", "d <&>@70+50", "日@130+20", "本@150+20", "✗@180+10", "e@190+10",
      ])
    #expect(texts.allSatisfy { $0["y"] == "35" && $0["lengthAdjust"] == "spacingAndGlyphs" })
  }

  @Test func marksStayWithTheirLetters() throws {
    let texts = try svg(canvas("e\u{301}x\u{327}y")).filter { $0.name == "text" }
    #expect(texts.map(\.text) == ["e\u{301}", "x\u{327}", "y"])
    #expect(texts.map { $0["x"] } == ["10", "20", "30"])
    #expect(texts.allSatisfy { $0["textLength"] == "10" })
  }

  /// Whatever stands in a cell, the file is XML.
  @Test func everythingCanBeWritten() throws {
    for code in UInt32(0)...0xFFFF {
      guard code % 16 == 0 || code < 0x300 || (0xFFF0...0xFFFF).contains(code),
        let scalar = Unicode.Scalar(code)
      else { continue }
      var canvas = Canvas(width: 3, height: 1)
      canvas.write("\(scalar)\"'", x: 0, y: 0)
      _ = try svg(canvas)
    }
  }

  @Test func backgroundsAreOneRectangleARun() throws {
    var canvas = Canvas(width: 6, height: 2)
    canvas.write("ab", x: 1, y: 1, style: Style(.bad, reversed: true))
    canvas.write("c", x: 3, y: 1, style: Style(.gray(0)))
    func rectangles(_ ground: Ground) throws -> [String] {
      try svg(canvas, ground: ground).filter { $0.name == "rect" }.dropFirst()
        .map { "\($0["x"]) \($0["y"]) \($0["width"]) \($0["height"]) \($0["fill"])" }
    }
    #expect(try rectangles(.dark) == ["10 20 20 20 #d70000", "30 20 10 20 #000000"])
    let light = try svg(canvas, ground: .light)
    #expect(light.first { $0.name == "rect" }?["fill"] == "#ffffff")
    // Reversed letters have the ground's colour.
    #expect(light.filter { $0.name == "g" }.contains { $0["fill"] == "#ffffff" })
  }

  @Test func theCursorIsSeen() throws {
    let cells = try svg(canvas("ab"), cursor: CellPosition(x: 3, y: 1))
    #expect(cells.filter { $0.name == "rect" }.dropFirst().map { $0["x"] } == ["30"])
  }

  /// Lines of several cells are one, so that no renderer shows where cells meet.
  @Test func linesAndBlocksJoin() throws {
    func paths(_ text: String) throws -> [String] {
      try svg(canvas(text)).filter { $0.name == "path" }.map { $0["d"] }
    }
    #expect(try paths("───") == ["M10 30H40"])
    #expect(try paths("┌─┐") == ["M15 30H35M15 30V40M35 30V40"])
    #expect(try paths("███") == ["M10 20H40v20H10Z"])
    #expect(try paths("▁█") == ["M20 20H30v20H20ZM10 37.5H20v2.5H10Z"])
    #expect(try paths("⠁⢀") == ["M12.5 22.5h0M27.5 37.5h0"])
    // Shades cover parts.
    #expect(try svg(canvas("░")).filter { $0.name == "path" }.map { $0["opacity"] } == ["0.25"])
  }

  /// What the widgets draw with does not depend on a font, letters apart.
  @Test func glyphsAreShapes() throws {
    let glyphs = Glyphs.braille
    var characters: [Character] = [
      glyphs.horizontal, glyphs.vertical, glyphs.corner, glyphs.verticalTick,
      glyphs.horizontalTick, glyphs.resetLine, glyphs.uprightReset, glyphs.spike, glyphs.positive,
      glyphs.negative, glyphs.check, glyphs.pointer, glyphs.leftArrow, glyphs.downArrow,
      glyphs.upArrow, glyphs.loop, glyphs.done, glyphs.play, glyphs.pause, glyphs.track,
      glyphs.full, glyphs.bandMark,
    ]
    characters += glyphs.positiveLevels + glyphs.negativeLevels + glyphs.mixedLevels
    characters += glyphs.horizontalEighths.dropFirst() + glyphs.verticalEighths.dropFirst()
    characters += (0..<6).map { glyphs.seriesMark($0) } + glyphs.densityLevels + glyphs.positiveHeat
    for heavy in [true, false] {
      let frame = glyphs.frame(heavy: heavy)
      characters += [frame.topLeft, frame.bottomRight, frame.horizontal, frame.vertical]
    }
    characters += (0x2800...0x28FF).compactMap { Unicode.Scalar($0).map(Character.init) }
    characters += (0x2580...0x259F).compactMap { Unicode.Scalar($0).map(Character.init) }
    for character in characters {
      var canvas = Canvas(width: 1, height: 1)
      canvas[0, 0] = Cell(character)
      let elements = try svg(canvas)
      #expect(!elements.contains { $0.name == "text" }, "\(character)")
      #expect(elements.contains { $0.name == "path" } || character == "\u{2800}", "\(character)")
    }
  }
}

/// An element of an SVG.
struct SVGElement {
  let name: String
  private let attributes: [String: String]
  fileprivate(set) var text = ""

  fileprivate init(name: String, attributes: [String: String]) {
    self.name = name
    self.attributes = attributes
  }

  /// An attribute, empty where there is none.
  subscript(name: String) -> String { attributes[name] ?? "" }

  /// All elements in the order of the file, which must be XML.
  static func all(in file: String) throws -> [SVGElement] {
    let reader = Reader()
    let parser = XMLParser(data: Data(file.utf8))
    parser.delegate = reader
    guard parser.parse() else { throw Failure("no XML: \(file)") }
    return reader.elements
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [SVGElement] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements.append(SVGElement(name: name, attributes: attributes))
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      if elements.last?.name == "text", !text.allSatisfy(\.isNewline) {
        elements[elements.count - 1].text += text
      }
    }
  }
}
