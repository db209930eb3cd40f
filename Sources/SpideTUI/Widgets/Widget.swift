/// A picture of some data: values in, cells out. No state, no model, no terminal, no clock.
package protocol Widget: Sendable {
  /// Draws onto all of `canvas`, which is blank and has the size that the widget is given, 0×0 included.
  func draw(on canvas: inout Canvas)
}

extension Canvas {
  /// Draws `widget` into `rect`, replacing what was there.
  ///
  /// The widget gets a canvas of its own, so it cannot draw outside of `rect`.
  package mutating func draw(_ widget: some Widget, in rect: Rect) {
    var own = Canvas(width: rect.width, height: rect.height, glyphs: glyphs)
    widget.draw(on: &own)
    paste(own, x: rect.x, y: rect.y)
  }
}
