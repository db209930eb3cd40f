import CSpikeKernels
import SpideEngine
import Testing

/// Kernels that whole networks reach in a few shapes only, against loops over every unit. Numbers are whole, so results
/// are equal.
@Suite struct KernelTests {
  // MARK: Pools

  /// Both kernels for pools against every source added up.
  @Test(arguments: UInt64(0)..<100) func poolsAddTheirSources(seed: UInt64) {
    var draw = Draw(seed)
    let pool = PoolCase(&draw)
    let steps = draw.integer(1...32)
    let weight: Float = draw.one(of: [0.25, 0.0625, 0.5])
    let mask = draw.chance(0.5) ? draw.mask(pool.targets, keep: 0.5) : nil
    let spikes = (0..<steps).map { _ in draw.spikes(pool.sources, density: 0.3, ternary: false) }
    let bytes = pool.sources / 8
    let source = spikes.flatMap { packed($0).prefix(bytes) } + [UInt8](repeating: 0, count: 8)
    let start = (0..<pool.targets).map { _ in weight * Float(draw.integer(-3...3)) }
    var twin = NeuronsCase(start, steps: steps, threshold: 1, resetAmount: 2, isTernary: false)
    for step in 0..<steps {
      twin.fire(
        (0..<pool.targets).map { unit in
          guard mask?[unit] ?? 1 == 1 else { return 0 }
          return pool.sources(of: unit).reduce(0) { $0 + weight * spikes[step][$1] }
        }, step)
    }
    let size = Float(pool.size * pool.size)
    for isCounted in [false, true] where !isCounted || size < 2 / weight {
      var found = NeuronsCase(start, steps: steps, threshold: 1, resetAmount: 2, isTernary: false)
      var counter = spike_counter(
        weight: weight, threshold: Int8(1 / weight), reset_amount: Int8(2 / weight))
      var phase = pool.phase
      let bits = mask.map { packed($0.map(Float.init)) }
      found.withLayer { layer in
        func run(_ mask: UnsafePointer<UInt8>?) {
          if isCounted {
            spike_pool_count(&phase, &counter, source, Int64(bytes), mask, &layer, Int32(steps))
          } else {
            spike_pool_fire(&phase, weight, source, Int64(bytes), mask, &layer, Int32(steps))
          }
        }
        if let bits { bits.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
      }
      #expect(found == twin, "\(pool), counted: \(isCounted)")
    }
  }

  /// The way back over a pool: one neuron stands for all sources of a pool, until each of them gets its numbers.
  @Test(arguments: UInt64(0)..<100) func poolsGiveBackToEachSource(seed: UInt64) {
    var draw = Draw(seed)
    let pool = PoolCase(&draw)
    let steps = draw.integer(1...32)
    let weight: Float = draw.one(of: [0.125, 0.25, 0.0625])
    let passes = draw.mask(pool.targets, keep: 0.6)
    let spikes = (0..<steps).map { _ in draw.spikes(pool.targets, density: 0.4, ternary: true) }
    let bytes = pool.targets / 8
    func side(_ sign: Float) -> [UInt8] {
      spikes.flatMap { packed($0.map { $0 == sign ? 1 : 0 }).prefix(bytes) }
        + [UInt8](repeating: 0, count: 8)
    }
    let none = [Float](repeating: 0, count: pool.targets)
    var twin = NeuronsCase(none, steps: steps, threshold: 0.5, resetAmount: 1, isTernary: true)
    for step in 0..<steps {
      twin.fire(
        zip(spikes[step], passes).map { $1 == 1 ? weight * $0 : 0 }, step)
    }
    for isCounted in [false, true] {
      var found = NeuronsCase(none, steps: steps, threshold: 0.5, resetAmount: 1, isTernary: true)
      var counter = spike_counter(
        weight: weight, threshold: Int8(0.5 / weight), reset_amount: Int8(1 / weight))
      let units = Int32(pool.targets)
      found.withLayer { layer in
        side(1).withUnsafeBufferPointer { positive in
          side(-1).withUnsafeBufferPointer { negative in
            packed(passes.map(Float.init)).withUnsafeBufferPointer { passes in
              var bits = spike_bits(
                positive: positive.baseAddress, negative: negative.baseAddress,
                passes: passes.baseAddress)
              if isCounted {
                spike_pooled_count(&counter, &bits, Int64(bytes), units, &layer, Int32(steps))
              } else {
                spike_pooled_fire(weight, &bits, Int64(bytes), units, &layer, Int32(steps))
              }
            }
          }
        }
      }
      #expect(found == twin, "\(pool), counted: \(isCounted)")
    }
    // As many numbers as there are pools come first; afterwards each source has its pool's.
    var expanded = (0..<pool.sources).map { $0 < pool.targets ? Float($0 + 1) : 0 }
    var expected = [Float](repeating: 0, count: pool.sources)
    for unit in 0..<pool.targets {
      for source in pool.sources(of: unit) { expected[source] = Float(unit + 1) }
    }
    var phase = pool.phase
    spike_pooled_expand(&phase, Int64(pool.stride * 4), &expanded)
    #expect(expanded == expected, "\(pool)")
  }

  // MARK: Gradients, dropout, packing

  @Test(arguments: UInt64(0)..<60) func denseGradientIsTheSumOfProducts(seed: UInt64) {
    var draw = Draw(seed)
    let sources = draw.integer(1...200)
    let (targets, samples) = (8 * draw.integer(1...6), draw.integer(1...70))
    let run = (sources + 7) / 8 * 8
    let x = draw.whole(samples * run)
    let y = zip(draw.whole(samples * targets), draw.mask(samples * targets, keep: 0.3)).map {
      $0 * Float($1)
    }
    let gate = draw.chance(0.5) ? draw.mask(samples * targets, keep: 0.6) : nil
    let adds = draw.chance(0.5)
    var gradient = draw.whole(targets * run)
    var bias = draw.whole(targets)
    let (oldGradient, oldBias) = (gradient, bias)
    func call(_ bits: UnsafePointer<UInt8>?) {
      spike_outer_dense(
        Int32(sources), Int32(targets), Int32(samples), x, Int64(run), y, Int64(targets), bits,
        adds,
        &gradient, &bias)
    }
    if let gate {
      packed(gate.map(Float.init)).withUnsafeBufferPointer { call($0.baseAddress) }
    } else {
      call(nil)
    }
    for target in 0..<targets {
      let errors = (0..<samples).map { sample in
        gate?[sample * targets + target] ?? 1 == 1 ? y[sample * targets + target] : 0
      }
      #expect(bias[target] == oldBias[target] + errors.reduce(0, +))
      for source in 0..<run {
        let old = adds ? oldGradient[target * run + source] : 0
        let sum = (0..<samples).reduce(old) { $0 + errors[$1] * x[$1 * run + source] }
        #expect(gradient[target * run + source] == sum)
      }
    }
  }

  @Test(arguments: UInt64(0)..<60) func masksAreTheGeneratorsDraws(seed: UInt64) {
    var draw = Draw(seed)
    let (positions, channels) = (draw.integer(1...20), draw.integer(1...30))
    let stride = (channels + 7) / 8 * 8
    let dropout: Float = draw.one(of: [0.2, 0.5, 0.999])
    var mask = [UInt8](repeating: 0xAA, count: positions * stride / 8)
    let end = spike_draw_mask(
      seed, UInt32((Double(dropout) * 0x1p24).rounded(.up)), Int32(positions), Int32(channels),
      Int32(stride), &mask)
    var generator = SeededGenerator(seed: seed)
    for position in 0..<positions {
      for channel in 0..<stride {
        let unit = position * stride + channel
        let isKept = channel < channels && generator.unit() >= dropout
        #expect(mask[unit / 8] >> (unit % 8) & 1 == (isKept ? 1 : 0))
      }
    }
    var next = SeededGenerator(seed: end)
    #expect(next.unit() == generator.unit(), "the stream goes on")
  }

  @Test(arguments: UInt64(0)..<40) func packedWeightsAreTheQuantisedOnes(seed: UInt64) {
    var draw = Draw(seed)
    let channels = draw.integer(1...70)
    let weights = draw.normal(3 * channels, deviation: draw.one(of: [1e-6, 1, 1e6]))
    let totals = (0..<channels).map { channel in
      (0..<3).reduce(0) { $0 + abs(weights[$1 * channels + channel]) }
    }
    let scales = QuantisationScales(totals: totals)
    var inverses = scales.inverses
    if channels > 1 { inverses[1] = 0 }
    for row in 0..<3 {
      let offsets = (0..<channels).map { $0 % 7 == 3 ? -1 : Int32(row * channels + $0) }
      var numbers = [Int32](repeating: 1, count: channels)
      var values = [Float](repeating: 1, count: channels)
      spike_pack_numbers(weights, offsets, Int32(channels), 1, inverses, &numbers)
      spike_pack_values(weights, offsets, Int32(channels), 0.5, &values)
      for channel in 0..<channels {
        let weight = offsets[channel] < 0 ? 0 : weights[row * channels + channel]
        #expect(numbers[channel] == (channel == 1 ? 0 : scales.quantised(weight, channel: channel)))
        #expect(values[channel] == 0.5 * weight)
      }
    }
  }
}

/// A random pool; sources that no pool covers included.
private struct PoolCase: CustomStringConvertible {
  let size: Int
  let height: Int
  let width: Int
  let sourceHeight: Int
  let sourceWidth: Int
  let stride: Int

