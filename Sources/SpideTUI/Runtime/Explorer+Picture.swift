import SpideConfiguration

extension Explorer.Options {
  /// What is seen once a session has been played without a terminal.
  ///
  /// - Parameter size: the screen's; nil for that of the session, or else 120×36.
  /// - Throws: ``ConfigurationError`` at a line of the session that failed.
  package func picture(
    _ session: PlayedSession?, size: ScreenSize?
  ) throws(ConfigurationError) -> Frame {
    var model = Model(self, glyphs: glyphs ?? .braille)
    (model.width, model.height) = size.map { ($0.width, $0.height) } ?? (120, 36)
    var explorer = HeadlessExplorer(
      model, dataDirectory: dataDirectory, threads: threads, budget: recordingBudget)
    explorer.begin()
    if let session { try explorer.play(session, adoptsSizes: size == nil) }
    return explorer.model.view()
  }
}
