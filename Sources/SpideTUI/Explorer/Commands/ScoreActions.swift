import SpideEngine
import SpideExperiment

extension Action {
  /// Selects a neuron of a flat layer, or a channel at the position of the selected neuron.
  static func selectVoice(_ voice: Int) -> Action {
    Action { model in
      let shape = model.plan.layers[model.unit.layer]
      let place = model.unit.unit / shape.channels
      let unit = place * shape.channels + min(max(0, voice), shape.channels - 1)
      model.select(index: shape.channelsFirstIndex(unit))
      return []
    }
  }

  /// Selects the neuron or channel so many further down, in the order in which they stand; past the end, of the next layer.
  static func moveVoice(_ count: Int) -> Action {
    Action { model in
      let shape = model.plan.layers[model.unit.layer]
      let order = model.selectedStaff?.rows.order ?? Array(0..<shape.channels)
      let place = order.firstIndex(of: model.unit.unit % shape.channels) ?? 0
      let next = place + count
      if order.indices.contains(next) { return model.perform(.selectVoice(order[next])) }
      let layer = model.unit.layer + (count > 0 ? 1 : -1)
      guard abs(count) == 1, model.plan.layers.indices.contains(layer) else {
        return model.perform(.selectVoice(order[count > 0 ? order.count - 1 : 0]))
      }
      model.select(layer: layer)
      let last = model.plan.layers[layer].channels - 1
      return model.perform(.selectVoice(count > 0 ? 0 : last))
    }
  }

  /// The next (1) or previous (-1) layer.
  static func moveLayer(_ direction: Int) -> Action {
    Action { model in
      model.select(layer: model.unit.layer + direction)
      return []
    }
  }

  /// The neuron of the layer that is next less (1) or more (-1) active.
  static func moveActivity(_ direction: Int) -> Action {
    Action { model in
      let layer = model.unit.layer
      let activity = model.session.activity(layer)
      let shape = model.plan.layers[layer]
      guard activity.count == shape.count,
        let unit = shape.unit(after: model.unit.unit, in: activity, direction: direction)
      else {
        model.note = Note(
          text: "no neuron of L\(layer) is \(direction > 0 ? "less" : "more") active")
        return []
      }
      model.select(index: shape.channelsFirstIndex(unit))
      let steps =
        model.session.backward == nil
        ? "all \(model.session.dynamics.forwardSteps) forward steps" : "the backward steps so far"
      model.note = Note(
        text: "\(Words.unit(model.unit, model.plan)): "
          + "\(Words.counted(Int(activity[unit]), "spike")) in \(steps)")
      return []
    }
  }

  /// The next wrong sample: of the test set, or of the batch while training by hand.
  static let nextWrong = Action { model in
    // Numbers of a batch are those of training samples, whichever sample is still on screen.
    let isBatch = model.mode == .train && !model.training.nextBatch.isEmpty
    let part = isBatch ? SampleReference.Part.train : model.sample.part
    let samples = isBatch ? model.data.train : model.source
    let all = isBatch ? model.training.nextBatch : Array(0..<samples.count)
    let shown = part == model.sample.part ? all.firstIndex(of: model.sample.index) : nil
    let place = shown ?? all.count - 1
    let candidates = (all[(place + 1)...] + all[..<place]).map { index in
      part == .train
        ? model.trainingSample(index) : SampleReference(part: .test, index: index)
    }
    return [
      .search(
        SearchOrder(
          plan: model.plan, parameters: model.parameters, dynamics: model.dynamics,
          samples: samples, candidates: candidates))
    ]
  }

  /// The selected channel's map in place of its layer's rows, or back.
  static let nextScoreMode = Action { model in
    model.score.showsMap.toggle()
    if model.score.showsMap, !model.hasMap {
      model.note = Note(
        text: "L\(model.unit.layer) is flat and has no map; layers with channels do")
    }
    return []
  }

  /// Channels in the order of their numbers, or the one that spikes most first.
  static let nextChannelOrder = Action { model in
    model.score.isStrongestFirst.toggle()
    model.note = Note(
      text: model.score.isStrongestFirst
        ? "channels: the one that spikes most first" : "channels: in the order of their numbers")
    return []
  }

  /// The loss scale with which the selected layer, silent so far, would just fire; where it fires, the preset's again.
  static let setFiringScale = Action { model in
    let layer = model.unit.layer
    guard let facts = model.scoreFacts else {
      model.note = Note(
        text: model.session.readout == nil
          ? "which loss scale a layer needs is known after the readout: n"
          : "the loss scale is still being looked for")
      return []
    }
    guard let silent = facts.silent[layer] else {
      let given = model.preset.dynamics.lossScale
      guard model.dynamics.lossScale != given else {
        model.note = Note(text: "L\(layer) is not silent")
        return []
      }
      var changed = model.dynamics
      changed.lossScale = given
      model.use(changed)
      model.note = Note(text: "loss scale \(Words.constant(given)) again; the sample was run again")
      return []
    }
    guard let scale = silent.lossScale else {
      model.note = Note(text: "no loss scale would make L\(layer) fire")
      return []
    }
    var changed = model.dynamics
    let before = Words.constant(changed.lossScale)
    changed.lossScale = scale
    model.use(changed)
    model.note = Note(
      text:
        "loss scale \(Words.constant(scale)), was \(before): the sample was run again; g takes it back"
    )
    return []
  }
}
