import SpideEngine
import SpideExperiment

/// A panel of what an inspection finds, of the shown sample or as means over many.
protocol InspectionPanel: Panel {}

extension InspectionPanel {
  var showsInspection: Bool { true }
  func switchView(_ model: Model) -> Action? { .toggleMean }
  func rightTitles(_ model: Model) -> [String] { ["m: " + model.inspectionView] }
  func arrow(_ model: Model, down rows: Int) -> Action { .selectParameter(rows) }
  func wheel(_ model: Model, up: Bool) -> [Action]? { [.selectParameter(up ? -1 : 1)] }
}

extension Model {
  /// What panels of an inspection show, in words.
  var inspectionView: String {
    let samples = inspectionSubject.samples
    guard inspections.isMean else { return "this sample" }
    let isOld = inspectionNews.map { $0.subject != inspectionSubject } ?? false
    return "mean of \(samples)" + (isOld ? " \(glyphs.ellipsis)" : "")
  }

  /// Why there are no exact values, in words; nil where there are.
  func missingExact(_ found: GradientInspection) -> String? {
    if found.settled == found.samples { return nil }
    if variesInTime { return "an input that varies in time has no equilibrium" }
    if found.samples == 1 { return "no equilibrium: the iteration does not settle" }
    return "no equilibrium for \(found.samples - found.settled) of \(found.samples) samples"
  }
}
