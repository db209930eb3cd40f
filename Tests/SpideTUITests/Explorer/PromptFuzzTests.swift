import SpideTUI
import Testing

/// Nothing that can be typed or pasted into a prompt traps.
@Suite struct PromptFuzzTests {
  private static let pieces: [String] = [
    "e", "\u{301}", "\u{200D}", "🇩", "🇪", "👩", "🔬", "🏽", "日", "ｆ", "\u{1112}", "\u{1161}",
    "\u{11AB}",
    "\u{FE0F}", "\u{20E3}", "\u{202E}", "\u{AD}", "λ", "−", "ß", "\u{E0062}", "\u{10FFFF}", "\u{0}",
    "\n", "\r\n", "\t", " ", "  ", "/", "~", "~/", ".", "..", "=", ",", "#", "-", "L", "L1 ", "F3",
    "9", "99999999999999999999", "0x1p9", "nan", "set ", "set network.links.0.", "neuron.reset=",
    "goto ", "reset ", "sample ", "speed ", "checkpoint ", "save ", "data ", "export ", "preset ",
    "screen ", "step ", "back ", "compare ", "break ", "until ", "|u| ", "> ", "*", "Vth,b",
    "test ",
    "update ", "silent ", "B ", "-1",
  ]
  private static let keys: [Key] = [
    .enter, .tab, .backTab, .backspace, .backspace, .delete, .left, .left, .right, .home, .end, .up,
    .down, .pageUp, .pageDown, .insert, .control("u"), .control("a"), .control("e"), .control("d"),
    .control("b"), .control("p"), .function(3),
  ]

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64]) func nothingTraps(_ seed: UInt64) throws {
    var state = seed
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    func text(_ most: Int) -> String {
      (0..<random(most)).map { _ in Self.pieces[random(Self.pieces.count)] }.joined()
    }
    var driver = try Driver(glyphs: Glyphs.allCases[Int(seed) % 3])
    for _ in 0..<700 {
      if driver.model.view().cursor == nil { driver.type(random(3) == 0 ? "<esc>/" : "<esc>:") }
      switch random(12) {
      case 0: driver.send(.input(.paste(text(12))))
      case 1:
        driver.send(.input(.resized(width: random(90), height: random(30))))
      case 2:
        // A folder whose names are as odd.
        driver.send(
          .folder(
            FolderListing(
              folder: driver.lastFolder ?? ".",
              entries: (0..<4).map { _ in .init(text(4), isFolder: random(2) == 0) })))
      case 3...6: driver.send(.input(.key(Self.keys[random(Self.keys.count)])))
      default:
        for character in text(3) { driver.send(.input(.key(.character(character)))) }
      }
      let frame = driver.model.view()
      let (width, height) = (frame.canvas.width, frame.canvas.height)
      if let cursor = frame.cursor, width > 0, height > 0 {
        #expect((0..<width).contains(cursor.x) && cursor.y == height - 1, "seed \(seed)")
      }
      if frame.canvas.glyphs.isASCII { #expect(frame.canvas.text.utf8.allSatisfy { $0 < 0x80 }) }
    }
  }
}
