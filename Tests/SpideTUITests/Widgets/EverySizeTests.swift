import SpideTUI
import Testing

/// What holds for every widget at every size.
@Suite struct EverySizeTests {
  @Test(arguments: Samples.all)
  func staysInsideAndInItsGlyphs(_ sample: Samples.Sample) {
    let sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 17, 24, 41, 80, 130]
    for glyphs in Glyphs.allCases {
      for width in sizes {
        for height in sizes where height < 42 {
          var canvas = Canvas(width: width + 4, height: height + 4, glyphs: glyphs)
          let rect = Rect(x: 2, y: 2, width: width, height: height)
          canvas.fill(canvas.bounds, Cell("@"))
          canvas.draw(sample.widget, in: rect)
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
