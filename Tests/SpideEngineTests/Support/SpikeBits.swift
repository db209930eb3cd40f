import CSpikeKernels

/// Bits of the units that are not 0, and eight bytes more, as kernels read words.
func packed(_ units: [Float]) -> [UInt8] {
  var bits = [UInt8](repeating: 0, count: units.count / 8 + 8)
  for (unit, value) in units.enumerated() where value != 0 { bits[unit / 8] |= 1 << (unit % 8) }
  return bits
}

/// Spikes as a kernel reads them: binary ones where there is no gate.
func withBits(_ spikes: [Float], _ passes: [UInt8]?, _ body: (inout spike_bits) -> Void) {
  packed(spikes.map { $0 > 0 ? 1 : 0 }).withUnsafeBufferPointer { positive in
    packed(spikes.map { $0 < 0 ? 1 : 0 }).withUnsafeBufferPointer { negative in
      packed((passes ?? []).map(Float.init)).withUnsafeBufferPointer { gate in
        var bits = spike_bits(
          positive: positive.baseAddress,
          negative: passes == nil ? nil : negative.baseAddress,
          passes: passes == nil ? nil : gate.baseAddress)
        body(&bits)
      }
    }
  }
}
