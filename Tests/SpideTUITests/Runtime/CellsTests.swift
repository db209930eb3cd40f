import SpideTUI
import Testing

@Suite struct CellsTests {
  @Test func areThoseAskedForOrSayWhyNot() {
    func cells(_ asked: Glyphs?, _ fitting: Glyphs, _ isUnicode: Bool) -> Glyphs {
      Explorer.cells(asked: asked, fitting: fitting, isUnicode: isUnicode).glyphs
    }
    #expect(cells(nil, .block, true) == .block)
    #expect(cells(.braille, .block, true) == .braille)
    #expect(cells(.ascii, .braille, true) == .ascii)
    #expect(cells(nil, .ascii, false) == .ascii)
    let refused = Explorer.cells(asked: .braille, fitting: .ascii, isUnicode: false)
    #expect(refused.glyphs == .ascii)
    #expect(
      refused.note
        == "--cells braille: the locale is not UTF-8 and there is no C.UTF-8; ASCII instead")
    for asked in [nil, Glyphs.ascii] {
      #expect(Explorer.cells(asked: asked, fitting: .ascii, isUnicode: false).note == nil)
    }
  }

  @Test(arguments: [
    ("linux", true, Glyphs.block), ("linux-16color", true, .block),
    ("xterm-256color", true, .braille),
    ("linuxish", true, .braille), ("linux", false, .ascii), ("xterm", false, .ascii),
  ])
  func fitTheTerminal(_ type: String, _ isUnicode: Bool, _ glyphs: Glyphs) {
    #expect(Glyphs(fitting: type, isUnicode: isUnicode) == glyphs)
  }
}
