/// The checksum of TFRecord files: CRC-32 with Castagnoli's polynomial (RFC 3720, section 12.1), masked.
enum CRC32C {
  /// The remainder for each byte, least bit first.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { remainder, _ in
      remainder >> 1 ^ (remainder & 1 == 1 ? 0x82F6_3B78 : 0)
    }
  }

  /// The checksum itself.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
  }

  /// The checksum as records store it, so that one over data with checksums in it stays a good one.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = checksum(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
