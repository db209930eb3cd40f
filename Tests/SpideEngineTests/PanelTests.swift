import CSpikeKernels
import Testing

/// Links whose weights stand in 24 bits, against sums of the weights themselves.
@Suite struct PanelTests {
  /// One source position that sends to `targets` positions in a row, over as many taps.
  private struct Case {
    let channels: Int
    let width: Int
    let targets: Int
    /// `[source channel][tap][target channel]`.
    let weights: [Int32]

    init(_ draw: inout Draw) {
      channels = 8 * draw.integer(1...80)
      width = 8 * draw.integer(1...8)
      targets = draw.integer(1...3)
      let extremes: [Int32] = [-0x800000, -1, 0, 1, 0x7FFFFF]
      weights = (0..<channels * targets * width).map { _ in
        draw.chance(0.2)
          ? draw.one(of: extremes) : Int32(draw.integer(-0x800000...0x7FFFFF))
      }
    }

    var lanes: Int { Int(spike_panel_lanes(Int32(width))) }

    /// What some events send to each target channel, in the order of the targets.
    func sums(_ events: [Int32]) -> [Int32] {
      var sums = [Int32](repeating: 0, count: targets * width)
      for event in events {
        let row = Int(event < 0 ? ~event : event) * targets * width
        for index in sums.indices {
          sums[index] =
            event < 0 ? sums[index] &- weights[row + index] : sums[index] &+ weights[row + index]
        }
      }
      return sums
    }

    /// Calls `body` with the link and its packed weights.
    func withLink(_ body: (inout spike_fan_out, inout spike_panel) -> Void) {
      var rows = [Int32](repeating: 0, count: channels * targets * 3 * lanes)
      for row in 0..<channels * targets {
        spike_pack_panel(
          Array(weights[row * width..<(row + 1) * width]), Int32(width), &rows[row * 3 * lanes])
      }
      let rowStarts: [Int32] = [0, 1]
      let runs = [spike_target_run(target: 0, row: 0, tap: 0, length: Int32(targets))]
      let scales = [Float](repeating: 1, count: width)
      rowStarts.withUnsafeBufferPointer { rowStarts in
        runs.withUnsafeBufferPointer { runs in
          rows.withUnsafeBufferPointer { rows in
            scales.withUnsafeBufferPointer { scales in
              var fanOut = spike_fan_out()
              (fanOut.source_height, fanOut.source_width) = (1, 1)
              (fanOut.target_height, fanOut.target_width) = (1, Int32(targets))
              (fanOut.source_stride, fanOut.target_stride) = (Int32(channels), Int32(width))
              fanOut.taps = Int32(targets)
              (fanOut.row_starts, fanOut.target_runs) = (rowStarts.baseAddress, runs.baseAddress)
              var panel = spike_panel()
              (panel.width, panel.weights, panel.scales) = (
                Int32(width), rows.baseAddress, scales.baseAddress
              )
              body(&fanOut, &panel)
            }
          }
        }
      }
    }
  }

  /// Whatever the number of spikes, up to all of them, positive and negative ones, neurons get exactly their sum.
  @Test(arguments: UInt64(0)..<100) func neuronsGetTheSum(seed: UInt64) {
    var draw = Draw(seed)
    let link = Case(&draw)
    let spikes = draw.spikes(
      link.channels, density: draw.one(of: [0.01, 0.1, 1]), ternary: draw.chance(0.7))
    let events = spikes.indices.filter { spikes[$0] != 0 }.map {
      spikes[$0] < 0 ? ~Int32($0) : Int32($0)
    }
    let units = link.targets * link.width
    var potentials = [Float](repeating: 0, count: units)
    var current = [Int32](repeating: 0, count: link.targets * Int(SPIKE_PANEL))
    var (positive, negative, suprathreshold) = (
      [UInt8](repeating: 1, count: units / 8), [UInt8](repeating: 1, count: units / 8),
      [UInt8](repeating: 0, count: units / 8)
    )
    let starts = [0, Int32(events.count)]
    link.withLink { fanOut, panel in
      potentials.withUnsafeMutableBufferPointer { potentials in
        positive.withUnsafeMutableBufferPointer { positive in
          negative.withUnsafeMutableBufferPointer { negative in
            suprathreshold.withUnsafeMutableBufferPointer { suprathreshold in
              events.withUnsafeBufferPointer { events in
                starts.withUnsafeBufferPointer { starts in
                  var layer = spike_layer(
                    leak: 1, threshold: 0x1p40, reset_amount: 1, is_ternary: true,
                    visits_all: false,
                    potential: potentials.baseAddress, sum: nil,
                    suprathreshold: suprathreshold.baseAddress,
                    positive: positive.baseAddress, negative: negative.baseAddress, bits_step: 0)
                  var list = spike_list()
                  (list.events, list.starts) = (events.baseAddress, starts.baseAddress)
                  spike_scatter_panel(&fanOut, &panel, &list, &current, &layer)
                }
              }
            }
          }
        }
      }
    }
    #expect(potentials == link.sums(events).map { Float($0) })
    #expect(current.allSatisfy { $0 == 0 })
    #expect((positive + negative).allSatisfy { $0 == 0 })
  }

  /// A unit that is held adds its weights, one that no longer is takes them back, and nothing beside the panel changes.
  @Test(arguments: UInt64(0)..<50) func heldUnitsAddTheirWeights(seed: UInt64) {
    var draw = Draw(seed)
    let link = Case(&draw)
    let events = (0..<draw.integer(1...20)).map { _ in
      let unit = Int32(draw.integer(0...link.channels - 1))
      return draw.chance(0.5) ? unit : ~unit
    }
    // Other channels of the layer on both sides.
    let (stride, first) = (link.width + 24, 16)
    var held = [Int32](repeating: 7, count: link.targets * stride)
    var expected = held
    for (index, sum) in link.sums(events).enumerated() {
      expected[index / link.width * stride + first + index % link.width] &+= sum
    }
    link.withLink { fanOut, panel in
      fanOut.target_stride = Int32(stride)
      panel.first_channel = Int32(first)
      spike_hold_panel(&fanOut, &panel, events, Int32(events.count), &held)
    }
    #expect(held == expected)
  }
}
