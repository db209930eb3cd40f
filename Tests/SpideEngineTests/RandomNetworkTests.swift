import Glibc
import SpideEngine
import Testing

/// Networks that nobody would think of, in all three programs: what trains (``BlockRun``) has the bits of what steps
/// (``ForwardStage``, ``BackwardStage``), and the dense program judges that. `SPIDE_RANDOM_NETWORKS=700` takes so many
/// instead of the first few.
@Suite struct RandomNetworkTests {
  private static let count =
    getenv("SPIDE_RANDOM_NETWORKS").flatMap { Int(String(cString: $0)) } ?? 300
  /// Tests that share the networks, so that processors do.
  private static let parts = 8

  @Test(arguments: 0..<parts) func engineProgramsAgree(part: Int) {
    for seed in stride(from: part, to: Self.count, by: Self.parts) {
      let sample = NetworkCase(.any, seed: UInt64(seed))
      let fault = sample.judged().fault
      #expect(fault == nil, "seed \(seed): \(sample.testDescription)")
      blocksEqualSteps(of: sample, seed: UInt64(seed))
    }
  }

  /// That the networks are such.
  @Test func everythingIsDrawn() {
    var drawn: [String: Int] = [:]
    func note(_ what: String, _ isSo: Bool = true) { if isSo { drawn[what, default: 0] += 1 } }
    for seed in UInt64(0)..<160 {
      let sample = NetworkCase(.any, seed: seed)
      let plan = sample.plan
      for link in plan.allLinks {
        guard let connection = plan.connection(link) else { continue }
        let end = link == .input ? "input" : link == .feedback ? "feedback" : "link"
        func window(_ name: String, _ kernel: Int, _ stride: Int, _ padding: Int, _ extra: Int) {
          note("\(end) \(name)")
          note("\(name) padded beyond its kernel", padding > kernel)
          note("\(name) with a stride beyond its kernel", stride > kernel)
          note("\(name) with an odd stride", stride > 1 && stride % 2 == 1)
          note("output padding", extra > 0)
        }
        switch connection.kind {
        case .dense: note("\(end) dense")
        case .averagePool: note("\(end) pool")
        case .convolution(_, let kernel, let stride, let padding):
          window("convolution", kernel, stride, padding, 0)
        case .transposedConvolution(_, let kernel, let stride, let padding, let extra):
          window("transposed", kernel, stride, padding, extra)
        }
        note("feedback with bias", link == .feedback && connection.hasBias)
        note("feedback without bias", link == .feedback && !connection.hasBias)
        note("\(end) dropout", connection.dropout > 0)
      }
      note("a panel and more", plan.layers.contains { $0.places > 1 && $0.channels > 64 })
      note("leak", sample.dynamics.leak < 1)
      note("varying", sample.frames > 1)
      note("long stages", sample.dynamics.backwardSteps > 127)
      let spikes = sample.judged().backward.layers.map(\.spikeTotal)
      note("spikes back to the first layer", spikes[0] > 0 && plan.layers.count > 1)
    }
    for what in [
      "input dense", "input pool", "input convolution", "input transposed", "link dense",
      "link pool",
      "link convolution", "link transposed", "feedback dense", "feedback convolution",
      "feedback transposed", "convolution padded beyond its kernel",
      "transposed padded beyond its kernel", "convolution with a stride beyond its kernel",
      "transposed with a stride beyond its kernel", "convolution with an odd stride",
      "transposed with an odd stride", "output padding", "feedback with bias",
      "feedback without bias", "input dropout", "link dropout", "feedback dropout",
      "a panel and more", "leak", "varying", "long stages",
    ] {
      #expect(drawn[what, default: 0] >= 3, "\(what): \(drawn[what, default: 0])")
    }
    #expect(drawn["spikes back to the first layer", default: 0] >= 30, "\(drawn)")
  }
}
