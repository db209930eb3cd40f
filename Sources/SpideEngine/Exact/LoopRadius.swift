import Glibc

extension Exact {
  /// Turns round the loop that are left out, and the last one that counts (TheMethod.md, "Where the spike gradient errs").
  static let turns = (leftOut: 100, last: 200)

  /// The spectral radius of one turn round the gated feedback, `J = V^-N D(m_0) W_fb D(m_{N-1}) … D(m_1) W_0`, as the mean
  /// growth of a vector that is the same every time.
  ///
  /// - Parameters:
  ///   - network: weights and constants.
  ///   - gates: `m`, `[layer][unit]` in engine order.
  ///   - isWanted: asked before every turn.
  /// - Returns: nil without feedback, where a number is none, and once it is not wanted any more.
  static func loopRadius(
    network: PackedNetwork, gates: [[UInt8]], while isWanted: () -> Bool = { true }
  ) -> Double? {
    guard let feedback = network.feedback else { return nil }
    let scale = 1 / network.dynamics.forward.resetAmount
    func send(_ link: PackedLink, _ x: [Float], to gate: [UInt8]) -> [Float] {
      var y = [Float](repeating: 0, count: gate.count)
      y.withUnsafeMutableBufferPointer { buffer in
        guard let target = buffer.baseAddress else { return }
        link.map.addValues(x, .forward, weights: link.forward.values, to: target)
      }
      for unit in y.indices { y[unit] = gate[unit] == 0 ? 0 : y[unit] * scale }
      return y
    }
    var generator = SeededGenerator(seed: SeededGenerator.stream(0, 0x100F))
    var x = gates[0].map { _ in generator.normal() }
    var growth = 0.0
    for turn in 1...turns.last {
      guard isWanted() else { return nil }
      for (index, link) in network.links.enumerated() { x = send(link, x, to: gates[index + 1]) }
      x = send(feedback, x, to: gates[0])
      let size = x.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      // A loop that nothing passes through.
      if size == 0 { return 0 }
      guard size.isFinite else { return nil }
      for unit in x.indices { x[unit] = Float(Double(x[unit]) / size) }
      if turn > turns.leftOut { growth += log(size) }
    }
    return exp(growth / Double(turns.last - turns.leftOut))
  }
}
