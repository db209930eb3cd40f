import Glibc
import SpideEngine

/// The one time axis of a score, `F1 … F_TF │ R │ B1 … B_TB`, over a number of columns.
///
/// A step takes one to three columns, or a column stands for equally many steps of its stage. The scales of the stages
/// differ only where that fills the columns much better.
package struct ScoreAxis: Hashable, Sendable {
  /// How the steps of one stage lie on columns.
  package struct Scale: Hashable, Sendable {
    /// Steps of the stage.
    package let steps: Int
    /// Columns that a step takes, 1 where a column stands for several.
    package let columnsPerStep: Int
    /// Steps that a column stands for.
    package let stepsPerColumn: Int

    /// Columns in use.
    package var width: Int {
      stepsPerColumn > 1
        ? (steps + stepsPerColumn - 1) / stepsPerColumn : steps * columnsPerStep
    }

    /// First column of a step, counted from 1.
    package func column(_ step: Int) -> Int { (step - 1) / stepsPerColumn * columnsPerStep }

    /// The step that begins at a column, or that the column belongs to.
    package func step(at column: Int) -> Int {
      min(steps, column / columnsPerStep * stepsPerColumn + 1)
    }

    /// Dots across the columns of a step, from the left: `across` to a column.
    func dot(_ step: Int, across: Int) -> Int {
      column(step) * across + (step - 1) % stepsPerColumn * across / stepsPerColumn
    }

    fileprivate var density: Double { Double(columnsPerStep) / Double(stepsPerColumn) }

    /// From the widest to the narrowest.
    fileprivate static func choices(_ steps: Int, columns: Int) -> [Scale] {
      var result = [3, 2, 1].map { Scale(steps: steps, columnsPerStep: $0, stepsPerColumn: 1) }
      var last = 1
      for width in stride(from: min(columns, steps), to: 0, by: -1) {
        let merged = (steps + width - 1) / width
        guard merged > last else { continue }
        last = merged
        result.append(Scale(steps: steps, columnsPerStep: 1, stepsPerColumn: merged))
      }
      return result
    }
  }

  /// Where a column of the axis lies.
  package enum Place: Hashable, Sendable {
    case forward(step: Int)
    case readout
    case backward(step: Int)
  }

  /// The forward stage, from column 0.
  package let forward: Scale
  /// The backward stage, from ``backwardStart``.
  package let backward: Scale
  /// Columns between the stages: one, or three with lines around that of the readout.
  package let gap: Int

  /// The axis that fills `columns` best.
  package init(forwardSteps: Int, backwardSteps: Int, columns: Int) {
    gap = columns >= 24 ? 3 : 1
    let room = max(2, columns - gap)
    let backwardChoices = Scale.choices(max(1, backwardSteps), columns: room)
    var best: (value: Double, forward: Scale, backward: Scale)?
    for forward in Scale.choices(max(1, forwardSteps), columns: room) {
      let fitting = backwardChoices.lazy.filter { $0.width + forward.width <= room }
      for backward in fitting.prefix(6) {
        let used = Double(forward.width + backward.width) / Double(room)
        let ratio = log2(forward.density / backward.density)
        // What comes of a sample is decided in the forward stage.
        let value = used - (ratio < 0 ? 0.2 : 0.12) * abs(ratio)
        if value > best?.value ?? -.infinity { best = (value, forward, backward) }
      }
    }
    let one = { Scale(steps: max(1, $0), columnsPerStep: 1, stepsPerColumn: max(1, $0)) }
    forward = best?.forward ?? one(forwardSteps)
    backward = best?.backward ?? one(backwardSteps)
  }

  /// Column of the readout.
  package var readout: Int { forward.width + gap / 2 }
  /// First column of the backward stage.
  package var backwardStart: Int { forward.width + gap }
  /// Columns in use.
  package var width: Int { backwardStart + backward.width }

  /// The column of a moment; nil before the first step and after the last.
  package func column(_ moment: Moment) -> Int? {
    switch moment {
    case .start, .update: return nil
    case .forward(let step): return forward.column(step)
    case .readout: return readout
    case .backward(let step): return backwardStart + backward.column(step)
    }
  }

  /// What lies at a column; nil outside.
  package func place(at column: Int) -> Place? {
    switch column {
    case 0..<forward.width: return .forward(step: forward.step(at: column))
    case forward.width..<backwardStart: return .readout
    case backwardStart..<width: return .backward(step: backward.step(at: column - backwardStart))
    default: return nil
    }
  }

  /// What its scales are, in words; empty where every step has a column of its own.
  package var words: String {
    let (f, b) = (forward.stepsPerColumn, backward.stepsPerColumn)
    if f == b { return f > 1 ? "\(f) steps a column" : "" }
    return "F \(f), B \(b) \(max(f, b) > 1 ? "steps" : "step") a column"
  }
}
