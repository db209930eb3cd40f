import SpideEngine
import Testing

/// The loss scale that would just make a silent layer fire.
@Suite struct SilentLayerTests {
  /// The scale that is found makes the layer fire, and a hundredth less does not; both are run as samples of their own.
  @Test func theScaleIsTheLeast() throws {
    var (found, never, firing, odd) = (0, 0, 0, 0)
    for seed in UInt64(0)..<60 {
      let form = NetworkCase.Form.small[Int(seed) % NetworkCase.Form.small.count]
      let drawn = NetworkCase(form, seed: seed)
      var dynamics = drawn.dynamics
      dynamics.lossScale = 0.01
      func session(_ scale: Float) -> Session {
        dynamics.lossScale = scale
        return Session(
          network: PackedNetwork(
            plan: drawn.plan, parameters: drawn.parameters, dynamics: dynamics),
          input: drawn.input, label: drawn.label, batch: 2)
      }
      func spikes(_ scale: Float, _ layer: Int) -> Int {
        var session = session(scale)
        session.move(to: session.end)
        return session.backward?.layers[layer].spikeTotal ?? 0
      }
      for layer in drawn.plan.layers.indices {
        let place = "seed \(seed), layer \(layer)"
        guard let silent = SilentLayer(layer, of: session(0.01)) else {
          #expect(spikes(0.01, layer) > 0, "\(place)")
          firing += 1
          continue
        }
        #expect(spikes(0.01, layer) == 0, "\(place)")
        #expect(silent.layer == layer)
        #expect(silent.largestPotential < 1, "\(place)")
        guard let scale = silent.lossScale else {
          #expect(spikes(Dynamics.largestConstant, layer) == 0, "\(place)")
          never += 1
          continue
        }
        #expect(spikes(scale, layer) > 0, "\(place)")
        // The last layer's first spike comes the sooner the larger g is. What spikes bring the others may cancel with more.
        if spikes(scale / 1.01, layer) > 0 { odd += 1 }
        #expect(layer < drawn.plan.layers.count - 1 || spikes(scale / 1.01, layer) == 0, "\(place)")
        found += 1
      }
    }
    #expect(found > 40 && never > 5, "\(found) found, \(never) never, \(firing) firing")
    #expect(odd * 10 < found, "\(odd) of \(found)")
  }

  /// One neuron without feedback: `g = s_c (p - 1) (1 - -1)` adds up to the threshold within `T_B` steps.
  @Test func byHand() throws {
    let plan = try NetworkPlan(
      inputShape: LayerShape(units: 1), classes: 2, input: Link(.dense(units: 1)), links: [])
    var parameters = Parameters(zerosFor: plan)
    parameters["classifier.weight"] = [1, -1]
    let dynamics = Dynamics(backwardSteps: 50, lossScale: 0.001)
    let network = PackedNetwork(plan: plan, parameters: parameters, dynamics: dynamics)
    // The neuron rests: both classes have 1/2, and |g| is s_c.
    var session = Session(network: network, input: .constant([0]), label: 0)
    let silent = try #require(SilentLayer(0, of: session))
    #expect(abs(silent.largestPotential - 0.001 * 50 / 0.5) < 1e-5)
    let scale = try #require(silent.lossScale)
    #expect(scale >= 0.00999 && scale < 0.0101)
    session.move(to: 5)
    #expect(SilentLayer(0, of: session) == silent)
    session.move(to: session.end)
    #expect(SilentLayer(0, of: session) == silent)
    #expect(SilentLayer(0, of: session, while: { false }) == nil)
    #expect(SilentLayer(1, of: session) == nil)
    #expect(
      SilentLayer(0, of: Session(network: network, input: .constant([0]), label: nil)) == nil)
  }
}
