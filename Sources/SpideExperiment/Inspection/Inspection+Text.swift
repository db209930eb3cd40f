import SpideEngine

extension Inspection {
  /// Tables for a person, a line an element.
  ///
  /// - Parameter subject: which samples, in words: `test sample 3, batch of 64`.
  public func text(subject: String) -> [String] {
    var lines = TextTable(columns: 2) { table in
      table.add("preset", "\(preset), \(subject)")
      table.add("loss", NumberText.fixed(found.loss, decimals: 4))
      table.add("accuracy", NumberText.percent(found.accuracy, decimals: 2))
      table.add("equilibrium", equilibrium)
      if let loop = found.loop {
        table.add("loop", loopWords(loop))
      } else {
        table.add("loop", "none: no feedback")
      }
    }.lines
    lines += [""] + rateTable.lines + [""] + betaTable.lines + [""] + gradientTable.lines
    lines += [""] + ledgerLines
    return lines
  }

  /// Whether the samples have an equilibrium, in words.
  private var equilibrium: String {
    switch (found.settled, found.samples) {
    case (0, 1): "none: no exact values"
    case (1, 1): "there is one"
    case let (settled, all) where settled == all: "all \(all) samples have one"
    case let (settled, all): "\(settled) of \(all) samples have one: no exact values for all"
    }
  }

  private func loopWords(_ loop: LoopMeasure) -> String {
    var parts = [
      "spectral radius \(short(loop.spectralRadius)) with the "
        + (loop.isAtEquilibrium ? "gates at equilibrium" : "measured gates"),
      "feedback norm \(NumberText.short(loop.feedbackNorm))"
        + (loop.feedbackLimit.map {
          " of at most \(NumberText.short($0))" + (loop.isBound ? ", which binds" : "")
        } ?? ""),
    ]
    if let iterations = loop.iterations {
      parts.append("\(NumberText.short(iterations)) iterations to settle")
    }
    return parts.joined(separator: "; ")
  }

  private var rateTable: TextTable {
    TextTable(columns: 8) { table in
      table.add(
        "layer", "neurons", "a rate", "β rate", "|a − a*|", "a − a*", "gate flips", "β error")
      for (layer, measure) in found.layers.enumerated() {
        table.add(
          "L\(layer)", String(plan.layers[layer].count), NumberText.short(measure.forwardRate),
          NumberText.short(measure.backwardRate), short(measure.rateError),
          short(measure.rateBias), percent(measure.gateFlips), short(measure.betaError))
      }
    }
  }

  private var betaTable: TextTable {
    TextTable(columns: 7) { table in
      table.add(
        "layer", "silent", "resolution", "|β*| below half", "saturated", "max |u|/Vth,b",
        "max |β*|")
      for (layer, measure) in found.layers.enumerated() {
        table.add(
          "L\(layer)", NumberText.percent(measure.silent), NumberText.short(found.resolution),
          percent(measure.belowResolution), NumberText.percent(measure.saturated),
          NumberText.short(measure.largestPotential), short(measure.exactBetas?.largest))
      }
    }
  }

  private var gradientTable: TextTable {
    TextTable(columns: 8) { table in
      table.add(
        "gradient", "‖spikes‖", "‖exact‖", "cosine", "error", "forward", "gates", "backward")
      for error in found.parameters {
        table.add(
          error.name, NumberText.short(error.gradientNorm), short(error.exactNorm),
          short(error.cosine), short(error.relativeError), short(error.forward),
          short(error.gates), short(error.backward))
      }
    }
  }

  private var ledgerLines: [String] {
    let mean = ledger.mean
    let energy = mean.energy(constants)
    let table = TextTable(columns: 7) { table in
      table.add("a sample", "forward", "dense", "backward", "dense", "gradient", "dense")
      for link in mean.links {
        table.add(
          [link.name]
            + LedgerStage.allCases.flatMap { stage in
              [link[stage].done.total, link[stage].dense.total].map {
                Words.count(Int($0.rounded()))
              }
            })
      }
    }
    func microjoules(_ value: Double) -> String { NumberText.short(value) + " µJ" }
    return table.lines + [
      "",
      "energy       \(microjoules(energy.total)): forward \(microjoules(energy.forward)), backward "
        + "\(microjoules(energy.backward)), gradient \(microjoules(energy.gradient)); dense "
        + "\(microjoules(energy.dense)), ordinary network \(microjoules(energy.ordinaryNetwork))",
      "             memory traffic and neuron updates are not in it",
      "NeuroBench   \(Words.count(neuroBench.parameterCount)) parameters, "
        + "\(Words.count(neuroBench.footprintBytes)) bytes; connection sparsity "
        + "\(NumberText.percent(neuroBench.connectionSparsity)), activation sparsity "
        + "\(NumberText.percent(neuroBench.activationSparsity)); effective ACs "
        + "\(Words.count(Int(neuroBench.effectiveACs.rounded()))), MACs "
        + "\(Words.count(Int(neuroBench.effectiveMACs.rounded()))), dense "
        + "\(Words.count(Int(neuroBench.dense.rounded())))",
    ]
  }

  private func short(_ value: Double?) -> String { value.map(NumberText.short) ?? "–" }
  private func percent(_ value: Double?) -> String { value.map { NumberText.percent($0) } ?? "–" }
}

/// Rows of words in columns: the first at the left, the others with their ends below each other.
private struct TextTable {
  private let columns: Int
  private var rows: [[String]] = []

  init(columns: Int, _ fill: (inout TextTable) -> Void) {
    self.columns = columns
    fill(&self)
  }

  mutating func add(_ words: String...) { rows.append(words) }
  mutating func add(_ words: [String]) { rows.append(words) }

  var lines: [String] {
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, word in
        let padding = String(repeating: " ", count: widths[column] - word.count)
        // Of two columns the second holds sentences.
        return column == 0 || columns == 2 ? word + padding : padding + word
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
