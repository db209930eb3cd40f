import SpideEngine
import Testing

/// The ledger of METHOD's table, counted connection by connection from the spikes of every step, units channels-first.
struct PlainLedger {
  private var done: [LedgerStage: [SynapticOperations]] = [:]
  private var dense: [LedgerStage: [Double]] = [:]
  private var ordinary: [LedgerStage: [Double]] = [:]

  init(_ sample: NetworkCase) {
    let (plan, network) = (sample.plan, sample.network)
    let last = plan.layers.count - 1
    let current = InputCurrent(network: network, input: sample.input, masks: sample.masks)
    // Every spike of every step: [step][layer][unit].
    var forward = ForwardStage(network).start()
    var forwardSpikes: [[[Float]]] = []
    for _ in 0..<sample.dynamics.forwardSteps {
      ForwardStage(network).step(&forward, current)
      forwardSpikes.append(PlainLedger.spikes(forward, plan))
    }
    let readout = Readout(network: network, rate: forward.rate(last))
    let logitGradient = readout.logitGradient(label: sample.label, scale: sample.dynamics.lossScale)
    let sources = BackwardStage.Sources(
      forward: forward, inputCurrent: current,
      outputGradient: Readout.outputGradient(network: network, logitGradient: logitGradient))
    var backward = BackwardStage(network).start()
    var backwardSpikes: [[[Float]]] = []
    for _ in 0..<sample.dynamics.backwardSteps {
      BackwardStage(network).step(&backward, sources)
      backwardSpikes.append(PlainLedger.spikes(backward, plan))
    }
    let rates = plan.layers.indices.map { plan.layers[$0].channelsFirst(forward.rate($0)) }
    let betas = plan.layers.indices.map { plan.layers[$0].channelsFirst(backward.rate($0)) }
    let gates = rates.map { $0.map { $0 > 0 && $0 < 1 } }
    let frames: [[Float]]
    switch sample.input {
    case .constant(let values): frames = [values]
    case .varying(let values): frames = values
    }
    let mean = sample.input.mean.map { $0 != 0 }

    for link in plan.allLinks {
      guard let connection = plan.link(link) else { continue }
      let (source, target) = (plan.source(of: link), plan.target(of: link))
      let mask = sample.masks?.mask(of: link).map { target.channelsFirst($0) }
      let (from, to): (Int?, Int) =
        switch link {
        case .input: (nil, 0)
        case .link(let index): (index, index + 1)
        case .feedback: (last, 0)
        }
      // The last step's spikes would arrive a step after the end.
      let late = link == .feedback ? 1 : 0
      let pools = connection.kind.name == "average-pool"
      var sums: [LedgerStage: SynapticOperations] = [:]
      var all = 0
      connection.kind.base.forEachPair(source: source, target: target) { x, y, _, _ in
        all += 1
        let passes = gates[to][y] && (mask?[y] ?? 1) == 1
        if let from {
          let there = forwardSpikes.dropLast(late).count { $0[from][x] != 0 }
          sums[.forward, default: .init()].accumulates += Double(there)
          if passes {
            let back = backwardSpikes.dropLast(late).count { $0[to][y] != 0 }
            sums[.backward, default: .init()].accumulates += Double(back)
          }
        } else {
          let there = frames.count { $0[x] != 0 }
          sums[.forward, default: .init()].multiplyAccumulates += Double(there)
        }
        let rate = from.map { rates[$0][x] != 0 } ?? mean[x]
        if !pools, passes, rate, betas[to][y] != 0 {
          sums[.gradient, default: .init()].multiplyAccumulates += 1
        }
      }
      let connections = Double(all)
      add(sums)
      let steps = (
        link == .input ? frames.count : forwardSpikes.count - late,
        link == .input ? 0 : backwardSpikes.count - late
      )
      add(
        dense: connections * Double(steps.0), connections * Double(steps.1),
        pools ? 0 : connections)
      add(
        ordinary: pools ? 0 : connections, pools || link == .input ? 0 : connections,
        pools ? 0 : connections)
    }
    // The classifier.
    let active = Double(rates[last].count { $0 != 0 })
    let errors = Double(logitGradient.count { $0 != 0 })
    let connections = Double(rates[last].count * plan.classes)
    add([
      .forward: .init(multiplyAccumulates: active * Double(plan.classes)),
      .backward: .init(multiplyAccumulates: errors * Double(rates[last].count)),
      .gradient: .init(multiplyAccumulates: errors * active),
    ])
    add(dense: connections, connections, connections)
    add(ordinary: connections, connections, connections)
  }

  /// Holds every column of a ledger against what was counted.
  func expectEqual(_ ledger: Ledger, _ what: Comment) {
    for stage in LedgerStage.allCases {
      #expect(ledger.links.map { $0[stage].done } == done[stage], "\(stage) of \(what)")
      #expect(
        ledger.links.map { $0[stage].dense.total } == dense[stage], "\(stage), dense, of \(what)")
      #expect(
        ledger.links.map { $0[stage].ordinary } == ordinary[stage], "\(stage), ordinary, of \(what)"
      )
    }
  }

  private mutating func add(_ sums: [LedgerStage: SynapticOperations]) {
    for stage in LedgerStage.allCases { done[stage, default: []].append(sums[stage] ?? .init()) }
  }

  private mutating func add(dense forward: Double, _ backward: Double, _ gradient: Double) {
    for (stage, value) in zip(LedgerStage.allCases, [forward, backward, gradient]) {
      dense[stage, default: []].append(value)
    }
  }

  private mutating func add(ordinary forward: Double, _ backward: Double, _ gradient: Double) {
    for (stage, value) in zip(LedgerStage.allCases, [forward, backward, gradient]) {
      ordinary[stage, default: []].append(value)
    }
  }

  private static func spikes(_ state: StageState, _ plan: NetworkPlan) -> [[Float]] {
    plan.layers.indices.map { layer in
      var spikes = [Float](repeating: 0, count: plan.layers[layer].count)
      state.layers[layer].spikes.forEach { spikes[$0] = Float($1) }
      return plan.layers[layer].channelsFirst(spikes)
    }
  }
}

extension NetworkCase {
  /// Whether the input has a frame for every step.
  var isVarying: Bool {
    if case .varying = input { return true }
    return false
  }
}

extension SampleRun {
  /// What the run took.
  func tally(_ plan: NetworkPlan, label: Int) -> Tally {
    Tally(
      plan: plan, inputCurrent: inputCurrent, forward: forward, readout: readout, label: label,
      backward: backward.map { ($0.state, $0.sources, $0.logitGradient) })
  }
}
