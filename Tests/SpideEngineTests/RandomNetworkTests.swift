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
      for id in plan.allLinks {
        guard let link = plan.link(id) else { continue }
        let end = id == .input ? "input" : id == .feedback ? "feedback" : "link"
        let (kind, name) = (link.kind, link.kind.name)
        note("\(end) \(name)")
        if let kernel = kind.size("kernel"), let stride = kind.size("stride"),
          let padding = kind.size("padding")
        {
          note("\(name) padded beyond its kernel", padding > kernel)
          note("\(name) with a stride beyond its kernel", stride > kernel)
          note("\(name) with an odd stride", stride > 1 && stride % 2 == 1)
          note("output padding", (kind.size("output-padding") ?? 0) > 0)
        }
        note("feedback with bias", id == .feedback && link.hasBias)
        note("feedback without bias", id == .feedback && !link.hasBias)
        note("\(end) dropout", link.dropout > 0)
      }
      note("a panel and more", plan.layers.contains { $0.positions > 1 && $0.channels > 64 })
      let leaks = (sample.dynamics.forward.leak, sample.dynamics.backward.leak)
      note("leak", leaks.0 < 1)
      note("leak of the forward stage alone", leaks.0 < 1 && leaks.1 == 1)
      note("leak of the backward stage alone", leaks.0 == 1 && leaks.1 < 1)
      if plan.feedback?.kind.base is Dense { note("dense onto maps", !plan.layers[0].isFlat) }
      note("varying", sample.frames > 1)
      note("long stages", sample.dynamics.backwardSteps > 127)
      let spikes = sample.judged().backward.layers.map(\.spikeTotal)
      note("spikes back to the first layer", spikes[0] > 0 && plan.layers.count > 1)
    }
    // Every kind at every end that it can stand at: one that nobody draws is one that nobody tests.
    let kinds = AnyLinkKind.all.flatMap { kind in
      ["input", "link"].map { "\($0) \(kind.name)" }
        + (kind.hasWeight ? ["feedback \(kind.name)"] : [])
    }
    let windows = [Convolution.name, TransposedConvolution.name].flatMap { name in
      [
        "padded beyond its kernel", "with a stride beyond its kernel", "with an odd stride",
      ].map { "\(name) \($0)" }
    }
    for what in kinds + windows + [
      "output padding", "feedback with bias",
      "feedback without bias", "input dropout", "link dropout", "feedback dropout",
      "a panel and more", "leak", "leak of the forward stage alone",
      "leak of the backward stage alone", "dense onto maps", "varying", "long stages",
    ] {
      #expect(drawn[what, default: 0] >= 3, "\(what): \(drawn[what, default: 0])")
    }
    #expect(drawn["spikes back to the first layer", default: 0] >= 30, "\(drawn)")
  }
}
