/// A layer whose backward stage fires no spike for a sample: how far it was from one, and the loss scale that would just
/// have made it fire (TheMethod.md, "Where the spike gradient errs").
public struct SilentLayer: Sendable, Hashable {
  /// Which layer, from 0.
  public let layer: Int
  /// `max |u|` over units and steps of the backward stage, as a share of `V_th,b`.
  public let largestPotential: Float
  /// The least `s_c` with which the layer fires, others equal, to 0.5 %; nil where none that a preset may have makes it,
  /// as where the gates let nothing through.
  public let lossScale: Float?

  /// Two loss scales, the larger of which makes a layer fire and the smaller not, are searched no further below this ratio.
  private static let ratio: Float = 1.005

  /// Runs the backward stage of a sample again and again with other loss scales. The forward stage does not depend on them.
  ///
  /// - Parameters:
  ///   - layer: the layer, from 0.
  ///   - session: the sample, wherever its cursor stands.
  ///   - isWanted: asked before every step.
  /// - Returns: nil where the layer fires, where the sample has no label, and once it is not wanted any more.
  public init?(
    _ layer: Int, of session: Session, while isWanted: () -> Bool = { true }
  ) {
    guard session.label != nil, session.plan.layers.indices.contains(layer) else { return nil }
    var session = session
    while session.position < session.timeline.position(of: .readout), isWanted() {
      session.move(to: session.position + 1)
    }
    guard isWanted() else { return nil }
    session.move(to: session.timeline.position(of: .readout))
    guard let search = Search(layer, session), search.scale > 0,
      let given = search.run(search.scale, while: isWanted), !given.fires
    else { return nil }
    self.layer = layer
    largestPotential = given.largest / session.dynamics.backward.threshold
    var (low, high) = (search.scale, search.scale)
    repeat {
      guard high < Dynamics.largestConstant else {
        lossScale = nil
        return
      }
      (low, high) = (high, min(2 * high, Dynamics.largestConstant))
      guard let run = search.run(high, while: isWanted) else { return nil }
      if run.fires { break }
    } while true
    while high > SilentLayer.ratio * low {
      let middle = (low * high).squareRoot()
      guard let run = search.run(middle, while: isWanted) else { return nil }
      if run.fires { high = middle } else { low = middle }
    }
    lossScale = high
  }

  /// The backward stage of one sample for any loss scale.
  private struct Search {
    let layer: Int
    let stage: BackwardStage
    let sources: BackwardStage.Sources
    let readout: Readout
    let label: Int
    let batch: Int

    /// Of a session at its readout.
    init?(_ layer: Int, _ session: Session) {
      guard let sources = session.sources, let readout = session.readout, let label = session.label
      else { return nil }
      self.layer = layer
      stage = BackwardStage(session.network)
      self.sources = sources
      self.readout = readout
      self.label = label
      batch = session.batch
    }

    /// The loss scale in use.
    var scale: Float { stage.network.dynamics.lossScale }

    /// Whether the layer fires, at which step the run ends, and the largest `|u|` that it came to; nil once it is not wanted.
    func run(_ scale: Float, while isWanted: () -> Bool) -> (fires: Bool, largest: Float)? {
      let scores = readout.logitGradient(label: label, scale: scale / Float(batch))
      let sources = BackwardStage.Sources(
        sources,
        outputGradient: Readout.outputGradient(network: stage.network, logitGradient: scores))
      var state = stage.start()
      var largest: Float = 0
      for _ in 0..<stage.network.dynamics.backwardSteps {
        guard isWanted() else { return nil }
        stage.step(&state, sources)
        for potential in state.layers[layer].potential { largest = max(largest, abs(potential)) }
        if state.layers[layer].spikeTotal > 0 { return (true, largest) }
      }
      return (false, largest)
    }
  }
}
