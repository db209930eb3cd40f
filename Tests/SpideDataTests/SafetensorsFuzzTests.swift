import SpideData
import SpideEngine
import Testing

/// Files damaged at random are read or refused; nothing traps, and what is read holds together.
@Suite struct SafetensorsFuzzTests {
  private static let hostileNumbers = [
    "-1", "0", "1e3", "2.5", "9223372036854775807", "9223372036854775808", "18446744073709551615",
    "4611686018427387904", "null", "\"\"", "[]", "{}", "99999999999999999999999",
  ]

  /// Replaces one run of digits of the header by something else and keeps the header's stated size right.
  private func swapNumber(_ bytes: [UInt8], _ random: inout Seeded) -> [UInt8] {
    let size = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    var header = Array(bytes[8..<8 + size])
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let starts = header.indices.filter { digits.contains(header[$0]) }
    guard let start = starts.randomElement(using: &random) else { return bytes }
    let end = header[start...].firstIndex { !digits.contains($0) } ?? header.endIndex
    let text = Self.hostileNumbers.randomElement(using: &random) ?? "0"
    header.replaceSubrange(start..<end, with: text.utf8)
    return safetensors(String(decoding: header, as: UTF8.self)) + bytes[(8 + size)...]
  }

  private func damage(_ original: [UInt8], _ random: inout Seeded) -> [UInt8] {
    var bytes = original
    for _ in 0...Int.random(in: 0...3, using: &random) {
      guard bytes.count > 8 else { break }
      let place = Int.random(in: bytes.indices, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 2: bytes.removeSubrange(place...)
      case 3: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
      case 4: bytes[Int.random(in: 0..<8, using: &random)] = .random(in: 0...255, using: &random)
      default:
        // Only a file with its first 8 bytes intact has a header to aim at.
        if bytes[..<8] == original[..<8], bytes.count >= original.count {
          bytes = swapNumber(bytes, &random)
        }
      }
    }
    return bytes
  }

  @Test func damagedFilesNeverTrap() throws {
    let scratch = try Scratch()
    let plan = try smallPlan()
    var writer = SafetensorsWriter(metadata: ["a": "é"])
    writer.add(smallWeights(plan))
    writer.add(name: "optimizer.step", shape: [1], values: .int64([3]))
    writer.add(name: "optimizer.bytes", shape: [2, 3], uint8s: [1, 2, 3, 4, 5, 6])
    try writer.write(to: scratch("f"))
    let original = try scratch.bytes("f")
    var accepted = 0
    for seed in UInt64(1)...6000 {
      var random = Seeded(state: seed)
      let bytes = damage(original, &random)
      do throws(DataError) {
        let file = try SafetensorsFile(bytes: bytes, path: "f")
        accepted += 1
        for tensor in file.tensors {
          let values = file.values(of: tensor)
          #expect(values == nil || values?.count == tensor.shape.reduce(1, *), "seed \(seed)")
        }
        let weights = try WeightsFile.weights(in: file, plan: plan)
        #expect(weights.values.allSatisfy { $0.allSatisfy(\.isFinite) }, "seed \(seed)")
      } catch {
        #expect(error.kind == .badData && !error.description.contains("\n"), "seed \(seed)")
      }
    }
    #expect((100...5900).contains(accepted), "both outcomes are exercised, not \(accepted)")
  }
}
