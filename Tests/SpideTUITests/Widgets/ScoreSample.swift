import SpideEngine
import SpideTUI

/// A score of made-up spikes.
struct ScoreSample {
  let forward: [[SpikeEvents]]
  let backward: [[SpikeEvents]]
  private(set) var score: Score

  /// Flat layers of so many neurons at the end of both stages.
  init(units: [Int], forwardSteps: Int, backwardSteps: Int) {
    let forward = units.map {
      Samples.spikes(units: $0, steps: forwardSteps, rate: 0.3, isSigned: false)
    }
    let backward = units.map {
      Samples.spikes(units: $0, steps: backwardSteps, rate: 0.1, isSigned: true)
    }
    self.forward = forward
    self.backward = backward
    score = Score(
      input: "input 8×8",
      layers: units.indices.map { index in
        let shape = LayerShape(units: units[index])
        return Score.Layer(
          name: "L\(index)", shape: shape, link: "dense",
          forward: ScoreSample.counted(forward[index], shape, .forward),
          backward: ScoreSample.counted(backward[index], shape, .backward))
      }, feedback: "dense", forwardSteps: forwardSteps,
      backwardSteps: backwardSteps, moment: .update, selected: (units.count - 1, 3))
    score.feedbackNorm = "‖W‖ 1.7, limit 2"
    let values = (0..<max(forwardSteps, backwardSteps)).map { Double($0 % 5) / 4 - 0.4 }
    score.potential = Score.Potential(
      name: "L\(units.count - 1) #3",
      forward: PotentialTrace.Segment(
        label: "Vth 1", values: Array(values.prefix(forwardSteps)),
        spikes: (0..<forwardSteps).map { $0 % 5 == 4 ? 1 : 0 }, stepCount: forwardSteps,
        levels: [.init(.threshold, 1, label: "Vth"), .init(.reset, -1, label: "reset")]),
      backward: PotentialTrace.Segment(
        label: "±Vth,b 0.5", values: Array(values.prefix(backwardSteps)),
        spikes: (0..<backwardSteps).map { $0 % 10 == 4 ? -1 : 0 }, stepCount: backwardSteps,
        levels: [.init(.threshold, 0.5, label: "Vth,b"), .init(.threshold, -0.5, label: "−Vth,b")]))
  }

  /// Feature maps whose spikes, in engine order, are given for each step of both stages, without feedback.
  init(_ shape: LayerShape, forward: [SpikeEvents], backward: [SpikeEvents]) {
    self.forward = [forward]
    self.backward = [backward]
    score = Score(
      input: "input",
      layers: [
        Score.Layer(
          name: "L0", shape: shape, link: "conv 3×3",
          forward: ScoreSample.counted(forward, shape, .forward),
          backward: ScoreSample.counted(backward, shape, .backward))
      ], forwardSteps: forward.count, backwardSteps: backward.count, moment: .update)
  }

  private static func counted(
    _ steps: [SpikeEvents], _ shape: LayerShape, _ stage: Stage
  ) -> ScoreMonitor.Layer {
    var layer = ScoreMonitor.Layer(shape)
    for spikes in steps { layer.record(spikes, stage, largest: 0.2) }
    return layer
  }
}
