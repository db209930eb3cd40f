import Glibc
import SpideEngine

/// The exact solutions of one sample, and the split of its gradient's error, written out anew: whole matrices in double precision,
/// units channels-first. What the spikes did is taken from a session.
struct ExactTwin {
  let plan: NetworkPlan
  let dynamics: Dynamics
  let batch: Int
  let label: Int
  private let x: [Double]
  /// `[target][source]` of every link, with the factor of the feedback norm.
  private let matrices: [LinkID: [[Double]]]
  private let biases: [LinkID: [Double]]
  private let classifier: (weight: [[Double]], bias: [Double])
  private let feedbackFactor: Double
  private let v: Double

  init(
    plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics, input: InputSignal, label: Int,
    batch: Int
  ) {
    self.plan = plan
    self.dynamics = dynamics
    self.batch = batch
    self.label = label
    v = Double(dynamics.forward.threshold) - Double(dynamics.forward.resetPotential)
    x = input.mean.doubles
    let feedback = (parameters["feedback.weight"] ?? []).doubles
    let norm = feedback.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let limit = plan.feedbackMaxNorm.map(Double.init) ?? .infinity
    feedbackFactor = norm > limit ? limit / norm : 1
    var matrices: [LinkID: [[Double]]] = [:]
    var biases: [LinkID: [Double]] = [:]
    for id in plan.allLinks {
      let (source, target) = (plan.source(of: id), plan.target(of: id))
      var matrix = [[Double]](
        repeating: [Double](repeating: 0, count: source.count), count: target.count)
      let weight = (parameters[id.name + ".weight"] ?? []).doubles
      let factor = id == .feedback ? feedbackFactor : 1
      ExactTwin.forEachPair(plan, id) { from, to, index, fixed in
        matrix[to][from] += index.map { weight[$0] * factor } ?? fixed
      }
      matrices[id] = matrix
      if let bias = parameters[id.name + ".bias"]?.doubles {
        let shared = target.count / bias.count
        biases[id] = (0..<target.count).map { bias[$0 / shared] }
      }
    }
    self.matrices = matrices
    self.biases = biases
    let last = plan.layers[plan.layers.count - 1].count
    let flat = (parameters["classifier.weight"] ?? []).doubles
    classifier = (
      (0..<plan.classes).map { Array(flat[$0 * last..<($0 + 1) * last]) },
      (parameters["classifier.bias"] ?? []).doubles
    )
  }

  private static func forEachPair(
    _ plan: NetworkPlan, _ id: LinkID, _ body: (Int, Int, Int?, Double) -> Void
  ) {
    plan.link(id)?.kind.base.forEachPair(
      source: plan.source(of: id), target: plan.target(of: id), body)
  }

  // MARK: Solutions

  /// A solution, how many sweeps it took, and whether more digits could change a gate of it.
  struct Solution {
    var values: [[Double]]
    var sweeps: Int
    /// The current into each unit, over `V`, before it is clipped.
    var raw: [[Double]] = []
  }

  /// `a*` in sweeps over the layers; nil where 6000 do not settle.
  func equilibrium() -> Solution? {
    let last = plan.layers.count - 1
    var a = plan.layers.map { [Double](repeating: 0, count: $0.count) }
    var raw = a
    for sweep in 1...6000 {
      var moved = 0.0
      for layer in 0...last {
        var current = biases[layer == 0 ? .input : .link(layer - 1)] ?? a[layer].map { _ in 0 }
        if layer == 0 {
          add(&current, multiply(.input, x))
          if plan.feedback != nil {
            add(&current, multiply(.feedback, a[last]))
            add(&current, biases[.feedback] ?? [])
          }
        } else {
          add(&current, multiply(.link(layer - 1), a[layer - 1]))
        }
        raw[layer] = current.map { $0 / v }
        let next = raw[layer].map { min(max($0, 0), 1) }
        for (old, new) in zip(a[layer], next) { moved = max(moved, abs(new - old)) }
        a[layer] = next
      }
      if moved < 1e-10 || plan.feedback == nil {
        return Solution(values: a, sweeps: sweep, raw: raw)
      }
    }
    return nil
  }

