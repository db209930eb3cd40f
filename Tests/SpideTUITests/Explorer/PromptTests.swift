import SpideTUI
import Testing

/// Lines being typed.
@Suite struct PromptTests {
  /// The bottom row without the spaces at its end.
  private func line(_ driver: Driver) -> Substring {
    driver.text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
  }

  /// What merges with its neighbours is typed, moved over and deleted like anything else.
  @Test(arguments: [
    (["e", "\u{301}", "x"], "e\u{301}x"), (["🇩", "🇪", "x"], "DEx"),
    (["👩", "\u{200D}", "🔬", "x"], "👩🔬x"), (["\u{301}", "e"], "e"), (["日", "本"], "日本"),
  ])
  func whatMergesCanBeTyped(_ typed: [String], _ shown: String) throws {
    for opening in [":", "/"] {
      var driver = try Driver()
      driver.type(opening)
      for scalar in typed { driver.type(scalar) }
      #expect(line(driver) == opening + shown)
      driver.type("<left><left><right>y<backspace><right>")
      #expect(line(driver) == opening + shown)
      let cells = driver.model.view()
      #expect(cells.cursor?.x == 1 + Glyphs.braille.width(typed.joined()))
      // Marks go with what they lie over.
      for scalar in typed where Glyphs.braille.width(scalar) > 0 { driver.type("<backspace>") }
      #expect(line(driver) == opening)
    }
  }

  @Test func theCursorStandsOnWideCharacters() throws {
    var driver = try Driver()
    driver.type(":日本<left>")
    #expect(driver.model.view().cursor == CellPosition(x: 3, y: 35))
    #expect(driver.screen[3, 35].style.isReversed && driver.screen[3, 35].character == "本")
    driver.type("x")
    #expect(line(driver) == ":日x本")
    // A line longer than the screen scrolls by whole characters.
    driver.send(.input(.resized(width: 6, height: 4)))
    #expect(line(driver) == ": x本" || line(driver) == ":日x本")
    driver.type("日日日")
    let cursor = try #require(driver.model.view().cursor)
    #expect((1...5).contains(cursor.x))
  }

  /// Ctrl-C leaves what is open; with nothing open it quits.
  @Test(arguments: [":", "/", "?", "p", ":reset 3<enter>"])
  func interruptClosesWhatIsOpen(_ keys: String) throws {
    var driver = try Driver()
    let before = driver.text
    driver.type(keys)
    driver.send(.interrupt)
    #expect(!driver.quits)
    #expect(driver.text == before)
    driver.send(.interrupt)
    #expect(driver.quits)
  }

  /// A pasted line stays to be looked at; nobody runs what came with it unseen.
  @Test func aPasteEndsAtItsFirstLine() throws {
    var driver = try Driver()
    driver.type(":sample ")
    driver.send(.input(.paste("\n3\nquit\n:save x\n")))
    #expect(line(driver) == ":sample 3")
    #expect(driver.text.contains("only the first line of the paste is here; 2 more lines left out"))
    #expect(!driver.quits)
    driver.type("<enter>")
    #expect(driver.text.contains("#3  label"))
    driver.type(":")
    driver.send(.input(.paste("sample\t4\n")))
    #expect(line(driver) == ":sample 4")
    #expect(!driver.text.contains("left out"))
  }

  @Test func aLineHasAnEnd() throws {
    var driver = try Driver()
    driver.type("/")
    driver.send(.input(.paste(String(repeating: "日", count: 60_000))))
    #expect(driver.text.contains("a line has at most 4096 characters"))
    driver.type("x<backspace><backspace><enter>")
    #expect(driver.text.contains("is no neuron"))
    // What was typed is not shown again at its whole length.
    #expect(driver.text.count { $0 == "日" } < 120)
  }

  /// An error stands whole above the line, however narrow the screen; what does not fit scrolls.
  @Test(arguments: [(120, 36), (80, 24), (40, 12), (20, 5), (9, 3)])
  func errorsCanBeReadWhole(_ width: Int, _ height: Int) throws {
    var driver = try Driver(width: width, height: height)
    driver.type(":set steps.forwad=3<enter>")
    var lines: [String] = []
    for _ in 0..<40 {
      for row in driver.text.split(separator: "\n").dropLast() {
        let row = row.filter { !"↑↓".contains($0) }
        if !lines.contains(String(row)) { lines.append(String(row)) }
      }
      driver.type("<pagedown>")
    }
    let said = lines.joined(separator: " ")
    for word in ["unknown", "forwad", "expected", "did", "mean", "\"forward\""] {
      let parts = said.filter { !$0.isWhitespace }
      #expect(parts.contains(word), "\(word) in \(said)")
    }
    // The user's words, not the command line's.
    #expect(!said.contains("--set") && !said.contains(":1:"))
    // How it is left stands beside it where there is room.
    let hint = width > 30 ? "Esc leaves" : ""
    #expect(line(driver).hasSuffix(hint))
    let typed = line(driver).dropLast(hint.count).split(separator: " ").joined(separator: " ")
    #expect(typed.hasSuffix(":set steps.forwad=3".suffix(width - 2)))
    driver.type("<esc>")
    #expect(!driver.text.contains("forwad"))
  }

  @Test func anEarlierSettingIsNamed() throws {
    var driver = try Driver()
    driver.type(":set neuron.threshold=2<enter>:set neuron.reset=1.5<enter>")
    #expect(driver.text.contains("reset 1.5"))
    driver.type(":set neuron.threshold=1<enter>")
    #expect(
      driver.text.contains("neuron.reset=1.5, which was set before: neuron.reset is 1.5; expected"),
      "\(driver.text)")
  }
}

extension Driver {
  /// Whether the explorer has asked to end.
  var quits: Bool {
    effects.contains {
      if case .quit = $0 { true } else { false }
    }
  }
}
