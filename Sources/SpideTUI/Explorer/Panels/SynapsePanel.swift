import SpideConfiguration
import SpideEngine
import SpideExperiment

/// Why a weight moved: its step number by number, and the samples that pushed it most. Enter goes to one.
struct SynapsePanel: UpdatePanel {
  let id: PanelID = "synapse"
  let heading = "Synapse"
  let summary = "Why a weight moved: every number of its step, and the samples that pushed it."

  func titles(_ model: Model) -> [String] {
    guard let synapse = model.synapse else { return [heading] }
    let (name, ends) = (
      Words.element(synapse, model.plan), Words.weight(synapse, model.plan)
    )
    return ["Why did \(name) move?  \(ends)", "\(name)  \(ends)", name]
  }

  func rightTitles(_ model: Model) -> [String] {
    model.weightAccount == nil ? [] : ["Enter goes to the sample"]
  }

  func updateQuestions(_ model: Model) -> [UpdateQuestion] {
    [.whole] + (model.synapse.map { [.weight($0)] } ?? [])
  }

  func draw(_ model: Model, in rect: Rect, on canvas: inout Canvas) {
    guard let account = model.weightAccount else { return canvas.hint(model.updateHint, in: rect) }
    let lines = lines(account, model, rect, canvas.glyphs)
    for (row, line) in lines.enumerated() where row < rect.height {
      let end = canvas.write(
        "\(line.symbol) ", x: rect.x, y: rect.y + row, style: Style(.faint), maxWidth: rect.width)
      canvas.write(
        canvas.glyphs.clipped(line.text, to: rect.right - end), x: end, y: rect.y + row,
        maxWidth: rect.right - end)
    }
    canvas.draw(table(account, model), in: list(rect, lines.count))
  }

  func click(_ model: Model, x: Int, y: Int, in rect: Rect) -> [Action] {
    guard let account = model.weightAccount else { return [] }
    let list = list(rect, lines(account, model, rect, model.glyphs).count)
    guard
      let row = table(account, model).row(
        atRow: y - (list.y - rect.y), height: list.height)
    else { return [] }
    return [.selectPush(row)]
  }

  func wheel(_ model: Model, up: Bool) -> [Action]? { [arrow(model, down: up ? -1 : 1)] }
  func arrow(_ model: Model, down rows: Int) -> Action { .selectPush(model.selectedPush + rows) }
  func choose(_ model: Model) -> Action? { .command(.cause) }

  /// What is left for the samples below the formulas.
  private func list(_ rect: Rect, _ lines: Int) -> Rect {
    let gap = rect.height >= lines + 8 ? 1 : 0
    let top = min(rect.height, lines + gap)
    return Rect(x: rect.x, y: rect.y + top, width: rect.width, height: rect.height - top)
  }

  // MARK: Formulas

  private struct Line {
    let symbol, text: String
  }

  /// `Δw`, what it is made of and the gradient; in letters too where there is room. The result comes first, so that it is
  /// there where a line is cut.
  private func lines(
    _ account: WeightAccount, _ model: Model, _ rect: Rect, _ glyphs: Glyphs
  ) -> [Line] {
    func text(_ value: Float, _ digits: Int = 4) -> String {
      NumberText.significant(Double(value), digits: digits)
    }
    let factors = account.factors
    let parts =
      (factors.kept == 1 ? [] : ["1/(1 − p) \(NumberText.significant(factors.kept))"])
      + (factors.norm == 1 ? [] : ["norm factor \(NumberText.significant(factors.norm))"])
      + (factors.resetAmount.map { ["1/V, V \(NumberText.significant($0))"] } ?? [])
    let products = (account.isOfClassifier ? "e" : "m β") + (account.isBias ? "" : " a")
    let pushing = account.pushes.count { $0.gradient != 0 }
    let gradient = Line(
      symbol: "G",
      text: "\(text(account.gradient)) = Σ \(products)"
        + (parts.isEmpty ? "" : " × " + parts.joined(separator: " × "))
        + ", \(pushing) of \(account.pushes.count) samples push")
    let weight = Line(
      symbol: "w", text: "\(text(account.before, 6)) → \(text(account.step.weight, 6))")
    let steps = account.step.lines.reversed()
    let hasLetters = rect.height >= 2 * steps.count + 10
    var lines: [Line] = []
    for (number, step) in steps.enumerated() {
      lines.append(
        Line(symbol: step.symbol, text: "\(text(step.value)) = \(step.numbers)"))
      if hasLetters { lines.append(Line(symbol: " ", text: "  = \(step.letters)")) }
      if number == 0, rect.height >= steps.count + 8 { lines.insert(weight, at: 0) }
    }
    // At least the samples' header and two of them stay; a rule of many lines loses those in the middle.
    let most = max(2, rect.height - 4)
    if lines.count + 1 > most { lines = Array(lines.prefix(most - 1)) }
    return lines + [gradient]
  }

  // MARK: Samples

  private func table(_ account: WeightAccount, _ model: Model) -> BarTable {
    let pushes = account.pushes
    let largest = max(pushes.map { abs($0.gradient) }.max() ?? 0, .leastNormalMagnitude)
    let (isBias, isClassifier) = (account.isBias, account.isOfClassifier)
    let isWindow = (pushes.map(\.pairs).max() ?? 0) > 1
    var columns: [BarTable.Column] = [.init("part of G")]
    if !isBias { columns.append(.init(isWindow ? "strongest a" : "a", short: "a")) }
    columns.append(.init(isClassifier ? "e" : "β"))
    if !isClassifier { columns.append(.init("gate m", short: "m")) }
    if isWindow { columns.append(.init("places")) }
    var table = BarTable(
      columns: columns,
      rows: pushes.map { push in
        var values = [
          BarTable.Value(NumberText.short(push.gradient), abs(push.gradient) / largest)
        ]
        let pair = push.strongest
        if !isBias { values.append(.init(pair?.rate.map { NumberText.short($0) } ?? "–", 0)) }
        values.append(.init(pair.map { NumberText.short($0.error) } ?? "–", 0))
        if !isClassifier {
          values.append(
            .init(pair.map { $0.isOpen ? $0.isKept ? "1" : "dropped" : "0" } ?? "–", 0))
        }
        if isWindow { values.append(.init("\(push.active)/\(push.pairs)", 0)) }
        let label = model.data.train.label(push.sample)
        return BarTable.Row("#\(push.sample): \(model.data.train.classNames[label])", values)
      }, selected: model.selectedPush)
    table.labelTitle = "sample"
    return table
  }
}

extension StepLine {
  /// The formula in letters.
  fileprivate var letters: String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .times: " "
      case .number(let letter, _): letter
      }
    }.joined()
  }

  /// The formula in numbers.
  fileprivate var numbers: String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .times: " × "
      case .number(_, let value): NumberText.significant(Double(value))
      }
    }.joined()
  }
}