  /// `β` for some gates and `g`; nil where 6000 sweeps do not settle.
  func implicit(_ g: [Double], gates: [[Double]]) -> Solution? {
    let last = plan.layers.count - 1
    var b = plan.layers.map { [Double](repeating: 0, count: $0.count) }
    let size = g.reduce(1e-300) { max($0, abs($1)) }
    for sweep in 1...6000 {
      var (moved, largest) = (0.0, size)
      for layer in (0...last).reversed() {
        var next = layer == last ? g : b[layer].map { _ in 0 }
        let (link, source): (LinkID, Int) =
          layer == last ? (.feedback, 0) : (.link(layer), layer + 1)
        if layer < last || plan.feedback != nil {
          let gated = zip(gates[source], b[source]).map { $0 * $1 / v }
          add(&next, transposed(link, gated))
        }
        for (old, new) in zip(b[layer], next) {
          moved = max(moved, abs(new - old))
          largest = max(largest, abs(new))
        }
        b[layer] = next
      }
      guard largest < 1e30 else { return nil }
      if moved < 1e-10 * largest || plan.feedback == nil {
        return Solution(values: b, sweeps: sweep)
      }
    }
    return nil
  }

  func gates(_ rates: [[Double]]) -> [[Double]] {
    rates.map { $0.map { $0 > 0 && $0 < 1 ? 1 : 0 } }
  }

  /// The gradient of the logits, from the rates of the last layer.
  func scores(_ rates: [Double]) -> [Double] {
    let z = zip(classifier.weight, classifier.bias).map { row, bias in
      zip(row, rates).reduce(bias) { $0 + $1.0 * $1.1 }
    }
    let top = z.max() ?? 0
    let powers = z.map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    let scale = Double(dynamics.lossScale) / Double(batch)
    return powers.indices.map { scale * (powers[$0] / sum - ($0 == label ? 1 : 0)) }
  }

  func outputGradient(_ scores: [Double]) -> [Double] {
    (0..<plan.layers[plan.layers.count - 1].count).map { unit in
      scores.indices.reduce(0) { $0 + classifier.weight[$1][unit] * scores[$1] }
    }
  }

  /// One turn's growth of the loop, from the vector that the engine begins with.
  func radius(gates: [[Double]]) -> Double {
    var generator = SeededGenerator(seed: SeededGenerator.stream(0, 0x100F))
    let drawn = gates[0].map { _ in Double(generator.normal()) }
    var y = plan.layers[0].channelsFirst(drawn)
    var sum = 0.0
    for turn in 1...200 {
      for layer in plan.links.indices {
        y = zip(multiply(.link(layer), y), gates[layer + 1]).map { $0 * $1 / v }
      }
      y = zip(multiply(.feedback, y), gates[0]).map { $0 * $1 / v }
      let size = y.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if size == 0 { return 0 }
      y = y.map { $0 / size }
      if turn > 100 { sum += log(size) }
    }
    return exp(sum / 100)
  }

  /// The gradients of all parameters in the order of the plan; of links nil without `β`.
  func gradients(
    rates: [[Double]], gates: [[Double]], betas: [[Double]]?, scores: [Double]
  ) -> [[Double]?] {
    let last = plan.layers.count - 1
    var result: [[Double]?] = []
    for id in plan.allLinks {
      guard let kind = plan.link(id)?.kind.base, type(of: kind).hasWeight else { continue }
      let (from, to): ([Double], Int) =
        switch id {
        case .input: (x, 0)
        case .link(let index): (rates[index], index + 1)
        case .feedback: (rates[last], 0)
        }
      let errors = betas.map { zip($0[to], gates[to]).map { $0 * $1 / v } }
      let count = kind.weightShape(source: plan.source(of: id)).reduce(1, *)
      result.append(
        errors.map { errors in
          var weight = [Double](repeating: 0, count: count)
          ExactTwin.forEachPair(plan, id) { source, target, index, _ in
            if let index { weight[index] += from[source] * errors[target] }
          }
          return id == .feedback ? weight.map { $0 * feedbackFactor } : weight
        })
      guard biases[id] != nil else { continue }
      let target = plan.target(of: id)
      let channels = kind.weightShape(source: plan.source(of: id))[
        type(of: kind).outputDimension ?? 0]
      result.append(
        errors.map { errors in
          (0..<channels).map { channel in
            let size = target.count / channels
            return errors[channel * size..<(channel + 1) * size].reduce(0, +)
          }
        })
    }
    result.append(scores.flatMap { score in rates[last].map { $0 * score } })
    result.append(scores)
    return result
  }

  // MARK: Products

  private func multiply(_ id: LinkID, _ x: [Double]) -> [Double] {
    (matrices[id] ?? []).map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  private func transposed(_ id: LinkID, _ y: [Double]) -> [Double] {
    var sum = [Double](repeating: 0, count: plan.source(of: id).count)
    for (row, value) in zip(matrices[id] ?? [], y) where value != 0 {
      for index in row.indices { sum[index] += row[index] * value }
    }
    return sum
  }

  private func add(_ sum: inout [Double], _ x: [Double]) {
    for index in x.indices { sum[index] += x[index] }
  }
}