  init(_ draw: inout Draw) {
    size = draw.integer(1...4)
    (height, width) = (draw.integer(1...5), draw.integer(1...5))
    sourceHeight = height * size + draw.integer(0...size - 1)
    sourceWidth = width * size + draw.integer(0...size - 1)
    stride = 8 * draw.integer(1...5)
  }

  var sources: Int { sourceHeight * sourceWidth * stride }
  var targets: Int { height * width * stride }
  var description: String { "\(sourceHeight)×\(sourceWidth)×\(stride) by \(size)" }

  var phase: spike_phase {
    var phase = spike_phase()
    (phase.source_height, phase.source_width) = (Int32(sourceHeight), Int32(sourceWidth))
    (phase.target_height, phase.target_width) = (Int32(height), Int32(width))
    (phase.source_stride, phase.target_stride) = (Int32(stride), Int32(stride))
    phase.step = 1
    (phase.source_step, phase.rows, phase.columns) = (Int32(size), Int32(size), Int32(size))
    return phase
  }

  func sources(of unit: Int) -> [Int] {
    let (position, channel) = (unit / stride, unit % stride)
    return (0..<size * size).map { number in
      let y = position / width * size + number / size
      let x = position % width * size + number % size
      return (y * sourceWidth + x) * stride + channel
    }
  }
}

/// Neurons and the spikes of their steps, one unit at a time.
private struct NeuronsCase: Equatable {
  var potential: [Float]
  var sum: [Float]
  var positive: [UInt8]
  var negative: [UInt8]
  let threshold: Float
  let resetAmount: Float
  let isTernary: Bool
  private var bytes: Int { potential.count / 8 }

