import SpideConfiguration
import SpideTUI
import Testing

/// What holds for every widget and every panel at every size.
@Suite struct EverySizeTests {
  private static let sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 17, 24, 41, 80, 130]

  /// A widget fills a canvas of its own with cells of its glyphs, and wide characters have their second cell.
  @Test(arguments: Samples.all) func widgetsKeepToTheirGlyphs(_ sample: Samples.Sample) {
    for glyphs in Glyphs.allCases {
      for width in Self.sizes {
        for height in Self.sizes where height < 42 {
          var canvas = Canvas(width: width, height: height, glyphs: glyphs)
          sample.widget.draw(on: &canvas)
          if glyphs.isASCII { #expect(canvas.text.utf8.allSatisfy { $0 < 0x80 }) }
          for (place, cell) in canvas.cells.enumerated() {
            let isWide = !cell.isCovered && glyphs.width(String(cell.character)) == 2
            let next = place % width + 1 < width ? canvas.cells[place + 1] : nil
            #expect(!isWide || next?.isCovered == true, "\(glyphs) \(width)×\(height) at \(place)")
          }
        }
      }
    }
  }

  /// A panel draws on the screen itself: nothing of it may stand outside of the place that it is given.
  @Test(arguments: PanelRegistry.ids) func panelsStayInside(_ id: PanelID) throws {
    for glyphs in Glyphs.allCases {
      var driver = try Driver(glyphs: glyphs)
      for keys in ["", "f"] {
        driver.type(keys)
        for width in Self.sizes {
          for height in Self.sizes where height < 42 {
            var canvas = Canvas(width: width + 4, height: height + 4, glyphs: glyphs)
            let rect = Rect(x: 2, y: 2, width: width, height: height)
            canvas.fill(canvas.bounds, Cell("@"))
            driver.model.draw(id, in: rect, on: &canvas)
            let strays = canvas.cells.indices.filter {
              let (x, y) = ($0 % canvas.width, $0 / canvas.width)
              return !rect.contains(x: x, y: y) && canvas.cells[$0] != Cell("@")
            }
            #expect(strays == [], "\(glyphs) \(width)×\(height)")
            if glyphs.isASCII { #expect(canvas.text.utf8.allSatisfy { $0 < 0x80 }) }
          }
        }
      }
    }
  }
}
