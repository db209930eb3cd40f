import SpideEngine

/// A number that tells whether two programs have the same bytes: FNV's step on 8 bytes at a time. It keeps nobody from
/// making two that agree.
package struct Fingerprint: CustomStringConvertible {
  private var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Of nothing yet.
  package init() {}

  /// Sixteen hexadecimal digits.
  package var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Adds the memory of some values, and how much that is.
  package mutating func add<Value: BitwiseCopyable>(_ values: [Value]) {
    values.withUnsafeBytes { bytes in
      let words = bytes.count / 8
      for word in 0..<words {
        add(bytes.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self))
      }
      for byte in bytes[(8 * words)...] { add(UInt64(byte)) }
      add(UInt64(bytes.count))
    }
  }

  /// Adds a text, and how long it is.
  package mutating func add(_ text: String) { add(Array(text.utf8)) }

  private mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x100_0000_01b3
    value ^= value >> 32
  }
}

/// A set that knows what makes it another one, without reading gigabytes.
protocol Fingerprinted {
  func add(to print: inout Fingerprint)
}

extension SampleSource {
  /// What tells two sets apart. It covers the number of samples, their shape and their labels; of images that lie in memory
  /// all pixels, and how they are scaled; of recordings the names and sizes of their files; of any other set the first sample.
  package var fingerprint: String {
    var print = Fingerprint()
    print.add([count, shape.channels, shape.height, shape.width])
    print.add((0..<count).map { Int32(truncatingIfNeeded: label($0)) })
    if let set = self as? any Fingerprinted {
      set.add(to: &print)
    } else if count > 0 {
      var buffer = [Float](repeating: 0, count: frames * shape.count)
      read(0, augmentation: nil, into: &buffer)
      print.add(buffer)
    }
    return print.description
  }
}
