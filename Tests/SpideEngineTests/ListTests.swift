import CSpikeKernels
import Testing

/// Kernels that list spikes, against loops over every unit.
@Suite struct ListTests {
  @Test(arguments: UInt64(0)..<100) func listsHaveEverySpike(seed: UInt64) {
    var draw = Draw(seed)
    let (positions, stride) = (draw.integer(1...30), 8 * draw.integer(1...11))
    let isTernary = draw.chance(0.5)
    let density = draw.one(of: [0, 0.02, 0.3, 1] as [Float])
    let spikes = draw.spikes(positions * stride, density: density, ternary: isTernary)
    let passes = draw.mask(positions * stride, keep: 0.6)
    let first = draw.integer(0...5)
    let expected = spikes.indices.filter { spikes[$0] != 0 && (!isTernary || passes[$0] == 1) }
    var events = [Int32](repeating: 0, count: first + spikes.count)
    var starts = [Int32](repeating: 0, count: positions + 1)
    var present = [UInt8](repeating: 0, count: spikes.count / 8 + 8)
    withBits(spikes, isTernary ? passes : nil) { bits in
      let end = spike_collect(
        &bits, Int32(positions), Int32(stride), Int32(first), &events, &starts, &present)
      #expect(Int(end) == first + expected.count)
      let reach = (0..<positions).map { _ in Int32(draw.integer(0...9)) }
      let counted = spike_count(&bits, 0, 1, Int32(positions), Int32(stride), reach)
      #expect(Int(counted) == expected.reduce(0) { $0 + Int(reach[$1 / stride]) })
      #expect(
        Int(spike_count(&bits, 0, 1, Int32(positions), Int32(stride), nil)) == expected.count)
    }
    #expect(
      events[first...].prefix(expected.count).elementsEqual(
        expected.map { spikes[$0] > 0 ? Int32($0) : ~Int32($0) }))
    for position in 0...positions {
      #expect(Int(starts[position]) == first + expected.count { $0 < position * stride })
    }
  }

  /// Every four channels of which any spikes are one event, which tells which of them do.
  @Test(arguments: UInt64(0)..<50) func listsHaveEveryFour(seed: UInt64) {
    var draw = Draw(seed)
    let (positions, stride) = (draw.integer(1...30), 8 * draw.integer(1...11))
    let density = draw.one(of: [0, 0.02, 0.3, 1] as [Float])
    let spikes = draw.spikes(positions * stride, density: density, ternary: false)
    let first = draw.integer(0...5)
    let subsets = Swift.stride(from: 0, to: spikes.count, by: 4).map { unit in
      (0..<4).reduce(0) { spikes[unit + $1] > 0 ? $0 | 1 << $1 : $0 }
    }
    let expected = subsets.indices.filter { subsets[$0] > 0 }
    var events = [Int32](repeating: 0, count: first + expected.count + 3)
    var starts = [Int32](repeating: 0, count: positions + 1)
    var present = [UInt8](repeating: 0, count: spikes.count / 8 + 8)
    let end = spike_collect_fours(
      packed(spikes), Int32(positions), Int32(stride), Int32(first), &events, &starts, &present)
    #expect(Int(end) == first + expected.count)
    #expect(
      events[first..<Int(end)].elementsEqual(expected.map { Int32($0 * 15 + subsets[$0] - 1) }))
    for position in 0...positions {
      #expect(Int(starts[position]) == first + expected.count { $0 * 4 < position * stride })
    }
  }

  /// As many steps as counts have room for, of units that spike at each of them and of others, on top of what sums have.
  @Test(arguments: [false, true]) func countsBecomeSums(ternary: Bool) {
    for seed in UInt64(0)..<20 {
      var draw = Draw(seed)
      let units = 8 * draw.integer(1...40)
      var counts = [Int8](repeating: 0, count: units + 64)
      var sums = draw.spikes(units, density: 0.5, ternary: ternary)
      var expected = sums
      for _ in 0..<Int(SPIKE_MOST_COUNTED) {
        var spikes = draw.spikes(units, density: 0.3, ternary: ternary)
        spikes[0] = ternary ? -1 : 1
        for unit in 0..<units { expected[unit] += spikes[unit] }
        // Those that do not travel on count too.
        withBits(spikes, ternary ? draw.mask(units, keep: 0.6) : nil) {
          spike_add_counts(&$0, Int32(units), &counts)
        }
      }
      #expect(counts[units...].allSatisfy { $0 == 0 })
      spike_flush_counts(&counts, Int32(units), &sums)
      #expect(sums == expected && counts.allSatisfy { $0 == 0 })
    }
  }

  /// At every step what is held and what is listed are together the spikes, and a unit is held (or no longer) once it has
  /// done the same twice; held only while enough units spike.
  @Test(arguments: UInt64(0)..<50) func heldAndListedAreTheSpikes(seed: UInt64) {
    var draw = Draw(seed)
    let (positions, stride) = (draw.integer(1...20), 8 * draw.integer(1...9))
    let units = positions * stride
    let least = draw.chance(0.5) ? 0 : units / 2
    var held = [UInt8](repeating: 0, count: units / 8 + 8)
    var previous = held
    var (heldNow, before) = (
      [Float](repeating: 0, count: units), [Float](repeating: 0, count: units)
    )
    for _ in 0..<12 {
      // Units tend to go on as they did.
      let drawn = draw.spikes(units, density: 0.5, ternary: false)
      let spikes = zip(before, drawn).map { draw.chance(0.7) ? $0 : $1 }
      var events = [Int32](repeating: 0, count: units)
      var changes = [Int32](repeating: 0, count: units)
      var starts = [Int32](repeating: 0, count: positions + 1)
      var present = held
      let (changed, listed) = changes.withUnsafeMutableBufferPointer { changes in
        held.withUnsafeMutableBufferPointer { held in
          previous.withUnsafeMutableBufferPointer { previous in
            var holding = spike_holding(
              held: held.baseAddress, previous: previous.baseAddress, changes: changes.baseAddress,
              change_count: 0, least: Int32(least))
            let end = spike_collect_held(
              packed(spikes), &holding, Int32(positions), Int32(stride), 0, &events, &starts,
              &present)
            return (Int(holding.change_count), Int(end))
          }
        }
      }
      let holdsMore = spikes.count { $0 > 0 } >= least
      let due = (0..<units).filter {
        heldNow[$0] != spikes[$0] && before[$0] == spikes[$0] && (holdsMore || heldNow[$0] > 0)
      }
      #expect(changes[..<changed].map { Int($0 < 0 ? ~$0 : $0) } == due)
      for code in changes[..<changed] {
        let unit = Int(code < 0 ? ~code : code)
        #expect(heldNow[unit] == (code < 0 ? 1 : 0) && before[unit] == spikes[unit])
        heldNow[unit] = code < 0 ? 0 : 1
      }
      var sent = heldNow
      for code in events[..<listed] { sent[Int(code < 0 ? ~code : code)] += code < 0 ? -1 : 1 }
      #expect(sent == spikes)
      #expect(held == packed(heldNow) && Int(starts[positions]) == listed)
      before = spikes
    }
  }
}