  init(_ start: [Float], steps: Int, threshold: Float, resetAmount: Float, isTernary: Bool) {
    potential = start
    sum = [Float](repeating: 0, count: start.count)
    positive = [UInt8](repeating: 0, count: steps * start.count / 8)
    negative = positive
    (self.threshold, self.resetAmount, self.isTernary) = (threshold, resetAmount, isTernary)
  }

  /// One step without a leak.
  mutating func fire(_ current: [Float], _ step: Int) {
    for unit in potential.indices {
      potential[unit] += current[unit]
      let bit = UInt8(1) << (unit % 8)
      if potential[unit] >= threshold {
        positive[step * bytes + unit / 8] |= bit
        potential[unit] -= resetAmount
        sum[unit] += 1
      } else if isTernary, potential[unit] <= -threshold {
        negative[step * bytes + unit / 8] |= bit
        potential[unit] += resetAmount
        sum[unit] -= 1
      }
    }
  }

  /// The same neurons as a kernel sees them.
  mutating func withLayer(_ body: (inout spike_layer) -> Void) {
    let (threshold, resetAmount, isTernary, bytes) = (threshold, resetAmount, isTernary, bytes)
    potential.withUnsafeMutableBufferPointer { potential in
      sum.withUnsafeMutableBufferPointer { sum in
        positive.withUnsafeMutableBufferPointer { positive in
          negative.withUnsafeMutableBufferPointer { negative in
            var layer = spike_layer(
              leak: 1, threshold: threshold, reset_amount: resetAmount, is_ternary: isTernary,
              visits_all: true,
              potential: potential.baseAddress, sum: sum.baseAddress, suprathreshold: nil,
              positive: positive.baseAddress, negative: negative.baseAddress,
              bits_step: Int64(bytes))
            body(&layer)
          }
        }
      }
    }
  }
}
