/// A panel about an update of a training; while one runs, about its last one.
protocol UpdatePanel: Panel {}

extension UpdatePanel {
  var followsUpdates: Bool { true }
  func updateQuestions(_ model: Model) -> [UpdateQuestion] { [.whole] }
}
