import SpideConfiguration
import SpideEngine
import SpideExperiment

/// How an update moved each parameter, and where the step comes from.
struct UpdateTablePanel: UpdatePanel {
  let id: PanelID = "update-parameters"
  let heading = "Update"
  let summary = "How an update moved each parameter: sizes, and shares of momentum and decay."

  func titles(_ model: Model) -> [String] {
    guard let account = model.updateAccount else { return [heading] }
    let number = "Update \(Words.count(account.update.number))"
    return ["\(number)  loss of its batch \(Words.loss(account))", number]
  }

  func rightTitles(_ model: Model) -> [String] {
    model.updateAccount == nil ? [] : ["Enter lists its synapses"]
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let table = table(model) else { return canvas.hint(model.updateHint, in: rect) }
    canvas.draw(table, in: rect)
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    guard let row = table(model)?.row(atRow: y, height: rect.height), row > 0 else { return [] }
    return [.selectParameter(row - 1 - model.selectedParameter)]
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? { [.selectParameter(up ? -1 : 1)] }
  func arrow(_ model: Model, down rows: Int) -> Action { .selectParameter(rows) }
  func choose(_ model: Model) -> Action? { .listMovers }

  /// All parameters together, then each of them.
  private func table(_ model: Model) -> BarTable? {
    guard let account = model.updateAccount else { return nil }
    let all = [account.whole] + account.parameters
    func largest(_ value: (UpdateAccount.Parameter) -> Double?) -> Double {
      let values = all.compactMap(value).filter(\.isFinite)
      return max(values.max() ?? 0, .leastNormalMagnitude)
    }
    let (change, relative) = (largest(\.change), largest(\.relative))
    let gradient = largest(\.gradient)
    func share(_ value: Double?) -> BarTable.Value {
      .init(value.map { NumberText.percent($0, decimals: 0) } ?? "–", value ?? 0)
    }
    return BarTable(
      columns: [
        .init("‖Δw‖"), .init("of ‖w‖"), .init("‖G‖"), .init("momentum", short: "mom."),
        .init("decay"), .init("G's share", short: "G's"),
      ],
      rows: all.map { parameter in
        BarTable.Row(
          parameter.name.isEmpty ? "all" : parameter.name,
          [
            .init(NumberText.short(parameter.change), parameter.change / change),
            .init(
              parameter.relative.map { NumberText.percent($0) } ?? "–",
              (parameter.relative ?? 0) / relative),
            .init(NumberText.short(parameter.gradient), parameter.gradient / gradient),
            share(parameter.shares?.momentum), share(parameter.shares?.decay),
            share(parameter.shares?.gradient),
          ])
      }, selected: model.selectedParameter + 1)
  }
}
