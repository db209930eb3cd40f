import SpideTUI
import Testing

@Suite struct GoldenTests {
  @Test(arguments: Samples.all)
  func pictures(_ sample: Samples.Sample) {
    let sizes = [
      (Glyphs.braille, sample.size), (.ascii, sample.size), (.braille, sample.tiny),
      (.braille, (1, 1)),
    ]
    expectGolden(
      sizes.map { glyphs, size in
        ("\(glyphs) \(size.0)×\(size.1)", picture(sample.widget, glyphs, size.0, size.1))
      }, sample.name)
  }

  /// Quarter blocks where braille would be: one widget shows what all lines then look like.
  @Test func blocks() {
    expectGolden(picture(Samples.curves, .block, 64, 16), "curves-block")
  }

  @Test func frames() {
    var canvas = Canvas(width: 50, height: 10)
    canvas.frame(Rect(x: 0, y: 0, width: 24, height: 5), title: "Network")
    canvas.frame(
      Rect(x: 25, y: 0, width: 25, height: 5), title: "Forward spikes", rightTitle: "L0",
      isSelected: true)
    canvas.frame(Rect(x: 0, y: 5, width: 16, height: 4), title: "A title that does not fit")
    canvas.frame(Rect(x: 20, y: 5, width: 3, height: 3), title: "too small")
    expectGolden(canvas, "frames")
  }
}

func picture(_ widget: any Widget, _ glyphs: Glyphs, _ width: Int, _ height: Int) -> Canvas {
  var canvas = Canvas(width: width, height: height, glyphs: glyphs)
  canvas.draw(widget, in: canvas.bounds)
  return canvas
}
