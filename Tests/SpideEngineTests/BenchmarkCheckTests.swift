import Glibc
import SpideEngine
import Testing

@Suite struct BenchmarkCheckTests {
  private struct Trial {
    let sample: NetworkCase
    let samples: NormalSet

    init(_ seed: UInt64) {
      sample = NetworkCase(.any, seed: seed)
      samples = NormalSet(sample.plan, count: 1, frames: sample.frames)
    }

    func check(_ fast: Parameters? = nil) -> BenchmarkCheck {
      BenchmarkCheck(
        plan: sample.plan, parameters: sample.parameters, judging: fast ?? sample.parameters,
        dynamics: sample.dynamics, samples: samples)
    }

    /// How far the gradients of the dense program by itself are from the stepper's, as a share of their size, in the
    /// parameter where it is most.
    func drift() -> Double {
      let network = sample.inference
      let run = SampleRun(network: network, input: samples.signal(0), label: samples.label(0))
      var sums = Gradients(network: network)
      run.addGradients(to: &sums, network: network)
      let twin = DenseStages(
        plan: sample.plan, parameters: sample.parameters, dynamics: sample.dynamics)
      let forward = twin.forward(samples.signal(0))
      let scores = twin.scoreGradient(
        twin.logits(forward.rates[sample.plan.layers.count - 1]), label: samples.label(0))
      let gates = twin.gates(forward.rates)
      let backward = twin.backward(twin.outputGradient(scores), gates: gates)
      let dense = twin.gradients(
        samples.signal(0), rates: forward.rates, gates: gates, betas: twin.betas(backward),
        scoreGradient: scores)
      let fast = sums.parameters(network: network)
      return zip(fast.specifications, fast.values).map { specification, values in
        let exact = dense[specification.name] ?? []
        let size = exact.reduce(0) { $0 + $1 * $1 }
        let off = zip(values, exact).reduce(0) {
          $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1)
        }
        return off == 0 ? 0 : (off / size).squareRoot()
      }.max() ?? 0
    }
  }

  @Test(.enabled(if: getenv("SPIDE_SCAN") != nil)) func scan() {
    for seed in UInt64(0)..<UInt64(String(cString: getenv("SPIDE_SCAN")))! {
      let trial = Trial(seed)
      let drift = trial.drift()
      let check = trial.check()
      if drift > 0.02 || !check.isGood || check.distance > 2e-6 {
        print("SCAN", seed, drift, check.distance, check.fault ?? "good", trial.sample.dynamics)
      }
    }
  }
}
