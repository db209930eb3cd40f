import SpideConfiguration
import SpideEngine
import SpideExperiment

/// The energy of a sample's operations over training, by stage, and of all of them together.
struct LedgerTrainingPanel: Panel {
  let id: PanelID = "ledger-training"
  let heading = "Energy over training"
  let summary = "Energy a sample by stage over training, and that of all training so far."

  func titles(_ model: Model) -> [String] { ["Energy a sample over training, µJ", heading] }

  func rightTitles(_ model: Model) -> [String] {
    guard let tally = model.training.curves.tally else { return [] }
    let energy = model.energyConstants.microjoules(StageOperations(tally).total)
    return ["all \(Words.microjoules(energy))"]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    let constants = model.energyConstants
    let series = LedgerStage.allCases.map { stage in
      TrainedCurve(stage.rawValue, .overBatches) { $0.energy(stage, constants) }
    }
    canvas.draw(model.trainingPlot(series, compared: nil, format: .number), in: rect)
  }
}
