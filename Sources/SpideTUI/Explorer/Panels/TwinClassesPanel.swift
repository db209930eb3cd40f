import SpideConfiguration
import SpideEngine
import SpideExperiment

/// How likely each class is to the sample and to its twin, side by side.
struct TwinClassesPanel: Panel {
  let id: PanelID = "twin-classes"
  let heading = "Classes"
  let summary = "How likely each class is, of the sample and of its twin."

  func titles(_ model: Model) -> [String] { ["Classes of both", heading] }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let twin = model.twinRun?.session else { return canvas.hint(model.twinHint, in: rect) }
    let half = (rect.width - 2) / 2
    for (place, (name, session)) in [("this", model.session), ("twin", twin)].enumerated() {
      let own = Rect(
        x: rect.x + place * (half + 2), y: rect.y, width: half, height: rect.height)
      // The name goes before a class would.
      let header = rect.height > model.plan.classes || rect.height >= 8 ? 1 : 0
      if header > 0 {
        let tone = Tone.series(place)
        canvas[own.x, own.y] = Cell(canvas.glyphs.seriesMark(place), Style(tone, bold: true))
        canvas.write(name, x: own.x + 2, y: own.y, style: Style(tone, bold: true))
      }
      var bars = ClassesPanel.bars(model, session)
      bars.tone = .series(place)
      canvas.draw(
        bars,
        in: Rect(x: own.x, y: own.y + header, width: own.width, height: own.height - header))
    }
  }
}
