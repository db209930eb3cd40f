import Glibc

/// The obvious program for both stages and their gradients: TheMethod.md line by line in double precision, over weights in
/// PyTorch's layout and units channels-first, without events, packing or folded constants. Slow on purpose; tests hold the
/// stages against it.
package struct DenseStages {
  let plan: NetworkPlan
  let dynamics: Dynamics
  let weights: [LinkID: [Double]]
  let biases: [LinkID: [Double]]
  /// Of each link's output: 0 where dropped, `1 / (1 - p)` where kept. None without dropout.
  private let masks: [LinkID: [Double]]
  /// TheMethod.md, "Feedback norm".
  private let feedbackFactor: Double
  let classifier: (weight: [Double], bias: [Double])

  /// What a stage came to.
  package struct Trajectory {
    /// The weighted mean of the spikes up to the last step, `[layer][unit]`.
    package var rates: [[Double]] = []
    /// What of the program that was followed its precision does not explain, in words: the first thing; nil where there is
    /// nothing, or nobody was followed.
    package var fault: String?
    /// Every step of a stage that ran by itself; a long one that goes along with another program keeps none.
    package var steps: [Step] = []
    /// How near the nearest `h` came to a threshold: below the rounding of single precision, either side is right.
    package var margin = Double.infinity
  }

  /// Weights as they are stored, constants, and the sample's dropout masks.
  package init(
    plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics, masks: DropoutMasks? = nil
  ) {
    self.plan = plan
    self.dynamics = dynamics
    func tensor(_ name: String) -> [Double] { (parameters[name] ?? []).map(Double.init) }
    let feedback = tensor("feedback.weight")
    let norm = feedback.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let factor = norm > 0 ? min(norm, plan.feedbackMaxNorm.map(Double.init) ?? norm) / norm : 1
    feedbackFactor = factor
    var weights: [LinkID: [Double]] = [:]
    var biases: [LinkID: [Double]] = [:]
    var scaled: [LinkID: [Double]] = [:]
    for link in plan.allLinks {
      weights[link] = tensor(link.name + ".weight").map { link == .feedback ? $0 * factor : $0 }
      if plan.link(link)?.hasBias == true { biases[link] = tensor(link.name + ".bias") }
      if let mask = masks?.mask(of: link), let dropout = plan.link(link)?.dropout {
        scaled[link] = plan.target(of: link).channelsFirst(mask).map {
          Double($0) / (1 - Double(dropout))
        }
      }
    }
    self.weights = weights
    self.biases = biases
    self.masks = scaled
    classifier = (tensor("classifier.weight"), tensor("classifier.bias"))
  }

  // MARK: Stages

  /// The forward stage; `input` as a run takes it.
  ///
  /// - Parameter leader: a program to go along with; nil for a stage that runs by itself.
  package func forward(_ input: InputSignal, following leader: Leader? = nil) -> Trajectory {
    let last = plan.layers.count - 1
    return run(
      .forward, order: Array(0...last),
      following: leader.map { StageJudge($0, dynamics.forward, roundings: forwardRoundings(input)) }
    ) { step, layer, now, before in
      if layer > 0 { return send(.link(layer - 1), now[layer - 1]) }
      let frame: [Float] =
        switch input {
        case .constant(let values): values
        case .varying(let frames): frames[step]
        }
      let current = send(.input, frame.map(Double.init))
      if plan.feedback == nil || step == 0 { return current }
      return sum(current, send(.feedback, before[last]))
    }
  }

  /// `z = C a + c` for the rates of the last layer.
  package func logits(_ rates: [Double]) -> [Double] {
    classifier.bias.indices.map { row in
      rates.indices.reduce(classifier.bias[row]) {
        $0 + classifier.weight[row * rates.count + $1] * rates[$1]
      }
    }
  }

  /// `s_c / batch · (softmax(z) - onehot)`.
  package func logitGradient(_ logits: [Double], label: Int, batch: Int = 1) -> [Double] {
    let largest = logits.max() ?? 0
    let powers = logits.map { exp($0 - largest) }
    let total = powers.reduce(0, +)
    return powers.indices.map {
      Double(dynamics.lossScale) / Double(batch) * (powers[$0] / total - ($0 == label ? 1 : 0))
    }
  }

  /// `g = Cᵀ · logitGradient`.
  package func outputGradient(_ logitGradient: [Double]) -> [Double] {
    let units = plan.layers[plan.layers.count - 1].count
    return (0..<units).map { unit in
      logitGradient.indices.reduce(0) {
        $0 + classifier.weight[$1 * units + unit] * logitGradient[$1]
      }
    }
  }

  /// `m`: 1 where `0 < a < 1`.
  package func gates(_ rates: [[Double]]) -> [[Double]] {
    rates.map { $0.map { $0 > 0 && $0 < 1 ? 1 : 0 } }
  }

  /// The backward stage from `g` and the gates.
  ///
  /// - Parameter leader: a program to go along with; nil for a stage that runs by itself.
  package func backward(
    _ outputGradient: [Double], gates: [[Double]], following leader: Leader? = nil
  ) -> Trajectory {
    let last = plan.layers.count - 1
    let resetAmount = Double(dynamics.backward.resetAmount)
    return run(
      .backward, order: (0...last).reversed(),
      following: leader.map {
        StageJudge($0, dynamics.backward, roundings: backwardRoundings(outputGradient))
      }
    ) { _, layer, now, before in
      if layer < last {
        return sendBack(.link(layer), product(gates[layer + 1], now[layer + 1]), times: resetAmount)
      }
      if plan.feedback == nil { return outputGradient }
      return sum(
        outputGradient, sendBack(.feedback, product(gates[0], before[0]), times: resetAmount))
    }
  }

  /// `β = V_b ·` weighted mean, `[layer][unit]`.
  package func betas(_ backward: Trajectory) -> [[Double]] {
    backward.rates.map { $0.map { $0 * Double(dynamics.backward.resetAmount) } }
  }

  /// `β` by plain sweeps over `β_{N-1} = g + (1/V) W_fbᵀ (m_0 ⊙ β_0)`, `β_i = (1/V) W_iᵀ (m_{i+1} ⊙ β_{i+1})`.
  package func implicitDifferentiation(
    _ outputGradient: [Double], gates: [[Double]], sweeps: Int
  ) -> [[Double]] {
    let last = plan.layers.count - 1
    var betas = plan.layers.map { [Double](repeating: 0, count: $0.count) }
    for _ in 0..<sweeps {
      betas[last] =
        plan.feedback == nil
        ? outputGradient
        : sum(outputGradient, sendBack(.feedback, product(gates[0], betas[0]), times: 1))
      for layer in (0..<last).reversed() {
        betas[layer] = sendBack(
          .link(layer), product(gates[layer + 1], betas[layer + 1]), times: 1)
      }
    }
    return betas
  }

  /// The gradients of every parameter from rates `a`, gates `m` and `β`, by name (TheMethod.md, "Gradients").
  package func gradients(
    _ input: InputSignal, rates: [[Double]], gates: [[Double]], betas: [[Double]],
    logitGradient: [Double]
  ) -> [String: [Double]] {
    let last = plan.layers.count - 1
    var result: [String: [Double]] = [:]
    for id in plan.allLinks {
      guard let link = plan.link(id), let weight = weights[id] else { continue }
      let (from, to): ([Double], Int) =
        switch id {
        case .input: (input.mean.map(Double.init), 0)
        case .link(let index): (rates[index], index + 1)
        case .feedback: (rates[last], 0)
        }
      let target = plan.target(of: id)
      let errors = masked(id, product(gates[to], betas[to])).map {
        $0 / Double(dynamics.forward.resetAmount)
      }
      if !weight.isEmpty {
        result[id.name + ".weight"] = DenseTwin.outer(
          link, source: plan.source(of: id), target: target, weights: weight.count, from,
          errors
        ).map { id == .feedback ? $0 * feedbackFactor : $0 }
      }
      if let bias = biases[id] {
        // PyTorch's dense layer knows no positions.
        let positions = target.count / bias.count
        result[id.name + ".bias"] = stride(from: 0, to: errors.count, by: positions).map {
          errors[$0..<$0 + positions].reduce(0, +)
        }
      }
    }
    result["classifier.weight"] = logitGradient.flatMap { score in rates[last].map { score * $0 } }
    result["classifier.bias"] = logitGradient
    return result
  }

  // MARK: One step

  private func run(
    _ stage: Stage, order: [Int], following judge: StageJudge?,
    current: (_ step: Int, _ layer: Int, _ now: [[Double]], _ before: [[Double]]) -> [Double]
  ) -> Trajectory {
    let neuron = dynamics[stage]
    let threshold = Double(neuron.threshold)
    let resetAmount = Double(neuron.resetAmount)
    let leak = Double(neuron.leak)
    var judge = judge
    var spikes = plan.layers.map { [Double](repeating: 0, count: $0.count) }
    var potentials = spikes
    var sums = spikes
    var whole = 0.0
    var trajectory = Trajectory()
    for step in 0..<dynamics.steps(of: stage) {
      let before = spikes
      whole = leak * whole + 1
      judge?.beginStep()
      for layer in order {
        let current = current(step, layer, spikes, before)
        for unit in current.indices {
          let h = leak * potentials[layer][unit] + current[unit]
          let own = stage.spike(at: h, threshold: threshold)
          trajectory.margin = min(trajectory.margin, abs(h - threshold), abs(h + threshold))
          let spike = judge?.spike(layer, unit, h: h, instead: own) ?? own
          spikes[layer][unit] = spike
          potentials[layer][unit] = h - resetAmount * spike
          sums[layer][unit] = leak * sums[layer][unit] + spike
        }
      }
      if judge == nil { trajectory.steps.append(Step(spikes: spikes, potentials: potentials)) }
    }
    trajectory.rates = sums.map { $0.map { $0 / whole } }
    trajectory.fault = judge?.fault
    return trajectory
  }

  /// `mask ⊙ (W x + b)`.
  private func send(_ id: LinkID, _ x: [Double]) -> [Double] {
    guard let link = plan.link(id), let weight = weights[id] else { return [] }
    return masked(
      id,
      DenseTwin.forward(
        link, source: plan.source(of: id), target: plan.target(of: id), weight: weight,
        bias: biases[id], x))
  }

  /// `(1/V) Wᵀ (mask ⊙ y)`, times a spike's size.
  private func sendBack(_ id: LinkID, _ y: [Double], times size: Double) -> [Double] {
    guard let link = plan.link(id), let weight = weights[id] else { return [] }
    return DenseTwin.transposed(
      link, source: plan.source(of: id), target: plan.target(of: id), weight: weight,
      masked(id, y)
    ).map { $0 * size / Double(dynamics.forward.resetAmount) }
  }

  func masked(_ link: LinkID, _ values: [Double]) -> [Double] {
    masks[link].map { product($0, values) } ?? values
  }

  private func product(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map { $0 * $1 } }
  func sum(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map { $0 + $1 } }
}
