import SpideEngine
import SpideExperiment

extension Action {
  /// The stages that a reset belongs to.
  enum Stage: Sendable {
    case forward
    case backward
  }

  /// The next reset of a stage.
  static func nextReset(_ stage: Stage) -> Action {
    Action { model in
      func next(_ neuron: NeuronParameters, of preset: NeuronParameters) -> ResetMode {
        // A number that the preset gives takes part in the round, so that it is never lost.
        var round: [ResetMode] = [.minusThreshold, .zero, .potential(-neuron.threshold / 2)]
        if case .potential = preset.reset { round[2] = preset.reset }
        let place = round.firstIndex(of: neuron.reset) ?? round.count - 1
        return round[(place + 1) % round.count]
      }
      let given = model.preset.dynamics
      var changed = model.dynamics
      switch stage {
      case .forward: changed.forward.reset = next(changed.forward, of: given.forward)
      case .backward: changed.backward.reset = next(changed.backward, of: given.backward)
      }
      model.use(changed)
      model.note = Note(
        text: "reset \(Words.reset(changed.forward)) forward, \(Words.reset(changed.backward)) "
          + "backward; the sample was run again")
      return []
    }
  }

  /// Moves the selected constant by so many clicks.
  static func adjust(_ clicks: Int) -> Action {
    Action { model in
      let selected = model.adjustable
      model.use(selected.changed(model.dynamics, by: clicks, sharesLeak: model.sharesLeak))
      let (now, given) = (
        selected.description(model.dynamics), selected.description(model.givenDynamics)
      )
      model.note = Note(
        text: now + (now == given ? "" : " (preset: \(given))") + "; v selects another parameter")
      return []
    }
  }

  /// Selects the next constant.
  static let nextAdjustable = Action { model in
    let all = Adjustable.allCases
    model.adjustable = all[(model.adjustable.rawValue + 1) % all.count]
    model.note = Note(text: "+ and - now change \(model.adjustable.description(model.dynamics))")
    return []
  }

  /// Resets compared on this sample, or in the mean over the first of the test set.
  static let toggleResetMean = Action { model in
    model.showsResetMean.toggle()
    if model.showsResetMean, model.training.state == .running {
      model.note = Note(text: "training moves the weights: t pauses it, then means are computed")
    }
    return []
  }

  /// Compares resets of the same `V` or of the same threshold.
  static let nextBasis = Action { model in
    model.basis = model.basis == .sameResetAmount ? .sameThreshold : .sameResetAmount
    return []
  }
}
