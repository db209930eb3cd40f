import SpideTUI
import Testing

/// What went wrong can be read whole.
@Suite struct NoteTests {
  static let missing =
    "mnist: its files were not found; expected train-images-idx3-ubyte, train-labels-idx1-ubyte, "
    + "plain or with .gz; looked in /data/one/mnist, /data/one, /home/someone/.local/share/spide-tui/mnist"

  private func fail(_ driver: inout Driver, _ text: String = missing) {
    driver.send(.opened(.failure(Failure(text))))
  }

  @Test(arguments: [(200, 60), (120, 36), (80, 24), (40, 9), (20, 6), (7, 3), (3, 2), (1, 1)])
  func everyWordCanBeScrolledTo(_ width: Int, _ height: Int) throws {
    var driver = try Driver(width: width, height: height)
    fail(&driver)
    var rows: [String] = []
    for _ in 0..<400 {
      for row in driver.text.split(separator: "\n") {
        let inside = row.filter { !"┃┏┓┗┛━↑↓".contains($0) && !$0.isWhitespace }
        if rows.last != inside { rows.append(inside) }
      }
      driver.type("<down>")
    }
    let read = rows.joined()
    // Broken lines follow each other in pictures that were scrolled by one line.
    for part in ["mnist", "its", "gz"] where width > 7 { #expect(read.contains(part)) }
    if width >= 40 {
      #expect(read.contains("/home/someone/.local/share/spide-tui/mnist"))
      #expect(read.contains("/data/one/mnist,"))
    }
    if width == 1 { #expect(Set(read).isSuperset(of: Set("mnistxz/.".filter { $0 != "x" }))) }
    driver.type("<esc>")
    #expect(!driver.text.contains("Error"))
    #expect(!driver.quits)
  }

  @Test(arguments: ["<esc>", "<enter>", "q"]) func closes(_ key: String) throws {
    var driver = try Driver()
    let before = driver.text
    fail(&driver)
    #expect(driver.text.contains("Error") && driver.text.contains("Enter closes"))
    driver.type(key)
    #expect(driver.text == before)
    #expect(!driver.quits)
  }

  @Test func otherKeysCloseItAndDoWhatTheyDo() throws {
    var driver = try Driver()
    fail(&driver)
    driver.type("s")
    #expect(driver.model.session.position == 1)
    #expect(!driver.text.contains("Error"))
  }

  @Test func scrollsByLinesPagesAndWheel() throws {
    var driver = try Driver(width: 40, height: 7)
    fail(&driver)
    #expect(driver.text.contains("1–5 of 7"), "\(driver.text)")
    driver.type("<down>")
    #expect(driver.text.contains("2–6 of 7"))
    driver.type("<pagedown>")
    #expect(driver.text.contains("3–7 of 7"))
    driver.type("<up>")
    #expect(driver.text.contains("2–6 of 7"))
    driver.type("<pageup>")
    #expect(driver.text.contains("1–5 of 7"))
    driver.send(.input(.mouse(MouseEvent(.wheelDown, x: 9, y: 3))))
    #expect(driver.text.contains("2–6 of 7"))
    driver.send(.input(.mouse(MouseEvent(.press, button: .left, x: 9, y: 3))))
    #expect(!driver.text.contains(" of 7"))
  }

  /// A message that comes while a line is typed waits until the line is done; keys stay the line's.
  @Test func waitsWhileALineIsTyped() throws {
    var driver = try Driver()
    driver.type(":sa")
    fail(&driver)
    driver.type("ve q")
    #expect(driver.text.hasSuffix(":save q"))
    #expect(!driver.text.contains("Error"))
    driver.type("<esc>")
    #expect(driver.text.contains("Error"))
  }

  /// Short ones stay in their row, and what is no error is cut and never in the way.
  @Test func shortNotesStayInTheirRow() throws {
    var driver = try Driver(width: 80, height: 24)
    fail(&driver, "no such thing")
    #expect(!driver.text.contains("Enter closes"))
    #expect(driver.text.contains("\n no such thing\n"))
    driver.send(.input(.resized(width: 30, height: 24)))
    driver.type("r")
    #expect(!driver.text.contains("Enter closes"))
    let order = WriteOrder.screen(text: "", session: driver.model.session, stem: "picture")
    driver.send(
      .wrote(order, .success(["/a/rather/long/path/picture.txt", "/another/trace.safetensors"])))
    #expect(driver.text.contains("closes"))
  }
}
